using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Slipway.Web.Playground;

namespace Slipway.Web.Tests.Playground;

public sealed class ChatStreamTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task An_answer_grows_and_is_measured()
    {
        var lines = new[] { """{"choices":[{"delta":{"content":"4"}}]}""", """{"choices":[{"delta":{"content":"2"},"finish_reason":"stop"}]}""", """{"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":2}}""", "[DONE]" };
        var answers = await AskAsync(new Gateway(HttpStatusCode.OK, string.Concat(lines.Select(l => $"data: {l}\n\n"))));
        Assert.Equal(["4", "42", "42", "42"], answers.Select(a => a.Text));
        var last = answers[^1];
        Assert.True(last is { Done: true, PromptTokens: 9, Tokens: 2, Finish: "stop", FirstToken: not null });
    }

    [Fact]
    public void Speed_counts_what_came_after_the_first_token()
    {
        var piece = JsonNode.Parse("""{"choices":[{"delta":{"content":"a"}}]}""");
        var answer = new ChatAnswer().With(piece, TimeSpan.FromSeconds(2));
        Assert.Null(answer.TokensPerSecond);
        for (var i = 1; i <= 10; i++) answer = answer.With(piece, TimeSpan.FromSeconds(2 + (i * 0.1)));
        Assert.Equal(10, answer.TokensPerSecond!.Value, 6);
        Assert.Equal(TimeSpan.FromSeconds(2), answer.FirstToken);
    }

    [Fact]
    public async Task A_refusal_is_in_the_gateways_words()
    {
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => AskAsync(new Gateway(HttpStatusCode.NotFound, """{"error":{"message":"There is no model x."}}""")));
        Assert.Equal("There is no model x.", refused.Message);
    }

    [Fact]
    public async Task An_engine_that_fails_in_the_middle_is_heard()
    {
        var broken = await Assert.ThrowsAsync<InvalidOperationException>(() => AskAsync(new Gateway(HttpStatusCode.OK, "data: {\"error\":{\"message\":\"Out of memory\"}}\n\n")));
        Assert.Equal("Out of memory", broken.Message);
    }

    [Fact]
    public void Settings_are_sent_when_they_are_given_and_only_then()
    {
        var settings = new ChatSettings { System = "Be brief.", Temperature = 0.5 };
        var body = JsonNode.Parse(settings.Ask("m", [new ChatTurn("user", "hi")]).ToJson())!;
        Assert.Equal("system", (string?)body["messages"]![0]!["role"]);
        Assert.Equal(0.5, (double?)body["temperature"]);
        Assert.Null(body["top_p"]);
        Assert.Null(body["max_tokens"]);
        Assert.NotNull(new ChatSettings { Temperature = 3 }.Fault);
    }

    private async Task<List<ChatAnswer>> AskAsync(Gateway gateway)
    {
        using var chat = new ChatStream(() => new Uri("http://gateway"), _time, gateway);
        var answers = new List<ChatAnswer>();
        await foreach (var answer in chat.AskAsync(new ChatQuestion("m", [new ChatTurn("user", "6 x 7?")]), TestContext.Current.CancellationToken)) answers.Add(answer);
        return answers;
    }

    private sealed class Gateway(HttpStatusCode status, string body) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, "text/event-stream") });
    }
}
