using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Slipway.Gateway.Picking;
using Slipway.Gateway.Records;
using Slipway.Gateway.Routing;
using Slipway.Gateway.Tests.Wire;

namespace Slipway.Gateway.Tests.Picking;

/// <summary>Engines that have no room say so, and another may have the request.</summary>
public sealed class TurnedAwayTests : IAsyncLifetime, IRequestObserver
{
    private readonly Router _router = new();
    private readonly HttpClient _client = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch);
    private readonly List<RequestRecord> _records = [];
    private GatewayServer _gateway = null!;
    private int _full;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _gateway = await GatewayServer.StartAsync(new GatewayOptions { Time = _time, Observers = [this] }, _router, NullLoggerFactory.Instance, Token);
        _client.BaseAddress = _gateway.Address;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _gateway.DisposeAsync();
    }

    void IRequestObserver.Began(string deployment, DateTimeOffset at)
    {
    }

    void IRequestObserver.Ended(in RequestRecord record) => _records.Add(record);

    [Theory]
    [InlineData(503, 10, true)]
    [InlineData(429, 10, true)]
    [InlineData(503, 10, false)]
    [InlineData(503, 200_000, true)]
    public async Task A_request_that_one_engine_has_no_room_for_is_taken_to_another_and_its_user_sees_nothing_of_it(int status, int length, bool brief)
    {
        await using var full = Full(status, brief);
        await using var other = Answering("other");
        Publish(full.Address, other.Address);
        for (var i = 0; i < 20; i++)
        {
            using var answer = await AskAsync(new string((char)('a' + i), length));
            Assert.Equal((HttpStatusCode.OK, "other", false), (answer.StatusCode, await answer.Content.ReadAsStringAsync(Token), answer.Headers.Contains("Retry-After")));
        }

        // After 503 three times in a row it is left alone; who only has its hands full is asked again.
        Assert.InRange(_full, 3, status == 503 ? 3 : 20);
        Assert.Equal(_full, _records.Count(static r => r is { Attempts: 2, Outcome: RequestOutcome.Ok, Status: 200 }));
        Assert.All(_records, r => Assert.Equal(other.Address.ToString().TrimEnd('/'), r.Engine));
        if (brief) Assert.Equal(1, full.Connections);
    }

    [Fact]
    public async Task Where_all_are_full_the_last_ones_answer_is_passed_on_with_its_Retry_After()
    {
        await using var a = Full(503);
        await using var b = Full(503);
        Publish(a.Address, b.Address);
        using var answer = await AskAsync("?");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "full", TimeSpan.FromSeconds(7), 2), (answer.StatusCode, await answer.Content.ReadAsStringAsync(Token), answer.Headers.RetryAfter?.Delta, _full));
        Assert.Equal(RequestOutcome.EngineError, Assert.Single(_records).Outcome);
    }

    [Fact]
    public async Task One_engine_alone_is_asked_once()
    {
        await using var a = Full(429);
        Publish(a.Address);
        using var answer = await AskAsync("?");
        Assert.Equal((HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(7), 1), (answer.StatusCode, answer.Headers.RetryAfter?.Delta, _full));
    }

    [Fact]
    public async Task A_deployment_in_trouble_gets_no_more_work_than_its_budget_gives()
    {
        await using var a = Full(429);
        await using var b = Full(429);
        Publish(a.Address, b.Address);
        for (var i = 0; i < 200; i++) (await AskAsync("?")).Dispose();
        // The first earns nothing: its reserve is full.
        Assert.Equal(200 + RetryBudget.Reserve + 199 / 5, _full);
    }

    [Fact]
    public async Task A_prompt_too_long_to_be_kept_is_not_taken_to_another()
    {
        await using var a = Full(429);
        await using var b = Full(429);
        Publish(a.Address, b.Address);
        using var answer = await AskAsync(new string('a', 2 * PromptPrefix.MostBytes));
        Assert.Equal((HttpStatusCode.TooManyRequests, 1), (answer.StatusCode, _full));
    }

    [Fact]
    public async Task A_stream_that_began_is_never_taken_to_another()
    {
        Func<PlayedConnection, Task> play = async c =>
        {
            await c.RequestAsync();
            Interlocked.Increment(ref _full);
            await c.SayAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: {\"error\":{\"code\":503}}\n\n");
        };
        await using var a = new PlayedEngine(play);
        await using var b = new PlayedEngine(play);
        Publish(a.Address, b.Address);
        using var answer = await AskAsync("?");
        Assert.Equal(("data: {\"error\":{\"code\":503}}\n\n", 1), (await answer.Content.ReadAsStringAsync(Token), _full));
    }

    [Theory]
    [InlineData(503)]
    [InlineData(429)]
    public async Task A_candidate_without_room_costs_no_user_an_answer_and_is_counted_against_it(int status)
    {
        await using var full = Full(status);
        await using var stable = Answering("stable");
        var candidate = Of("default/m-candidate", full.Address);
        _router.Publish(new RouteTable(new Dictionary<string, Route> { ["m"] = Of("default/m", stable.Address) with { Split = new Split(candidate, 100) } }));
        using var answer = await AskAsync("?");
        Assert.Equal("stable", await answer.Content.ReadAsStringAsync(Token));
        Assert.Equal([("default/m-candidate", RequestOutcome.HandedOn), ("default/m", RequestOutcome.Ok)], _records.Select(static r => (r.Deployment!, r.Outcome)));
        Assert.Equal((1L, 1L), (candidate.Traffic.Requests, candidate.Traffic.Failures));
    }

    private PlayedEngine Full(int status, bool brief = true) => new(async c =>
    {
        while (true)
        {
            await c.RequestAsync();
            Interlocked.Increment(ref _full);
            await c.SayAsync($"HTTP/1.1 {status} Full\r\nRetry-After: 7\r\n" + (brief ? "Content-Length: 4\r\n\r\nfull" : "Transfer-Encoding: chunked\r\n\r\n4\r\nfull\r\n"));
        }
    });

    private static PlayedEngine Answering(string name) => new(async c =>
    {
        while (true)
        {
            await c.RequestAsync();
            await c.AnswerAsync(name);
        }
    });

    private Task<HttpResponseMessage> AskAsync(string prompt) =>
        _client.PostAsync("/v1/chat/completions", new StringContent($$"""{"model":"m","messages":[{"role":"user","content":"{{prompt}}"}]}"""), Token);

    private static Route Of(string deployment, params Uri[] engines) => new("m", deployment, [.. engines.Select(static e => new Backend(e))], "", true, DateTimeOffset.UnixEpoch);

    private void Publish(params Uri[] engines) => _router.Publish(new RouteTable(new Dictionary<string, Route> { ["m"] = Of("default/m", engines) }));
}
