using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Slipway.Gateway.Records;
using Slipway.Gateway.Routing;
using Slipway.Gateway.Tests.Wire;

namespace Slipway.Gateway.Tests.Records;

/// <summary>What is written down of a request, whatever becomes of it.</summary>
public sealed class RecordsTests : IAsyncLifetime
{
    private const string Ask = """{"model":"m","messages":[]}""";

    private readonly Router _router = new();
    private readonly HttpClient _client = new();
    private readonly RequestFeed _feed = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 27, 8, 0, 0, TimeSpan.Zero));
    private GatewayServer _gateway = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _gateway = await GatewayServer.StartAsync(new GatewayOptions { Observers = [_feed], Time = _time }, _router, NullLoggerFactory.Instance, Token);
        _client.BaseAddress = _gateway.Address;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _gateway.DisposeAsync();
    }

    [Fact]
    public async Task A_whole_answer_has_its_tokens_and_no_time_to_a_first_one()
    {
        await using var engine = Play("m", static async c =>
        {
            await c.RequestAsync();
            await c.AnswerAsync("""{"usage":{"prompt_tokens":11,"completion_tokens":7}}""");
        });
        await AskAsync();
        var record = await NextAsync();
        Assert.Equal((RequestOutcome.Ok, 200, RequestOperation.Chat, "default/m", "m", 3L), (record.Outcome, record.Status, record.Operation, record.Deployment, record.Model, record.Generation));
        Assert.Equal((11L, 7L, TokenOrigin.Engine, false), (record.TokensIn, record.TokensOut, record.TokensFrom, record.Streamed));
        Assert.Equal((null, null, null), (record.TimeToFirstToken, record.InterToken, record.TokensCached));
        Assert.Equal((Ask.Length, engine.Address.ToString().TrimEnd('/'), 1), (record.RequestBytes, record.Engine, record.Attempts));
        Assert.Equal((_time.Start, false, false), (record.Started, record.Session, record.Named));
    }

    [Theory]
    [InlineData("data: {\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":11}}\n\n", 11, 2, TokenOrigin.Engine)]
    [InlineData("", 3, 10, TokenOrigin.Events)]
    public async Task A_stream_has_its_times(string last, long tokens, double interToken, TokenOrigin from)
    {
        var next = new SemaphoreSlim(0);
        await using var engine = Play("m", async c =>
        {
            await c.RequestAsync();
            await c.SayAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n: wait\n\n");
            for (var i = 0; i < 3; i++)
            {
                await next.WaitAsync(Token);
                await c.SayAsync($"data: {i}\n\n" + (i == 2 ? last + "data: [DONE]\n\n" : ""));
            }
        });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(Ask), Headers = { { "Slipway-Session", "alice" } } };
        using (var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token))
        {
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Token));
            Assert.Equal(": wait", await reader.ReadLineAsync(Token));
            for (var i = 0; i < 3; i++)
            {
                _time.Advance(TimeSpan.FromSeconds(10));
                next.Release();
                while (await reader.ReadLineAsync(Token) != $"data: {i}")
                {
                    // The empty lines between.
                }
            }

            await reader.ReadToEndAsync(Token);
        }

        var record = await NextAsync();
        Assert.Equal((RequestOutcome.Ok, true, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30)), (record.Outcome, record.Streamed, record.TimeToFirstToken, record.Duration));
        Assert.Equal((tokens, from, TimeSpan.FromSeconds(interToken), true), (record.TokensOut, record.TokensFrom, record.InterToken, record.Session));
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", RequestOutcome.Rejected, 400)]
    [InlineData("HTTP/1.1 429 Too Many\r\nContent-Length: 0\r\n\r\n", RequestOutcome.EngineError, 429)]
    [InlineData("HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n", RequestOutcome.EngineError, 500)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\ndata: {\"error\":{}}\n\n", RequestOutcome.EngineError, 200)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nhalf", RequestOutcome.Truncated, 200)]
    [InlineData("what", RequestOutcome.Broken, 503)]
    public async Task How_it_ended_is_said(string answer, RequestOutcome outcome, int status)
    {
        await using var engine = Play("m", async c =>
        {
            await c.RequestAsync();
            await c.SayAsync(answer);
        });
        await AskAsync();
        var record = await NextAsync();
        Assert.Equal((outcome, status, "default/m"), (record.Outcome, record.Status, record.Deployment));
        Assert.Equal((null, null), (record.TokensOut, record.TimeToFirstToken));
    }

    [Fact]
    public async Task A_client_that_goes_is_no_failure_and_what_it_had_is_counted()
    {
        await using var engine = Play("m", static async c =>
        {
            await c.RequestAsync();
            await c.SayAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\ndata: 1\n\ndata: 2\n\n");
            await c.HeadAsync();
        });
        using (var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(Ask) })
        using (var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token))
        {
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Token));
            Assert.Equal("data: 1", await reader.ReadLineAsync(Token));
        }

        var record = await NextAsync();
        Assert.Equal((RequestOutcome.ClientGone, 2L, TokenOrigin.Events), (record.Outcome, record.TokensOut, record.TokensFrom));
        Assert.False(record.Outcome.IsFailure());
    }

    [Fact]
    public async Task What_the_gateway_refuses_has_no_deployment()
    {
        await AskAsync("""{"model":"nobody"}""");
        Assert.Equal((RequestOutcome.Refused, 404, null), Of(await NextAsync()));
        await AskAsync("no JSON");
        Assert.Equal((RequestOutcome.Refused, 400, null), Of(await NextAsync()));
    }

    [Fact]
    public async Task A_deployment_without_an_engine_and_one_that_nobody_reaches_are_told_apart()
    {
        Publish(Route("m"));
        await AskAsync();
        Assert.Equal((RequestOutcome.NotReady, 503, "default/m"), Of(await NextAsync()));
        Publish(Route("m", new Uri("http://127.0.0.1:9"), new Uri("http://127.0.0.1:10")));
        await AskAsync();
        var record = await NextAsync();
        Assert.Equal((RequestOutcome.Unreachable, 503, "default/m"), Of(record));
        Assert.Equal(2, record.Attempts);
    }

    [Fact]
    public async Task A_candidate_that_is_not_reached_has_a_record_beside_the_one_that_answered()
    {
        await using var engine = Play("m", static async c =>
        {
            await c.RequestAsync();
            await c.AnswerAsync("{}");
        });
        Publish(Route("m", engine.Address) with { Split = new Split(Route("b", new Uri("http://127.0.0.1:9")), 100) });
        await AskAsync();
        Assert.Equal((RequestOutcome.HandedOn, 0, "default/b"), Of(await NextAsync()));
        Assert.Equal((RequestOutcome.Ok, 200, "default/m"), Of(await NextAsync()));
    }

    private static (RequestOutcome Outcome, int Status, string? Deployment) Of(RequestRecord record) => (record.Outcome, record.Status, record.Deployment);

    private static Route Route(string name, params Uri[] engines) =>
        new(name, $"default/{name}", [.. engines.Select(static e => new Backend(e))], "Loading the model", true, DateTimeOffset.UnixEpoch) { Generation = 3 };

    private void Publish(Route route) => _router.Publish(new RouteTable(new Dictionary<string, Route> { [route.Model] = route }));

    private PlayedEngine Play(string model, Func<PlayedConnection, Task> play)
    {
        var engine = new PlayedEngine(play);
        Publish(Route(model, engine.Address));
        return engine;
    }

    private async Task AskAsync(string body = Ask)
    {
        try
        {
            using var response = await _client.PostAsync("/v1/chat/completions", new StringContent(body), Token);
            Assert.NotEqual(HttpStatusCode.NoContent, response.StatusCode);
        }
        catch (HttpRequestException)
        {
            // Cut in the middle.
        }
    }

    private async Task<RequestRecord> NextAsync() => await _feed.Reader.ReadAsync(Token).AsTask().WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Token);
}
