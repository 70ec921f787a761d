using Slipway.Capacity.Answers;
using Slipway.Capacity.Prices.Live;
using Slipway.Commands;
using Slipway.Knowing;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;
using Slipway.Operator.Load;

namespace Slipway.Up;

/// <summary>Samples how busy engines are and what deployments cost, beside everything else, for the charts of the page.</summary>
internal sealed class LoadKeeping : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly LoadKeeper _keeper;
    private readonly Task _running;

    private LoadKeeping(LoadHistory history, Func<IReadOnlyDictionary<NamespacedName, IReadOnlyList<Uri>>> engines, KubeClient client, PriceStore prices, TimeProvider time)
    {
        _keeper = new LoadKeeper(history, engines, stop => CostsAsync(client, prices, time, stop), time);
        _running = Task.Run(() => _keeper.RunAsync(_stop.Token));
    }

    /// <summary>Of a machine whose engines cannot be asked.</summary>
    public static IReadOnlyDictionary<NamespacedName, IReadOnlyList<Uri>> NoEngines { get; } = new Dictionary<NamespacedName, IReadOnlyList<Uri>>();

    /// <summary>Begins; nothing waits for it.</summary>
    public static LoadKeeping Start(LoadHistory history, Func<IReadOnlyDictionary<NamespacedName, IReadOnlyList<Uri>>> engines, KubeClient client, PriceStore prices, TimeProvider time) => new(history, engines, client, prices, time);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _keeper.Dispose();
        _stop.Dispose();
    }

    // An API that does not answer now does at the next look; what is not known is not drawn.
    private static async Task<IReadOnlyDictionary<NamespacedName, decimal>> CostsAsync(KubeClient client, PriceStore prices, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            var view = await ClusterReader.ReadAsync(client, cancellationToken);
            var rows = CostsAnswer.Of(view, await KnownPrices.ReadAsync(prices, null), CostGrouping.Deployment, null, time.GetUtcNow()).Rows;
            return rows.Where(static r => r is { PerHour.Amount: not null, Pods: > 0 }).ToDictionary(static r => new NamespacedName(r.Name[..r.Name.IndexOf('/', StringComparison.Ordinal)], r.Name[(r.Name.IndexOf('/', StringComparison.Ordinal) + 1)..]), static r => r.PerHour.Amount!.Value);
        }
        catch (Exception unreadable) when (unreadable is KubeApiException or HttpRequestException or CommandFailure)
        {
            return new Dictionary<NamespacedName, decimal>();
        }
    }
}
