using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Slipway.Evaluation.Chat;

namespace Slipway.Evaluation.Tests.Chat;

public sealed class OpenAIChatTests
{
    private static readonly Question s_question = new([new Message("user", "2+2?")], new RequestSettings { Temperature = 0, MaxTokens = 9, Stop = ["\n"], Seed = 5 });

    [Fact]
    public async Task An_answer_is_gathered_from_its_stream()
    {
        var server = new PlayedServer(static _ => PlayedServer.Stream(
            """{"choices":[{"delta":{"role":"assistant"}}]}""", PlayedServer.Text("fo"), PlayedServer.Text("ur", "stop"), """{"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":2}}""", "[DONE]"));
        var answer = await AskAsync(server);
        Assert.Null(answer.Failure);
        Assert.Equal(("four", "stop", 7, 2), (answer.Text, answer.FinishReason, answer.PromptTokens!.Value, answer.CompletionTokens!.Value));
        Assert.NotNull(answer.FirstToken);
        var body = JsonNode.Parse(server.Bodies.Single())!;
        Assert.Equal("m", (string?)body["model"]);
        Assert.Equal("2+2?", (string?)body["messages"]![0]!["content"]);
        Assert.Equal((0, 9, 5), ((int)body["temperature"]!, (int)body["max_tokens"]!, (int)body["seed"]!));
        Assert.Equal("\n", (string?)body["stop"]![0]);
    }

    [Fact]
    public async Task What_a_suite_does_not_say_is_left_to_the_engine()
    {
        var server = new PlayedServer(static _ => PlayedServer.Stream(PlayedServer.Text("x", "stop")));
        await AskAsync(server, s_question with { Settings = new RequestSettings() });
        var body = JsonNode.Parse(server.Bodies.Single())!.AsObject();
        Assert.Equal(["model", "messages", "max_tokens", "stream", "stream_options"], body.Select(p => p.Key));
    }

    [Fact]
    public async Task Calls_of_tools_come_in_pieces()
    {
        var server = new PlayedServer(static _ => PlayedServer.Stream(
            """{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"weather","arguments":"{\"ci"}}]}}]}""",
            """{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"ty\":\"Oslo\"}"}}]}}]}""",
            """{"choices":[{"delta":{},"finish_reason":"tool_calls"}]}""", "[DONE]"));
        Assert.Equal([new ToolCall("weather", """{"city":"Oslo"}""")], (await AskAsync(server, s_question with { Tools = "[]" })).ToolCalls);
    }

    [Fact]
    public async Task Logarithms_of_tokens_are_taken_with_the_likeliest_others()
    {
        var server = new PlayedServer(static _ => PlayedServer.Stream(
            """{"choices":[{"delta":{"content":"A"},"logprobs":{"content":[{"token":"A","logprob":-0.1,"top_logprobs":[{"token":"A","logprob":-0.1},{"token":"B","logprob":-2.5}]}]},"finish_reason":"stop"}]}"""));
        var token = Assert.Single((await AskAsync(server, s_question with { TopLogprobs = 2 })).Logprobs);
        Assert.Equal(("A", -0.1), (token.Token, token.Logprob));
        Assert.Equal([("A", -0.1), ("B", -2.5)], token.Top);
    }

    [Fact]
    public async Task Where_logarithms_are_asked_for_the_answer_comes_whole_and_a_beginning_is_gone_on_with()
    {
        var server = new PlayedServer(static _ => new HttpResponseMessage(HttpStatusCode.OK)
        {
            Content = new StringContent(
                """{"choices":[{"message":{"role":"assistant","content":"42"},"finish_reason":"stop","logprobs":{"content":[{"id":270,"token":"","logprob":-0.1,"top_logprobs":[{"id":270,"token":"","logprob":-0.1}]},{"id":52,"token":"4","logprob":-0.2,"top_logprobs":[]}]}}],"usage":{"prompt_tokens":20,"completion_tokens":2}}""",
                System.Text.Encoding.UTF8, "application/json"),
        });
        var answer = await AskAsync(server, s_question with { TopLogprobs = 1, Begun = "It is" });
        Assert.Equal(("42", "stop", 20, null), (answer.Text, answer.FinishReason, answer.PromptTokens, answer.FirstToken));
        Assert.Equal((270L, 270L, 52L), (answer.Logprobs[0].Id!.Value, answer.Logprobs[0].TopIds[0], answer.Logprobs[1].Id!.Value));
        var body = JsonNode.Parse(server.Bodies.Single())!;
        Assert.Null(body["stream"]);
        Assert.Equal(("It is", true, false), ((string?)body["messages"]!.AsArray()[^1]!["content"], (bool)body["continue_final_message"]!, (bool)body["add_generation_prompt"]!));
    }

