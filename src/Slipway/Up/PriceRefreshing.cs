using Slipway.Capacity.Inventory;
using Slipway.Capacity.Inventory.Kubernetes;
using Slipway.Capacity.Prices.Live;
using Slipway.Knowing;
using Slipway.Kubernetes.Connection;
using Slipway.Operator;

namespace Slipway.Up;

/// <summary>Keeps the prices of the regions that nodes are in fresh, beside everything else. Without nodes of a cloud nobody is asked.</summary>
internal sealed partial class PriceRefreshing : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PriceFeeds _feeds;
    private readonly Task _running;
    private readonly ILogger _log;

    private PriceRefreshing(KubeClient client, DataDirectory data, TimeProvider time, ILoggerFactory loggers)
    {
        _log = loggers.CreateLogger<PriceRefreshing>();
        _feeds = new PriceFeeds(data, time);
        foreach (var fault in _feeds.Prices.Faults) LogFault(fault);
        _running = Task.Run(() => RunAsync(client, data, time));
    }

    /// <summary>Begins; nothing waits for it.</summary>
    public static PriceRefreshing Start(KubeClient client, DataDirectory data, TimeProvider time, ILoggerFactory loggers) => new(client, data, time, loggers);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _feeds.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync(KubeClient client, DataDirectory data, TimeProvider time)
    {
        var refresher = new PriceRefresher(_feeds.Prices, data.RefreshReports, stop => RegionsAsync(client, stop), time);
        refresher.Reported += report =>
        {
            if (report.Outcome == "failed") LogFailed(report.Provider, report.Region, report.Message, report.Next);
            else LogDone(report.Provider, report.Region, report.Message, report.Next);
        };
        try
        {
            await refresher.RunAsync(_stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Asked to stop.
        }
    }

    // An API that does not answer now does at the next look: prices are not worth an alarm of their own.
    private static async Task<IReadOnlyCollection<(string Provider, string Region)>> RegionsAsync(KubeClient client, CancellationToken cancellationToken)
    {
        try
        {
            return [.. (await client.ListAsync(Kinds.Nodes, null, cancellationToken)).Select(static n => NodeReader.Read(n.Json)).OfType<NodeFacts>().Select(NodeOrigin.Of)
                .Where(static o => o.Provider.Length > 0 && o.Region.Length > 0).Select(static o => (o.Provider, o.Region)).Distinct()];
        }
        catch (Exception unreadable) when (unreadable is KubeApiException or HttpRequestException)
        {
            return [];
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Prices of {Provider} {Region}: {What}; asked again at {Next:u}")]
    private partial void LogDone(string provider, string region, string what, DateTimeOffset next);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Prices of {Provider} {Region} were not refreshed: {Why}. Those known stand; asked again at {Next:u}")]
    private partial void LogFailed(string provider, string region, string why, DateTimeOffset next);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Kept prices cannot be read and are fetched anew: {Fault}")]
    private partial void LogFault(string fault);
}
