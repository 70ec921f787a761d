using Microsoft.Extensions.Time.Testing;
using Slipway.Api.Rollouts;
using Slipway.Gateway.Records;
using Slipway.Gateway.Records.History;
using Slipway.Gateway.Routing;
using Slipway.Kubernetes.Objects;
using Slipway.Operator.Rollouts.Traffic;
using Slipway.Up;

namespace Slipway.Tests.Rollouts;

/// <summary>What rollouts go by of users' requests.</summary>
public sealed class GatewayTrafficTests
{
    private static readonly NamespacedName s_key = new("default", "a");
    private static readonly LatencyEvidence s_first = new() { Measure = LatencyMeasure.FirstToken, LimitSeconds = 0.5 };
    private readonly FakeTimeProvider _time = new();
    private readonly RequestHistory _history;
    private readonly SizedLatencies _sized;
    private readonly GatewayTraffic _traffic;

    public GatewayTrafficTests()
    {
        _history = new RequestHistory(_time);
        _sized = new SizedLatencies(_time);
        _traffic = new GatewayTraffic(new Router(), _history, _sized);
    }

    [Fact]
    public void Answers_are_counted_against_a_limit_from_when_somebody_asks_and_those_of_gates_and_failures_are_not()
    {
        Answer(first: 0.9);
        Assert.Equal(new SlowAnswers(0, 0), _traffic.Slower(s_key, s_first));
        Answer(first: 0.4);
        Answer(first: 0.6);
        Answer(first: 0.6, named: true);
        Answer(first: 0.6, outcome: RequestOutcome.Broken);
        Answer(first: null);
        Assert.Equal(new SlowAnswers(2, 1), _traffic.Slower(s_key, s_first));
        Assert.Equal(new SlowAnswers(0, 0), _traffic.Slower(s_key, s_first with { Measure = LatencyMeasure.WholeAnswer }));
        Answer(first: null);
        Assert.Equal(new SlowAnswers(1, 1), _traffic.Slower(s_key, s_first with { Measure = LatencyMeasure.WholeAnswer }));
    }

    [Fact]
    public void Copies_are_counted_from_when_somebody_asks_and_are_no_requests_of_users()
    {
        LatencyEvidence[] limits = [new LatencyEvidence { Measure = LatencyMeasure.FirstToken, LimitSeconds = 0.5 }];
        Copy(RequestOutcome.Ok, 0.9);
        Assert.Equal(0, _traffic.Copies(s_key, limits).Requests);
        var before = _traffic.Copies(s_key, limits);
        Copy(RequestOutcome.Ok, 0.9);
        Copy(RequestOutcome.Ok, 0.1);
        Copy(RequestOutcome.Rejected, null);
        Copy(RequestOutcome.Silent, null);
        _traffic.NotCopied("default/a");
        var seen = _traffic.Copies(s_key, limits).Since(before);
        Assert.Equal((4, 2, 1, new SlowAnswers(2, 1)), (seen.Requests, seen.Failures, seen.Dropped, seen.Slower[0]));
        Assert.Equal(new SlowAnswers(0, 0), _traffic.Slower(s_key, s_first));

        void Copy(RequestOutcome outcome, double? first) => _traffic.Copied(new RequestRecord
        {
            Started = _time.GetUtcNow(),
            Duration = TimeSpan.FromSeconds(1),
            Operation = RequestOperation.Chat,
            Outcome = outcome,
            Status = 200,
            Deployment = "default/a",
            TimeToFirstToken = first is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            Copy = true,
        });
    }

    [Fact]
    public void What_is_usual_takes_enough_answers_to_say()
    {
        for (var i = 0; i < 49; i++) Answer(first: 0.2);
        Assert.Null(_traffic.Usual(s_key, LatencyMeasure.FirstToken, 0.9));
        Answer(first: 0.2);
        Assert.InRange(_traffic.Usual(s_key, LatencyMeasure.FirstToken, 0.9)!.Value.TotalSeconds, 0.16, 0.24);
        Assert.Null(_traffic.Usual(s_key, LatencyMeasure.BetweenTokens, 0.9));
    }

    [Fact]
    public void What_is_usual_and_what_is_slow_go_by_the_size_of_the_request_where_enough_were_of_it()
    {
        for (var i = 0; i < 50; i++) Answer(first: 0.1, bytes: 900);
        for (var i = 0; i < 50; i++) Answer(first: 2, bytes: 300_000);
        for (var i = 0; i < 49; i++) Answer(first: 0.5, bytes: 5000);
        for (var i = 0; i < 50; i++) Answer(first: 9, bytes: 900, named: true);
        var usual = _traffic.UsualBySize(s_key, LatencyMeasure.FirstToken, 0.9);
        Assert.Equal([1024L, null], usual.Select(static u => u.UpToBytes));
        Assert.InRange(usual[0].LimitSeconds, 0.08, 0.12);
        Assert.InRange(usual[1].LimitSeconds, 1.6, 2.4);
        Assert.Empty(_traffic.UsualBySize(s_key, LatencyMeasure.BetweenTokens, 0.9));

        var limit = s_first with { Sizes = [new() { UpToBytes = 1024, LimitSeconds = 0.15 }, new() { LimitSeconds = 3 }] };
        Assert.Equal(0, _traffic.Slower(s_key, limit).Requests);
        Answer(first: 0.2, bytes: 800);
        Answer(first: 2.5, bytes: 300_000);
        Answer(first: 0.4, bytes: 5000);
        Answer(first: 0.4);
        Assert.Equal(new SlowAnswers(4, 1), _traffic.Slower(s_key, limit));
        Answer(first: 0.6, bytes: 5000);
        Assert.Equal(new SlowAnswers(5, 2), _traffic.Slower(s_key, limit));
    }

    [Fact]
    public void What_took_how_long_an_hour_ago_is_usual_no_more()
    {
        for (var i = 0; i < 60; i++) Answer(first: 0.1, bytes: 900);
        _time.Advance(TimeSpan.FromMinutes(61));
        Assert.Empty(_traffic.UsualBySize(s_key, LatencyMeasure.FirstToken, 0.9));
    }

    private void Answer(double? first, bool named = false, RequestOutcome outcome = RequestOutcome.Ok, long? bytes = null)
    {
        var record = new RequestRecord
        {
            Started = _time.GetUtcNow(),
            Duration = TimeSpan.FromSeconds(1),
            Operation = RequestOperation.Chat,
            Outcome = outcome,
            Status = 200,
            Deployment = "default/a",
            TimeToFirstToken = first is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            Named = named,
            RequestBytes = bytes,
        };
        _history.Began("default/a", record.Started);
        _time.Advance(TimeSpan.FromSeconds(2));
        _history.Ended(record);
        _sized.Ended(record);
        _traffic.Ended(record);
    }
}
