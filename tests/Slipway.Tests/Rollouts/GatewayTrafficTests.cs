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
    private readonly FakeTimeProvider _time = new();
    private readonly RequestHistory _history;
    private readonly GatewayTraffic _traffic;

    public GatewayTrafficTests()
    {
        _history = new RequestHistory(_time);
        _traffic = new GatewayTraffic(new Router(), _history);
    }

    [Fact]
    public void Answers_are_counted_against_a_limit_from_when_somebody_asks_and_those_of_gates_and_failures_are_not()
    {
        Answer(first: 0.9);
        Assert.Equal(new SlowAnswers(0, 0), _traffic.Slower(s_key, LatencyMeasure.FirstToken, 0.5));
        Answer(first: 0.4);
        Answer(first: 0.6);
        Answer(first: 0.6, named: true);
        Answer(first: 0.6, outcome: RequestOutcome.Broken);
        Answer(first: null);
        Assert.Equal(new SlowAnswers(2, 1), _traffic.Slower(s_key, LatencyMeasure.FirstToken, 0.5));
        Assert.Equal(new SlowAnswers(0, 0), _traffic.Slower(s_key, LatencyMeasure.WholeAnswer, 0.5));
        Answer(first: null);
        Assert.Equal(new SlowAnswers(1, 1), _traffic.Slower(s_key, LatencyMeasure.WholeAnswer, 0.5));
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
        Assert.Equal(new SlowAnswers(0, 0), _traffic.Slower(s_key, LatencyMeasure.FirstToken, 0.5));

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

    private void Answer(double? first, bool named = false, RequestOutcome outcome = RequestOutcome.Ok)
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
        };
        _history.Began("default/a", record.Started);
        _time.Advance(TimeSpan.FromSeconds(2));
        _history.Ended(record);
        _traffic.Ended(record);
    }
}