    [Fact]
    public async Task A_whole_request_is_asked_as_it_is_but_for_its_model_and_the_stream()
    {
        var server = new PlayedServer(static _ => PlayedServer.Stream(PlayedServer.Text("x", "stop")));
        await AskAsync(server, s_question with { Body = """{"model":"theirs","n":3,"stream":false,"top_k":5,"messages":[{"role":"tool","content":"7"}],"tools":[{"type":"function"}]}""" });
        var body = JsonNode.Parse(server.Bodies.Single())!.AsObject();
        Assert.Equal("""{"top_k":5,"messages":[{"role":"tool","content":"7"}],"tools":[{"type":"function"}],"stream":true}""", new JsonObject(body.Where(static p => p.Key is not ("model" or "stream_options")).OrderBy(static p => p.Key == "stream").Select(static p => KeyValuePair.Create(p.Key, p.Value?.DeepClone()))).ToJsonString());
        Assert.NotEqual("theirs", (string?)body["model"]);
    }

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests, FailureKind.Infrastructure)]
    [InlineData(HttpStatusCode.ServiceUnavailable, FailureKind.Infrastructure)]
    [InlineData(HttpStatusCode.BadGateway, FailureKind.Infrastructure)]
    [InlineData(HttpStatusCode.NotFound, FailureKind.Setup)]
    [InlineData(HttpStatusCode.Unauthorized, FailureKind.Setup)]
    [InlineData(HttpStatusCode.BadRequest, FailureKind.Request)]
    [InlineData(HttpStatusCode.InternalServerError, FailureKind.Model)]
    public async Task A_refusal_is_somebody_s_fault(HttpStatusCode status, FailureKind kind)
    {
        var failure = (await AskAsync(new PlayedServer(_ => new HttpResponseMessage(status) { Content = new StringContent("""{"error":{"message":"so it is"}}"""), Headers = { { "Retry-After", "7" } } }))).Failure!;
        Assert.Equal((kind, $"{(int)status}: so it is", TimeSpan.FromSeconds(7)), (failure.Kind, failure.Reason, failure.RetryAfter!.Value));
        Assert.Equal($"{(int)status} {status}", (await AskAsync(new PlayedServer(_ => new HttpResponseMessage(status) { Content = new StringContent("<html>") }))).Failure!.Reason);
    }

    [Fact]
    public async Task Who_does_not_listen_is_no_bad_model() =>
        Assert.Equal(FailureKind.Infrastructure, (await AskAsync(new PlayedServer(static _ => throw new HttpRequestException("nobody there")))).Failure!.Kind);

    public static TheoryData<string, string[]> Broken => new()
    {
        { "the stream ended before the answer did", [PlayedServer.Text("fo")] },
        { "the stream ended before the answer did", [] },
        { "the engine broke off: out of memory", [PlayedServer.Text("fo"), """{"error":{"message":"out of memory"}}"""] },
        { "what came is no chat completion", ["<html>"] },
        { "what came is no chat completion", ["""{"choices":[{"delta":{"content":7}}]}"""] },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task An_answer_that_breaks_off_counts_as_a_wrong_one(string reason, string[] chunks)
    {
        var answer = await AskAsync(new PlayedServer(_ => PlayedServer.Stream(chunks)));
        Assert.Equal(FailureKind.Model, answer.Failure!.Kind);
        Assert.StartsWith(reason, answer.Failure.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_without_end_is_given_up()
    {
        var time = new FakeTimeProvider();
        var began = new TaskCompletionSource();
        using var http = new HttpClient(new Never(began)) { BaseAddress = new Uri("http://engine/"), Timeout = Timeout.InfiniteTimeSpan };
        var asking = new OpenAIChat(new OpenAIModel(http, "m", time, TimeSpan.FromSeconds(30))).AskAsync(s_question, TestContext.Current.CancellationToken);
        await began.Task;
        time.Advance(TimeSpan.FromSeconds(31));
        var failure = (await asking).Failure!;
        Assert.Equal((FailureKind.Model, "no end of an answer within 30 s"), (failure.Kind, failure.Reason));
    }

    private static async Task<Answer> AskAsync(PlayedServer server, Question? question = null)
    {
        using var http = new HttpClient(server, disposeHandler: false) { BaseAddress = new Uri("http://engine/") };
        return await new OpenAIChat(new OpenAIModel(http, "m", TimeProvider.System, TimeSpan.FromMinutes(1))).AskAsync(question ?? s_question, TestContext.Current.CancellationToken);
    }

    private sealed class Never(TaskCompletionSource began) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            began.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            throw new InvalidOperationException();
        }
    }
}
