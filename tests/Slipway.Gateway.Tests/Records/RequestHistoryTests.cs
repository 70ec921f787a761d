using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Slipway.Gateway.Records;
using Slipway.Gateway.Records.History;
using Slipway.Testing;

namespace Slipway.Gateway.Tests.Records;

public sealed class RequestHistoryTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 27, 8, 0, 3, TimeSpan.Zero));
    private readonly RequestHistory _history;

    public RequestHistoryTests() => _history = new RequestHistory(_time, mostDeployments: 3);

    [Fact]
    public void Requests_count_where_they_end_and_work_where_it_was_done()
    {
        _history.Began("d", Now);
        _time.Advance(TimeSpan.FromSeconds(2));
        _history.Began("d", Now);
        _time.Advance(TimeSpan.FromSeconds(10));
        End("d", took: 12, tokensIn: 5, tokensOut: 7);
        End("d", took: 10, outcome: RequestOutcome.Truncated);
        _time.Advance(TimeSpan.FromSeconds(15));
        var points = _history.Read("d", TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(1));
        Assert.Equal([3, 10, 20], points.Select(static p => p.Start.Second));
        Assert.Equal([7, 10, 10], points.Select(static p => p.Length.TotalSeconds));
        Assert.Equal([0L, 2, 0], points.Select(static p => p.Requests));
        Assert.Equal([0L, 1, 0], points.Select(static p => p.Failures));
        // 2 s of one and 5 s of two in 7 s; then 5 s of two in 10 s.
        Assert.Equal([12 / 7.0, 1, 0], points.Select(static p => p.Concurrency));
        Assert.Equal([2, 2, 0], points.Select(static p => p.PeakConcurrency));
        Assert.Equal((5, 7, 0, 12.0), (points[1].TokensIn, points[1].TokensOut, points[1].Uncounted, points[1].Duration.Mean!.Value.TotalSeconds));
        Assert.Equal((2L, 27.0), (_history.Total("d", TimeSpan.FromHours(1))!.Requests, _history.Total("d", TimeSpan.FromHours(1))!.Length.TotalSeconds));
    }

    [Fact]
    public void What_is_not_known_is_not_there()
    {
        Assert.Empty(_history.Read("d", TimeSpan.FromHours(1), TimeSpan.FromMinutes(1)));
        Assert.Null(_history.Total("d", TimeSpan.FromHours(1)));
        Ask("d", took: 0);
        _time.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal([1L, 0, 0, 0], _history.Read("d", TimeSpan.FromHours(1), TimeSpan.FromMinutes(1)).Select(static p => p.Requests));
        Assert.Null(_history.Total("d", TimeSpan.FromHours(1))!.TimeToFirstToken.Quantile(0.5));
    }

    [Fact]
    public void An_hour_is_kept_in_short_stretches_and_a_day_in_longer_ones()
    {
        for (var minute = 0; minute < 26 * 60; minute++)
        {
            Ask("d", took: 0);
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        var hour = _history.Read("d", TimeSpan.FromHours(1), TimeSpan.FromSeconds(10));
        Assert.Equal(60, hour.Sum(static p => p.Requests));
        Assert.All(hour, static p => Assert.InRange(p.Length.TotalSeconds, 1, 10));
        var day = _history.Read("d", TimeSpan.FromDays(1), TimeSpan.FromMinutes(5));
        Assert.Equal(289, day.Length);
        Assert.InRange(day.Sum(static p => p.Requests), 24 * 60, (24 * 60) + 5);
        Assert.Equal(5, day[^2].Requests);
        // More than is kept is asked for: what is kept is given.
        Assert.InRange(_history.Total("d", TimeSpan.FromDays(7))!.Length, TimeSpan.FromDays(1), TimeSpan.FromDays(1) + RequestHistory.Coarsest);
    }

    [Fact]
    public void A_quantile_is_near_the_true_one() =>
        Gen.Select(Gen.Double[-7, 6].Array[1, 200], Gen.Double[0, 1]).Sample((logs, share) =>
        {
            var time = new FakeTimeProvider();
            var history = new RequestHistory(time);
            var latencies = logs.Select(static l => TimeSpan.FromSeconds(Math.Exp(l))).Order().ToArray();
            foreach (var latency in latencies)
            {
                history.Began("d", time.GetUtcNow());
                history.Ended(Record("d", 0, time.GetUtcNow()) with { TimeToFirstToken = latency });
            }

            time.Advance(TimeSpan.FromSeconds(1));
            var read = history.Total("d", TimeSpan.FromMinutes(1))!.TimeToFirstToken;
            var rank = Math.Clamp((int)Math.Ceiling(share * latencies.Length) - 1, 0, latencies.Length - 1);
            Assert.Equal(latencies.Length, read.Count);
            Assert.InRange(read.Quantile(share)!.Value / latencies[rank], 1 / 1.2, 1.2);
            Assert.Equal(latencies.Average(static l => l.TotalSeconds), read.Mean!.Value.TotalSeconds, 4);
            var above = read.ShareAbove(latencies[rank])!.Value;
            Assert.InRange(above, latencies.Count(l => l > latencies[rank] * 1.2) / (double)latencies.Length, latencies.Count(l => l > latencies[rank] / 1.2) / (double)latencies.Length);
        });

    [Fact]
    public void Stretches_add_up_to_the_whole() =>
        Gen.Select(Gen.Int[0, 40], Gen.Int[0, 60], Gen.Int[1, 9]).Array[1, 60].Sample(steps =>
        {
            var time = new FakeTimeProvider();
            var history = new RequestHistory(time);
            foreach (var (wait, took, tokens) in steps)
            {
                history.Began("d", time.GetUtcNow());
                time.Advance(TimeSpan.FromSeconds(took));
                history.Ended(Record("d", took, time.GetUtcNow()) with { TokensOut = tokens });
                time.Advance(TimeSpan.FromSeconds(wait));
            }

            time.Advance(TimeSpan.FromSeconds(1));
            foreach (var step in (double[])[10, 60, 299])
            {
                var points = history.Read("d", TimeSpan.FromHours(1), TimeSpan.FromSeconds(step));
                var total = history.Total("d", TimeSpan.FromHours(1))!;
                Assert.Equal(total.TokensOut, points.Sum(static p => p.TokensOut));
                Assert.Equal(total.Requests, points.Sum(static p => p.Requests));
                Assert.Equal(total.Length, TimeSpan.FromTicks(points.Sum(static p => p.Length.Ticks)));
                Assert.Equal(total.Concurrency * total.Length.TotalSeconds, points.Sum(static p => p.Concurrency * p.Length.TotalSeconds), 3);
                Assert.Equal(total.Duration.Count, points.Aggregate(Latencies.None, static (sum, p) => sum.Plus(p.Duration)).Count);
            }
        });

    [Fact]
    public void One_deployment_more_takes_the_place_of_the_one_that_was_quiet_for_longest()
    {
        Ask("a", 0);
        _time.Advance(TimeSpan.FromSeconds(1));
        Ask("b", 0);
        _history.Began("c", Now);
        Ask("d", 0);
        Assert.Equal(["b", "c", "d"], _history.Deployments);
        _history.Began("b", Now);
        _history.Began("d", Now);
        Ask("e", 0);
        Assert.Equal(["b", "c", "d"], _history.Deployments);
    }

    [Fact]
    public void Observers_allocate_nothing_for_a_request()
    {
        using var telemetry = new GatewayTelemetry();
        var feed = new RequestFeed(capacity: 8);
        IRequestObserver[] observers = [_history, telemetry, feed];
        var record = Record("d", 3) with { TimeToFirstToken = TimeSpan.FromSeconds(1), InterToken = TimeSpan.FromMilliseconds(7), TokensIn = 5, TokensOut = 6 };
        Assert.Equal(0, Allocated.By(Tell));
        Assert.True(feed.Dropped > 100);

        void Tell()
        {
            for (var i = 0; i < 100; i++)
            {
                foreach (var observer in observers)
                {
                    observer.Began("d", Now);
                    observer.Ended(record);
                }
            }
        }
    }

    private DateTimeOffset Now => _time.GetUtcNow();

    private void Ask(string deployment, double took)
    {
        _history.Began(deployment, Now);
        End(deployment, took);
    }

    private void End(string deployment, double took, long? tokensIn = null, long? tokensOut = null, RequestOutcome outcome = RequestOutcome.Ok) =>
        _history.Ended(Record(deployment, took) with { TokensIn = tokensIn, TokensOut = tokensOut, Outcome = outcome });

    private RequestRecord Record(string deployment, double took) => Record(deployment, took, Now);

    private static RequestRecord Record(string deployment, double took, DateTimeOffset now) => new()
    {
        Started = now - TimeSpan.FromSeconds(took),
        Duration = TimeSpan.FromSeconds(took),
        Operation = RequestOperation.Chat,
        Outcome = RequestOutcome.Ok,
        Status = 200,
        Deployment = deployment,
    };
}
