using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;
using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Clients;
using Slipway.Evaluation.Grading.Judging;
using Slipway.Evaluation.Running;
using Slipway.Evaluation.Suites;

namespace Slipway.Evaluation.Tests.Clients;

/// <summary>Models behind Microsoft.Extensions.AI.</summary>
public sealed class ClientChatTests
{
    private static readonly Question s_question = new([new("system", "S"), new("user", "Q")], new RequestSettings { Temperature = 0.5, TopP = 0.9, MaxTokens = 7, Seed = 3, Stop = ["END"] });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_answer_is_put_together_and_timed_as_it_streams()
    {
        var time = new FakeTimeProvider();
        var client = new Played(
            new ChatResponseUpdate(ChatRole.Assistant, ""),
            TimeSpan.FromSeconds(2), new ChatResponseUpdate(ChatRole.Assistant, [new TextReasoningContent("hm")]),
            TimeSpan.FromSeconds(3), new ChatResponseUpdate(ChatRole.Assistant, "4"), new ChatResponseUpdate(ChatRole.Assistant, "2") { FinishReason = ChatFinishReason.Length },
            new ChatResponseUpdate(ChatRole.Assistant, [new UsageContent(new UsageDetails { InputTokenCount = 11, OutputTokenCount = 5 })]))
        { Time = time };
        var answer = await new ClientChat(client, time, TimeSpan.FromMinutes(1)) { Model = "m" }.AskAsync(s_question, Token);
        Assert.Equal(("42", "length", 11, 5, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5), null), (answer.Text, answer.FinishReason, answer.PromptTokens, answer.CompletionTokens, answer.FirstToken, answer.Elapsed, answer.Failure));
        Assert.Equal(["system: S", "user: Q"], client.Messages.Select(static m => $"{m.Role}: {m.Text}"));
        var options = client.Options!;
        Assert.Equal(("m", 0.5f, 0.9f, 7, 3L), (options.ModelId, options.Temperature, options.TopP, options.MaxOutputTokens, options.Seed));
        Assert.Equal(["END"], options.StopSequences);
        Assert.Null(options.Tools);
    }

    [Fact]
    public async Task Tools_are_declared_and_their_calls_handed_on()
    {
        var client = new Played(new ChatResponseUpdate(ChatRole.Assistant, [new FunctionCallContent("c", "w", new Dictionary<string, object?> { ["city"] = JsonElement.Parse("\"Rome\""), ["days"] = 2 })]) { FinishReason = ChatFinishReason.ToolCalls });
        var answer = await Chat(client).AskAsync(s_question with { Tools = """[{"type":"function","function":{"name":"w","description":"Weather","parameters":{"type":"object","properties":{"city":{"type":"string"}}}}}]""" }, Token);
        Assert.Equal((new ToolCall("w", """{"city":"Rome","days":2}"""), "tool_calls"), (Assert.Single(answer.ToolCalls), answer.FinishReason));
        var declared = Assert.IsType<AIFunctionDeclaration>(Assert.Single(client.Options!.Tools!), exactMatch: false);
        Assert.Equal(("w", "Weather", """{"type":"object","properties":{"city":{"type":"string"}}}"""), (declared.Name, declared.Description, declared.JsonSchema.GetRawText()));
    }

    [Fact]
    public async Task What_goes_wrong_is_whose_fault_it_is()
    {
        var begun = new ChatResponseUpdate(ChatRole.Assistant, "half");
        Assert.Equal(FailureKind.Infrastructure, await KindAsync(new HttpRequestException("refused")));
        Assert.Equal(FailureKind.Infrastructure, await KindAsync(new HttpRequestException("full", null, HttpStatusCode.TooManyRequests)));
        Assert.Equal(FailureKind.Setup, await KindAsync(new HttpRequestException("key", null, HttpStatusCode.Unauthorized)));
        Assert.Equal(FailureKind.Request, await KindAsync(new HttpRequestException("too long", null, HttpStatusCode.BadRequest)));
        Assert.Equal(FailureKind.Model, await KindAsync(new HttpRequestException("oh", null, HttpStatusCode.InternalServerError)));
        Assert.Equal(FailureKind.Infrastructure, await KindAsync(new InvalidOperationException("a client's own")));
        Assert.Equal(FailureKind.Model, await KindAsync(begun, new InvalidOperationException("a client's own")));
        Assert.Equal(FailureKind.Model, await KindAsync(begun, new IOException("reset")));
        Assert.Equal(FailureKind.Model, await KindAsync(begun, new ChatResponseUpdate(ChatRole.Assistant, [new ErrorContent("overloaded")])));
        // It broke off, unless the client never says why it ends.
        Assert.Equal(FailureKind.Model, await KindAsync(begun));
        Assert.Equal("stop", (await new ClientChat(new Played(begun), TimeProvider.System, TimeSpan.FromMinutes(1)) { SaysWhyItEnds = false }.AskAsync(s_question, Token)).FinishReason);
        // Who chose the client can tell.
        var told = await new ClientChat(new Played(new InvalidOperationException("quota")), TimeProvider.System, TimeSpan.FromMinutes(1)) { Whose = static e => e.Message == "quota" ? FailureKind.Setup : null }.AskAsync(s_question, Token);
        Assert.Equal(new Failure(FailureKind.Setup, "cannot be asked: quota"), told.Failure);
        Assert.Equal(FailureKind.Setup, (await Chat(new Played()).AskAsync(s_question with { TopLogprobs = 5 }, Token)).Failure!.Kind);
        Assert.Equal(FailureKind.Setup, (await Chat(new Played()).AskAsync(s_question with { Tools = "[{}]" }, Token)).Failure!.Kind);
    }

    [Fact]
    public async Task An_answer_without_end_is_the_models_fault_and_giving_up_is_nobodys()
    {
        var time = new FakeTimeProvider();
        var asking = new ClientChat(new Played(Timeout.InfiniteTimeSpan), time, TimeSpan.FromSeconds(5)).AskAsync(s_question, Token);
        time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(new Failure(FailureKind.Model, "no end of an answer within 5 s"), (await asking).Failure);
        using var patience = new CancellationTokenSource();
        var givenUp = new ClientChat(new Played(Timeout.InfiniteTimeSpan), time, TimeSpan.FromSeconds(5)).AskAsync(s_question, patience.Token);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => givenUp);
    }

    [Fact]
    public async Task A_suite_runs_against_a_chat_client_and_a_client_may_judge()
    {
        var prompt = new Prompt("p", [new("user", "6 x 7?")]) { Expected = ["42"], Graders = [new("exact", "exact", new Slipway.Evaluation.Grading.ExactGrader(false, false))] };
        var result = await new PromptRunner(TimeProvider.System).RunAsync(Chat(new Played(new ChatResponseUpdate(ChatRole.Assistant, "42") { FinishReason = ChatFinishReason.Stop })), prompt, new RequestSettings(), Token);
        Assert.Equal(1, result.Score);
        Assert.NotNull(Judge.Create(Chat(new Played()), "gpt-5", ["qwen3"], false, out _));
    }

    [Fact]
    public async Task Embeddings_of_a_generator_are_vectors_in_their_order_or_none()
    {
        using var three = new Generator(static t => t.Length);
        Assert.Equal([[1f], [2f]], (await new ClientEmbeddings(three).EmbedAsync(["a", "bb"], Token))!.Value.Select(static v => v.ToArray()));
        using var broken = new Generator(static _ => throw new InvalidOperationException("away"));
        Assert.Null(await new ClientEmbeddings(broken).EmbedAsync(["a"], Token));
    }

    private static ClientChat Chat(IChatClient client) => new(client, TimeProvider.System, TimeSpan.FromMinutes(1));

    private static async Task<FailureKind?> KindAsync(params object[] script) => (await Chat(new Played(script)).AskAsync(s_question, Token)).Failure?.Kind;

    /// <summary>A client that says what it is told to: updates, exceptions, and times that go by.</summary>
    private sealed class Played(params object[] script) : IChatClient
    {
        public FakeTimeProvider? Time { get; init; }

        public List<ChatMessage> Messages { get; } = [];

        public ChatOptions? Options { get; private set; }

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            Messages.AddRange(messages);
            Options = options;
            await Task.Yield();
            foreach (var step in script)
            {
                if (step is Exception thrown) throw thrown;
                if (step is ChatResponseUpdate update) yield return update;
                if (step is not TimeSpan wait) continue;
                if (wait == Timeout.InfiniteTimeSpan) await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
                Time?.Advance(wait);
            }
        }

        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }

    private sealed class Generator(Func<string, float> number) : IEmbeddingGenerator<string, Embedding<float>>
    {
        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
            Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(values.Select(v => new Embedding<float>(new[] { number(v) }))));

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
