using System.Collections.Concurrent;
using System.Globalization;
using Slipway.Api.Rollouts;
using Slipway.Gateway.Records;
using Slipway.Gateway.Records.History;
using Slipway.Gateway.Routing;
using Slipway.Kubernetes.Objects;
using Slipway.Operator.Rollouts.Traffic;

namespace Slipway.Up;

/// <summary>What rollouts go by of users' requests: counted by the gateway of this process, each once, those of gates left out.</summary>
/// <param name="router">Who counts requests and failures.</param>
/// <param name="history">How long answers took.</param>
/// <param name="sized">The same by the size of the request.</param>
internal sealed class GatewayTraffic(Router router, RequestHistory history, SizedLatencies sized) : IRolloutTraffic, IRequestObserver
{
    // Fewer answers say little of a quantile; older ones little of what is.
    private const int LeastAnswers = 50;
    private static readonly TimeSpan s_lately = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, Limit>> _limits = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, CopyCount> _copies = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public Task LookAsync(IReadOnlyCollection<NamespacedName> deployments, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public double? Countable(NamespacedName deployment, LatencyMeasure measure, double seconds) => seconds;

    /// <inheritdoc/>
    public SeenTraffic Seen(NamespacedName deployment) =>
        router.Current.Deployments.GetValueOrDefault(deployment.ToString()) is { Traffic: var seen } ? new(seen.Requests, seen.Failures, seen.InFlight) : new(0, 0, 0);

    /// <inheritdoc/>
    public TimeSpan? Usual(NamespacedName deployment, LatencyMeasure measure, double quantile)
    {
        var times = history.Total(deployment.ToString(), s_lately) is not { } lately ? Latencies.None : measure switch
        {
            LatencyMeasure.FirstToken => lately.TimeToFirstToken,
            LatencyMeasure.BetweenTokens => lately.InterToken,
            _ => lately.Duration,
        };
        return times.Count < LeastAnswers ? null : times.Quantile(quantile);
    }

    /// <inheritdoc/>
    public IReadOnlyList<SizedLimit> UsualBySize(NamespacedName deployment, LatencyMeasure measure, double quantile) =>
    [
        .. sized.Read(deployment.ToString()).Zip(SizedLatencies.Sizes, (times, size) => (Times: Of(times, measure), Size: size)).Where(static s => s.Times.Count >= LeastAnswers)
            .Select(s => new SizedLimit { UpToBytes = s.Size == long.MaxValue ? null : s.Size, LimitSeconds = s.Times.Quantile(quantile)!.Value.TotalSeconds }),
    ];

    /// <inheritdoc/>
    public SlowAnswers Slower(NamespacedName deployment, LatencyEvidence limit)
    {
        ArgumentNullException.ThrowIfNull(limit);
        var count = _limits.GetOrAdd(deployment.ToString(), static _ => new()).GetOrAdd(Key(limit), _ => new Limit(limit));
        return new SlowAnswers(Interlocked.Read(ref count.Requests), Interlocked.Read(ref count.Slower));
    }

    /// <inheritdoc/>
    public SeenCopies Copies(NamespacedName candidate, IReadOnlyList<LatencyEvidence> limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        var copies = _copies.GetOrAdd(candidate.ToString(), static _ => new CopyCount());
        var slower = limits.Select(l => copies.Limits.GetOrAdd(Key(l), _ => new Limit(l))).Select(static c => new SlowAnswers(Interlocked.Read(ref c.Requests), Interlocked.Read(ref c.Slower))).ToArray();
        return new SeenCopies(Interlocked.Read(ref copies.Requests), Interlocked.Read(ref copies.Failures), Interlocked.Read(ref copies.Dropped), slower);
    }

    /// <inheritdoc/>
    public void Copied(in RequestRecord record)
    {
        if (record.Deployment is not { } candidate || !_copies.TryGetValue(candidate, out var copies)) return;
        if (record.Outcome is RequestOutcome.Ok) Time(record, copies.Limits);
        // What the model as it is took and the candidate turns down is a failure, whoever is to blame elsewhere.
        else Interlocked.Increment(ref copies.Failures);
        Interlocked.Increment(ref copies.Requests);
    }

    /// <inheritdoc/>
    public void NotCopied(string deployment)
    {
        if (_copies.TryGetValue(deployment, out var copies)) Interlocked.Increment(ref copies.Dropped);
    }

    /// <inheritdoc/>
    public void Began(string deployment, DateTimeOffset at)
    {
        // Only what is through is of interest here.
    }

    /// <inheritdoc/>
    public void Ended(in RequestRecord record)
    {
        if (record.Named || record.Outcome is not RequestOutcome.Ok || record.Deployment is not { } deployment || !_limits.TryGetValue(deployment, out var limits)) return;
        Time(record, limits);
    }

    private static void Time(in RequestRecord record, ConcurrentDictionary<string, Limit> limits)
    {
        foreach (var (_, count) in limits)
        {
            var took = count.Measure switch
            {
                LatencyMeasure.FirstToken => record.TimeToFirstToken,
                LatencyMeasure.BetweenTokens => record.InterToken,
                _ => record.Duration,
            };
            if (took is not { } time) continue;
            if (time.TotalSeconds > count.For(record.RequestBytes)) Interlocked.Increment(ref count.Slower);
            Interlocked.Increment(ref count.Requests);
        }
    }

    private static string Key(LatencyEvidence limit) =>
        string.Create(CultureInfo.InvariantCulture, $"{limit.Measure} {limit.LimitSeconds} {string.Join(' ', (limit.Sizes ?? []).Select(static s => string.Create(CultureInfo.InvariantCulture, $"{s.UpToBytes}:{s.LimitSeconds}")))}");

    private static Latencies Of(SizedTimes times, LatencyMeasure measure) => measure switch
    {
        LatencyMeasure.FirstToken => times.TimeToFirstToken,
        LatencyMeasure.BetweenTokens => times.InterToken,
        _ => times.Duration,
    };

    private sealed class CopyCount
    {
        public readonly ConcurrentDictionary<string, Limit> Limits = new(StringComparer.Ordinal);
        public long Requests, Failures, Dropped;
    }

    private sealed class Limit(LatencyEvidence limit)
    {
        public long Requests, Slower;

        private readonly double[] _seconds = [.. SizedLatencies.Sizes.Select(s => (limit.Sizes ?? []).FirstOrDefault(l => (l.UpToBytes ?? long.MaxValue) == s)?.LimitSeconds ?? limit.LimitSeconds)];

        public LatencyMeasure Measure => limit.Measure;

        public double For(long? bytes) => bytes is { } known ? _seconds[SizedLatencies.SizeOf(known)] : limit.LimitSeconds;
    }
}
