using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Slipway.Gateway.Recording;
using Slipway.Gateway.Records;
using Slipway.Gateway.Records.History;
using Slipway.Gateway.Routing;
using Slipway.Gateway.Tests.Wire;

namespace Slipway.Gateway.Tests.Shadowing;

/// <summary>Copies of users' requests: the candidate is asked, and no user feels it.</summary>
public sealed class CopierTests : IAsyncLifetime
{
    private const string Ask = """{"model":"m","messages":[{"role":"user","content":"?"}]}""";
    private const string Answer = """{"choices":[{"index":0,"message":{"role":"assistant","content":"!"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":4}}""";

    private readonly Router _router = new();
    private readonly HttpClient _client = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 27, 8, 0, 0, TimeSpan.Zero));
    private readonly Told _told = new();
    private readonly RequestHistory _history;
    private readonly PlayedEngine _stable = new(async c =>
    {
        await c.RequestAsync();
        await c.AnswerAsync(Answer);
    });

    private GatewayServer _gateway = null!;

    public CopierTests() => _history = new RequestHistory(_time);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _gateway = await GatewayServer.StartAsync(new GatewayOptions { Observers = [_told, _history], Time = _time }, _router, NullLoggerFactory.Instance, Token);
        _client.BaseAddress = _gateway.Address;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _gateway.DisposeAsync();
        await _stable.DisposeAsync();
    }

    [Fact]
    public async Task The_candidate_is_asked_the_same_without_what_names_the_user_and_counts_for_nobody_s_traffic()
    {
        var asked = Channel.CreateUnbounded<(string Head, string Body)>();
        await using var candidate = new PlayedEngine(async c =>
        {
            var parts = (await c.RequestAsync()).Split("\r\n\r\n", 2);
            await asked.Writer.WriteAsync((parts[0], parts[1]));
            await c.AnswerAsync(Answer);
        });
        var (stable, copy) = Copy(candidate);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(Ask, System.Text.Encoding.UTF8, "application/json"), Headers = { { "Authorization", "Bearer secret" }, { "Slipway-Session", "jane" }, { "X-User", "jane" } } };
        using var response = await _client.SendAsync(request, Token);
        Assert.Equal(Answer, await response.Content.ReadAsStringAsync(Token));

        var (asHead, asBody) = await asked.Reader.ReadAsync(Token);
        Assert.Equal(Ask, asBody);
        Assert.StartsWith("POST /v1/chat/completions ", asHead, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", asHead, StringComparison.Ordinal);
        Assert.DoesNotContain("jane", asHead, StringComparison.Ordinal);
        var told = await _told.Copies.Reader.ReadAsync(Token);
        Assert.Equal(("default/c", RequestOutcome.Ok, true, 4L), (told.Deployment, told.Outcome, told.Copy, told.TokensOut));
        Assert.Equal((1, 0), (stable.Traffic.Requests, copy.Traffic.Requests));
        Assert.Equal(["default/m"], _history.Deployments);
        Assert.Equal("default/m", Assert.Single(_told.Users).Deployment);
    }

    [Fact]
    public async Task A_candidate_that_hangs_costs_no_user_anything_and_what_is_too_much_is_dropped_and_counted()
    {
        await using var candidate = new PlayedEngine(static async c =>
        {
            await c.RequestAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, Token);
        });
        var (stable, copy) = Copy(candidate, concurrency: 2);
        for (var i = 0; i < 50; i++) Assert.Equal(Answer, await AskAsync(Ask));
        // The clock of this gateway stands still: nobody waited for any patience to end.
        Assert.Equal((50, 0, 48), (stable.Traffic.Requests, stable.Traffic.Failures, _told.NotCopiedTo("default/c")));
        await AtCandidateAsync(candidate, 2);
        _time.Advance(TimeSpan.FromSeconds(31));
        for (var i = 0; i < 2; i++) Assert.Equal(RequestOutcome.Silent, (await _told.Copies.Reader.ReadAsync(Token)).Outcome);
        Assert.Equal(0, copy.Traffic.InFlight);
        // There is room again.
        Assert.Equal(Answer, await AskAsync(Ask));
        await AtCandidateAsync(candidate, 3);
    }

    [Fact]
    public async Task A_candidate_that_is_gone_or_breaks_off_fails_copies_and_no_request()
    {
        var candidate = new PlayedEngine(static async c =>
        {
            await c.RequestAsync();
            await c.SayAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
        });
        Copy(candidate);
        Assert.Equal(Answer, await AskAsync(Ask));
        Assert.Equal(RequestOutcome.Truncated, (await _told.Copies.Reader.ReadAsync(Token)).Outcome);
        await candidate.DisposeAsync();
        Assert.Equal(Answer, await AskAsync(Ask));
        Assert.Equal(RequestOutcome.Unreachable, (await _told.Copies.Reader.ReadAsync(Token)).Outcome);
    }

    [Fact]
    public async Task What_is_too_large_is_not_held_and_what_nobody_wants_copied_is_not()
    {
        await using var candidate = new PlayedEngine(static async c =>
        {
            await c.RequestAsync();
            await c.AnswerAsync(Answer);
        });
        Copy(candidate);
        Assert.Equal(Answer, await AskAsync($$"""{"model":"m","messages":[{"role":"user","content":"{{new string('x', 2_000_000)}}"}]}"""));
        Assert.Equal(1, _told.NotCopiedTo("default/c"));
        // Whoever names a deployment looks at it, and is no user.
        Assert.Equal(Answer, await AskAsync(Ask, "default/m"));
        Assert.Equal(0, candidate.Connections);
        Assert.Equal(Answer, await AskAsync(Ask));
        await _told.Copies.Reader.ReadAsync(Token);
        Assert.Equal(1, candidate.Connections);
    }

    [Fact]
    public async Task What_is_recorded_as_well_is_recorded_whole()
    {
        var folder = Directory.CreateTempSubdirectory("slipway-copies-");
        var options = new RecorderOptions { Folder = folder.FullName, KeyFile = Path.Combine(folder.FullName, "key"), Time = _time };
        var recorder = new Recorder(options, NullLogger<Recorder>.Instance);
        await using var gateway = await GatewayServer.StartAsync(new GatewayOptions { Observers = [_told], Recorder = recorder, Time = _time }, _router, NullLoggerFactory.Instance, Token);
        await using var candidate = new PlayedEngine(static async c =>
        {
            await c.RequestAsync();
            await c.AnswerAsync(Answer);
        });
        Copy(candidate, rule: new RecordingRule(1, TimeSpan.FromDays(1)));
        using var client = new HttpClient { BaseAddress = gateway.Address };
        for (var i = 0; i < 3; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(Ask), Headers = { { "Slipway-Session", i < 2 ? "jane" : "joe" } } };
            using var response = await client.SendAsync(request, Token);
            await _told.Copies.Reader.ReadAsync(Token);
        }

        await recorder.DisposeAsync();
        var lines = Slipway.Gateway.Recording.Storage.Recordings.Read(options, "default").Select(static l => System.Text.Json.Nodes.JsonNode.Parse(l)!).ToList();
        Assert.Equal(3, lines.Count);
        Assert.All(lines, static l => Assert.Equal("!", (string?)l["response"]!["choices"]![0]!["message"]!["content"]));
        // Sessions are told apart and not told.
        var sessions = lines.Select(static l => (string)l["session"]!).ToArray();
        Assert.Equal((sessions[0], false), (sessions[1], sessions[0] == sessions[2]));
        Assert.DoesNotContain("jane", sessions[0], StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    private static async Task AtCandidateAsync(PlayedEngine candidate, int connections)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while (candidate.Connections < connections) await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, patience.Token);
    }

    private async Task<string> AskAsync(string body, string? named = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(body) };
        if (named is not null) request.Headers.Add(Routes.DeploymentHeader, named);
        using var response = await _client.SendAsync(request, Token);
        return await response.Content.ReadAsStringAsync(Token);
    }

    private (Route Stable, Route Candidate) Copy(PlayedEngine candidate, int concurrency = 4, RecordingRule? rule = null)
    {
        var copy = new Route("c", "default/c", [new Backend(candidate.Address)], "", true, DateTimeOffset.UnixEpoch);
        var stable = new Route("m", "default/m", [new Backend(_stable.Address)], "", true, DateTimeOffset.UnixEpoch) { Copying = new Copying(copy, 100, concurrency, TimeSpan.FromSeconds(30)), Recording = rule };
        _router.Publish(new RouteTable(new Dictionary<string, Route> { ["m"] = stable, ["c"] = copy }));
        return (stable, copy);
    }

    private sealed class Told : IRequestObserver
    {
        private readonly ConcurrentDictionary<string, int> _not = new();

        public ConcurrentQueue<RequestRecord> Users { get; } = [];

        public Channel<RequestRecord> Copies { get; } = Channel.CreateUnbounded<RequestRecord>();

        public int NotCopiedTo(string deployment) => _not.GetValueOrDefault(deployment);

        public void Began(string deployment, DateTimeOffset at)
        {
            // Of users, as its end is.
        }

        public void Ended(in RequestRecord record) => Users.Enqueue(record);

        public void Copied(in RequestRecord record) => Copies.Writer.TryWrite(record);

        public void NotCopied(string deployment) => _not.AddOrUpdate(deployment, 1, static (_, n) => n + 1);
    }
}
