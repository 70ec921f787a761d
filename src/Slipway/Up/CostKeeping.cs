using Slipway.Capacity.Cost;
using Slipway.Capacity.Prices.Live;
using Slipway.Commands;
using Slipway.Knowing;
using Slipway.Kubernetes.Connection;

namespace Slipway.Up;

/// <summary>Writes down what nodes and pods cost, beside everything else, for `slipway cost history`.</summary>
internal sealed partial class CostKeeping : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private readonly ILogger _log;

    private CostKeeping(KubeClient client, ICostHistoryStore store, PriceStore prices, TimeProvider time, ILoggerFactory loggers)
    {
        _log = loggers.CreateLogger<CostKeeping>();
        var keeper = new CostKeeper(store, stop => CostAsync(client, prices, stop), time);
        keeper.Failed += LogFailed;
        _running = Task.Run(() => keeper.RunAsync(_stop.Token));
    }

    /// <summary>Begins; nothing waits for it.</summary>
    public static CostKeeping Start(KubeClient client, ICostHistoryStore store, PriceStore prices, TimeProvider time, ILoggerFactory loggers) => new(client, store, prices, time, loggers);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    // An API that does not answer now does at the next look; the minute between is not known, and not made up.
    private static async Task<ClusterCost?> CostAsync(KubeClient client, PriceStore prices, CancellationToken cancellationToken)
    {
        try
        {
            var view = await ClusterReader.ReadAsync(client, cancellationToken);
            return view.Inventory.Nodes.IsEmpty ? null : ClusterCost.Of(view.Inventory, await KnownPrices.ReadAsync(prices, null));
        }
        catch (Exception unreadable) when (unreadable is KubeApiException or HttpRequestException or CommandFailure)
        {
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What was spent cannot be kept: {Why}")]
    private partial void LogFailed(string why);
}
