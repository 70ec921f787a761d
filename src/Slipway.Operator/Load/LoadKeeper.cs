using System.Collections.Concurrent;
using Slipway.Kubernetes.Objects;
using Slipway.Models.Speed.Learning;
using Slipway.Operator.Upstream;
using Slipway.Runtimes.Engines.Metrics;

namespace Slipway.Operator.Load;

/// <summary>Samples how busy engines are by their own metrics, and what deployments cost, so that a page can draw both without Prometheus.</summary>
/// <param name="history">Keeps it.</param>
/// <param name="engines">Where the metrics of each deployment's engines are, and how many replicas it has.</param>
/// <param name="costs">What deployments cost an hour, asked every minute; null where nobody knows.</param>
/// <param name="time">The clock.</param>
public sealed class LoadKeeper(
    LoadHistory history, Func<IReadOnlyDictionary<NamespacedName, IReadOnlyList<Uri>>> engines, Func<CancellationToken, Task<IReadOnlyDictionary<NamespacedName, decimal>>>? costs, TimeProvider time) : IDisposable
{
    // More replicas of a deployment say no more of how busy each is, and each costs a request.
    private const int MostReplicas = 8, AtOnce = 16, CostsEvery = 6;

    private readonly PodMetrics _metrics = new();
    private IReadOnlyDictionary<Uri, (EngineCounters Counters, DateTimeOffset At)> _before = new Dictionary<Uri, (EngineCounters, DateTimeOffset)>();

    /// <inheritdoc/>
    public void Dispose() => _metrics.Dispose();

    /// <summary>Samples again and again.</summary>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>When it was stopped.</returns>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(LoadHistory.Finest, time);
        IReadOnlyDictionary<NamespacedName, decimal> prices = new Dictionary<NamespacedName, decimal>();
        try
        {
            for (var round = 0; ; round++)
            {
                if (costs is not null && round % CostsEvery == 0) prices = await costs(cancellationToken);
                await SampleAsync(prices, cancellationToken);
                if (!await timer.WaitForNextTickAsync(cancellationToken)) return;
            }
        }
        catch (OperationCanceledException)
        {
            // It is stopped.
        }
    }

    private async Task SampleAsync(IReadOnlyDictionary<NamespacedName, decimal> prices, CancellationToken cancellationToken)
    {
        var all = engines();
        var looks = new ConcurrentDictionary<NamespacedName, ConcurrentBag<Look>>();
        var now = new ConcurrentDictionary<Uri, (EngineCounters Counters, DateTimeOffset At)>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(all.SelectMany(static d => d.Value.Take(MostReplicas).Select(address => (d.Key, Address: address))), options, async (engine, stop) =>
        {
            if (await _metrics.ReadAsync(engine.Address, stop) is not { } text || EngineLoad.Read(text) is not { } load) return;
            EngineCounters? did = null;
            TimeSpan since = default;
            if (EngineMetrics.Read(text) is { } counters)
            {
                now[engine.Address] = (counters, time.GetUtcNow());
                if (_before.TryGetValue(engine.Address, out var before)) (did, since) = (counters.Since(before.Counters), time.GetUtcNow() - before.At);
            }

            looks.GetOrAdd(engine.Key, static _ => []).Add(new Look(load, did, since));
        });
        _before = now;
        foreach (var key in all.Keys.Union(prices.Keys))
        {
            var seen = looks.GetValueOrDefault(key)?.ToArray() ?? [];
            var known = prices.TryGetValue(key, out var price);
            // Replicas that were not asked, or did not answer, are taken to be as busy as the others.
            if (seen.Length > 0 || known) history.Add(key, Sample(seen, seen.Length == 0 ? 0 : (double)all[key].Count / seen.Length) with { PerHour = known ? (double)price : null });
        }
    }

    private static LoadSample Sample(Look[] seen, double rest)
    {
        var caches = seen.Where(static l => l.Load.CacheUse is not null).Select(static l => l.Load.CacheUse!.Value).ToArray();
        var did = seen.Where(static l => l.Did is not null && l.Since > TimeSpan.Zero).ToArray();
        double? Rate(Func<EngineCounters, double> of) => did.Length == 0 ? null : did.Sum(l => of(l.Did!.Value) / l.Since.TotalSeconds) * rest;
        double? Mean(Func<EngineCounters, double> seconds, Func<EngineCounters, double> count) => did.Sum(l => count(l.Did!.Value)) is > 0 and var all ? did.Sum(l => seconds(l.Did!.Value)) / all : null;
        return new LoadSample
        {
            Running = seen.Length == 0 ? null : seen.Sum(static l => l.Load.Running) * rest,
            Waiting = seen.Length == 0 ? null : seen.Sum(static l => l.Load.Waiting) * rest,
            CacheUse = caches.Length == 0 ? null : caches.Average(),
            Requests = Rate(static c => c.Requests),
            TokensIn = Rate(static c => c.PromptTokens),
            TokensOut = Rate(static c => c.OutputTokens),
            FirstToken = Mean(static c => c.FirstTokenSeconds, static c => c.FirstTokens),
            BetweenTokens = Mean(static c => c.GapSeconds, static c => c.Gaps),
        };
    }

    private readonly record struct Look(EngineLoad Load, EngineCounters? Did, TimeSpan Since);
}
