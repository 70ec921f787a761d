using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Grading;
using Slipway.Evaluation.Grading.Embeddings;
using Slipway.Evaluation.Grading.Judging;
using Slipway.Evaluation.Suites;
using Slipway.Evaluation.Tests.Chat;

namespace Slipway.Evaluation.Tests.Grading;

/// <summary>Embedding models behind an API, and suites that want one.</summary>
public sealed class EmbeddingsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Texts_are_embedded_in_their_order_whatever_the_order_of_the_answer()
    {
        using var server = new PlayedServer(static _ => Json("""{"data":[{"index":1,"embedding":[0,1]},{"index":0,"embedding":[1,0.5]}]}"""));
        var vectors = await Embeddings(server).EmbedAsync(["a", "b"], Token);
        Assert.Equal([[1, 0.5f], [0, 1]], vectors!.Value.Select(static v => v.ToArray()));
        Assert.Equal("""{"model":"m","input":["a","b"],"encoding_format":"float"}""", Assert.Single(server.Bodies));
    }

    [Theory]
    [InlineData("""{"data":[{"embedding":[1]}]}""")]
    [InlineData("""{"data":[{"index":0,"embedding":[1]},{"index":0,"embedding":[1]}]}""")]
    [InlineData("""{"data":[{"index":7,"embedding":[1]},{"index":0,"embedding":[1]}]}""")]
    [InlineData("""{"data":[{"index":0,"embedding":"AACAPw=="},{"index":1,"embedding":[1]}]}""")]
    [InlineData("""{"data":[{"index":0,"embedding":["one"]},{"index":1,"embedding":[1]}]}""")]
    [InlineData("""{"data":""")]
    public async Task What_is_no_vector_for_each_text_is_none(string answer)
    {
        using var server = new PlayedServer(_ => Json(answer));
        Assert.Null(await Embeddings(server).EmbedAsync(["a", "b"], Token));
        Assert.Single(server.Bodies);
    }

    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable, 7)]
    [InlineData(HttpStatusCode.TooManyRequests, 7)]
    [InlineData(HttpStatusCode.NotFound, 1)]
    public async Task Where_there_is_no_room_it_is_asked_again_and_then_given_up(HttpStatusCode status, int asked)
    {
        var time = new FakeTimeProvider();
        using var server = new PlayedServer(_ => new HttpResponseMessage(status));
        var embedding = Embeddings(server, time).EmbedAsync(["a"], Token);
        while (!embedding.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Null(await embedding);
        Assert.Equal(asked, server.Bodies.Count);
    }

    [Fact]
    public async Task A_suite_is_graded_by_the_model_that_it_is_bound_to_beside_the_judge_that_it_had()
    {
        var suite = Suite("""[{"type":"embedding","with":{"threshold":0.9}},{"type":"judge","with":{"rubric":"Polite?"}}]""");
        Assert.Equal((true, "1 prompts of s are graded by embeddings"), EmbeddingRules.Check(suite, named: false));
        Assert.Equal((true, null), EmbeddingRules.Check(suite, named: true));
        using var server = new PlayedServer(static _ => Json("""{"data":[{"embedding":[1,0]},{"embedding":[1,0.1]}]}"""));
        var judge = Judge.Create(new Silent(), "mistral", ["qwen"], false, out _);
        suite = new GradingServices { Embeddings = Embeddings(server) }.Bind(new GradingServices { Judge = judge }.Bind(suite));
        var grades = suite.Prompts[0].Graders.Select(g => g.Grader.GradeAsync(suite.Prompts[0], new Answer { Text = "hi" }, Token).AsTask());
        var (embedded, judged) = ((await Task.WhenAll(grades)) is [var first, var second]) ? (first, second) : throw new InvalidOperationException();
        Assert.Equal(1, embedded.Score);
        Assert.StartsWith("the judge could not be asked", judged.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_contrary_of_a_grader_needs_what_it_needs()
    {
        var suite = Suite("""[{"type":"contains"},{"type":"not","with":{"type":"embedding","with":{"threshold":0.9}}},{"type":"not","with":{"type":"judge","with":{"rubric":"Rude?"}}}]""");
        Assert.True(EmbeddingRules.Check(suite, named: true).Wants);
        Assert.True(JudgeRules.Wants(suite));
        Assert.False(EmbeddingRules.Check(Suite("""[{"type":"contains"}]"""), named: false).Wants);
    }

    private static EvaluationSuite Suite(string graders) => SuiteReader.Read(JsonNode.Parse(
        $$$"""{"apiVersion":"slipway.dev/v1alpha1","kind":"EvaluationSuite","metadata":{"name":"s"},"spec":{"graders":{{{graders}}},"prompts":[{"id":"p","prompt":"Hi","expected":"hello"}]}}""")!.AsObject()).Suite!;

    private static OpenAIEmbeddings Embeddings(PlayedServer server, TimeProvider? time = null) =>
        new(new OpenAIModel(new HttpClient(server, disposeHandler: false) { BaseAddress = new Uri("http://engine/") }, "m", time ?? TimeProvider.System, TimeSpan.FromMinutes(1)));

    private static HttpResponseMessage Json(string text) => new(HttpStatusCode.OK) { Content = new StringContent(text) };

    private sealed class Silent : IChat
    {
        public Task<Answer> AskAsync(Question question, CancellationToken cancellationToken) => Task.FromResult(new Answer { Failure = new Failure(FailureKind.Infrastructure, "away") });
    }
}
