using System.Collections.Concurrent;
using System.Collections.Immutable;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Rollouts;
using Slipway.Kubernetes.Objects;
using Slipway.Operator.Upstream;
using Slipway.Runtimes;
using Slipway.Runtimes.Engines.Metrics;
using Slipway.Runtimes.Pods;

namespace Slipway.Operator.Rollouts.Traffic;

/// <summary>What a cluster's engines say of users' requests, by their own metrics: whose gateway divides the traffic does not matter.</summary>
/// <param name="deployment">Finds a deployment.</param>
/// <param name="runtimes">The runtimes.</param>
/// <param name="pods">The pods of a deployment.</param>
/// <param name="time">The clock.</param>
/// <remarks>
/// A request that fails before it gets to an engine, as while a pod starts anew, is seen by none. What an engine that begins anew had in hand when it was last looked at counts as failed instead.
/// </remarks>
internal sealed class EngineTraffic(
    Func<NamespacedName, ModelDeployment?> deployment, IReadOnlyList<IRuntime> runtimes, Func<NamespacedName, RuntimeDescriptor, ImmutableArray<ModelPod>> pods, TimeProvider time) : IRolloutTraffic, IDisposable
{
    private const int AtOnce = 16;

    // Fewer answers say little of a quantile.
    private const int LeastAnswers = 50;

    // A rollout is looked at every second, and a hundred replicas need not be.
    private static readonly TimeSpan s_between = TimeSpan.FromSeconds(2);

    // Who has not looked for so long begins anew: gates may have asked meanwhile, and theirs are no requests of users.
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(30);

    private readonly PodMetrics _metrics = new();
    private readonly ConcurrentDictionary<NamespacedName, Tally> _tallies = new();

    public void Dispose() => _metrics.Dispose();

    public Task LookAsync(IReadOnlyCollection<NamespacedName> deployments, CancellationToken cancellationToken) => Task.WhenAll(deployments.Select(d => LookAsync(d, cancellationToken)));

    public SeenTraffic Seen(NamespacedName deployment) => _tallies.GetValueOrDefault(deployment)?.Seen ?? new SeenTraffic(0, 0, 0);

    public TimeSpan? Usual(NamespacedName deployment, LatencyMeasure measure, double quantile) =>
        _tallies.GetValueOrDefault(deployment)?.Now(measure) is { Count: >= LeastAnswers } timed ? TimeSpan.FromSeconds(timed.Quantile(quantile)) : null;

    public double? Countable(NamespacedName deployment, LatencyMeasure measure, double seconds) => _tallies.GetValueOrDefault(deployment)?.Now(measure).BoundFor(seconds);

    public SlowAnswers Slower(NamespacedName deployment, LatencyEvidence limit) =>
        _tallies.GetValueOrDefault(deployment)?.Since(limit.Measure) is { } timed ? new SlowAnswers((long)timed.Count, (long)timed.Slower(limit.LimitSeconds)) : new SlowAnswers(0, 0);

    private async Task LookAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        var tally = _tallies.GetOrAdd(key, static _ => new Tally());
        if (runtimes.FirstOrDefault(r => r.Descriptor.Name == deployment(key)?.Status?.Provider?.Name)?.Descriptor is not { Requests: { } counter } runtime) return;
        var since = tally.Looked is { } looked ? time.GetElapsedTime(looked) : TimeSpan.MaxValue;
        if (since < s_between) return;
        tally.Looked = time.GetTimestamp();
        if (since > s_pause) tally.Began = tally.Looked.Value;
        var found = new ConcurrentDictionary<string, ServedRequests>(StringComparer.Ordinal);
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        var there = pods(key, runtime).Where(p => counter.Label is not { } label || p.Metadata.Labels?.GetValueOrDefault(label.Key) == label.Value).ToArray();
        await Parallel.ForEachAsync(there.Where(p => PodMetrics.Address(p, counter.Port) is not null), options, async (pod, stop) =>
        {
            if (await _metrics.ReadAsync(PodMetrics.Address(pod, counter.Port)!, stop) is { } text && ServedRequests.Read(text) is { } served) found[pod.Metadata.Uid ?? ""] = served;
        });
        tally.Take(found, there.Select(static p => p.Metadata.Uid ?? "").ToHashSet(StringComparer.Ordinal), tally.Began == tally.Looked || time.GetElapsedTime(tally.Began) < counter.Lag);
    }

    // Of one deployment: its engines as last seen, and all that they did between the looks.
    private sealed class Tally
    {
        private readonly Lock _lock = new();
        private readonly Dictionary<string, ServedRequests> _last = new(StringComparer.Ordinal);
        private readonly Dictionary<LatencyMeasure, TimedAnswers> _since = [];

        public long? Looked { get; set; }

        public long Began { get; set; }

        public SeenTraffic Seen { get; private set; } = new(0, 0, 0);

        public TimedAnswers Now(LatencyMeasure measure)
        {
            lock (_lock) return _last.Values.Aggregate(TimedAnswers.None, (sum, served) => sum.Plus(Of(served, measure)));
        }

        public TimedAnswers? Since(LatencyMeasure measure)
        {
            lock (_lock) return _since.GetValueOrDefault(measure);
        }

        public void Take(IReadOnlyDictionary<string, ServedRequests> found, HashSet<string> there, bool begins)
        {
            lock (_lock)
            {
                foreach (var gone in _last.Keys.Where(pod => !there.Contains(pod)).ToArray()) _last.Remove(gone);
                foreach (var (pod, now) in found)
                {
                    // What it did before anybody looked is not what a rollout brought it.
                    var before = begins ? now : _last.GetValueOrDefault(pod, now);
                    var anew = now.Requests < before.Requests;
                    var (requests, failures) = anew ? (now.Requests + before.InFlight, now.Failures + before.InFlight) : (now.Requests - before.Requests, now.Failures - before.Failures);
                    Seen = Seen with { Requests = Seen.Requests + requests, Failures = Seen.Failures + Math.Max(0, failures) };
                    foreach (var measure in Enum.GetValues<LatencyMeasure>()) _since[measure] = (_since.GetValueOrDefault(measure) ?? TimedAnswers.None).Plus(Of(now, measure).Since(Of(before, measure)));
                    _last[pod] = now;
                }

                Seen = Seen with { InFlight = found.Values.Sum(static f => f.InFlight) };
            }
        }

        private static TimedAnswers Of(ServedRequests served, LatencyMeasure measure) => measure switch
        {
            LatencyMeasure.FirstToken => served.FirstToken,
            LatencyMeasure.BetweenTokens => served.BetweenTokens,
            _ => served.WholeAnswer,
        };
    }
}
