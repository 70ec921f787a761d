using System.Collections.Concurrent;
using Slipway.Kubernetes.Objects;
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
        var loads = new ConcurrentDictionary<NamespacedName, ConcurrentBag<EngineLoad>>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(all.SelectMany(static d => d.Value.Take(MostReplicas).Select(address => (d.Key, address))), options, async (engine, stop) =>
        {
            if (await _metrics.ReadAsync(engine.address, stop) is { } text && EngineLoad.Read(text) is { } load) loads.GetOrAdd(engine.Key, static _ => []).Add(load);
        });
        foreach (var key in all.Keys.Union(prices.Keys))
        {
            decimal? price = prices.TryGetValue(key, out var known) ? known : null;
            var seen = loads.GetValueOrDefault(key)?.ToArray() ?? [];
            if (seen.Length == 0 && price is null) continue;
            // Replicas that were not asked, or did not answer, are taken to be as busy as the others.
            var rest = seen.Length == 0 ? 0 : (double)all[key].Count / seen.Length;
            var caches = seen.Where(static l => l.CacheUse is not null).Select(static l => l.CacheUse!.Value).ToArray();
            history.Add(key, new LoadSample(
                seen.Length == 0 ? null : seen.Sum(static l => l.Running) * rest, seen.Length == 0 ? null : seen.Sum(static l => l.Waiting) * rest, caches.Length == 0 ? null : caches.Average(), price));
        }
    }
}
