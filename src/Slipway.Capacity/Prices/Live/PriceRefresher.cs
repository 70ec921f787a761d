namespace Slipway.Capacity.Prices.Live;

/// <summary>Refreshes the prices of the regions in use whenever they are due, for as long as it runs.</summary>
/// <param name="prices">The prices.</param>
/// <param name="reports">Where outcomes are kept.</param>
/// <param name="inUse">Tells the regions in use, provider and region.</param>
/// <param name="time">The clock.</param>
public sealed class PriceRefresher(LivePrices prices, RefreshReports reports, Func<CancellationToken, Task<IReadOnlyCollection<(string Provider, string Region)>>> inUse, TimeProvider time)
{
    /// <summary>Time between looks at what is in use and due.</summary>
    public static TimeSpan Look { get; } = TimeSpan.FromMinutes(1);

    // What could not be written must not be asked for each minute.
    private readonly Dictionary<(string Provider, string Region), RefreshReport> _last = [];

    /// <summary>Called with each outcome.</summary>
    public event Action<RefreshReport>? Reported;

    /// <summary>Runs until it is stopped. A source that fails is asked again later, and later each time.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Look, time);
        do
        {
            foreach (var (provider, region) in await inUse(cancellationToken))
            {
                if (Last(provider, region) is { } last && last.Next > time.GetUtcNow()) continue;
                Reported?.Invoke(await RefreshAsync(provider, region, cancellationToken));
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    /// <summary>Refreshes a region now, and keeps what came of it.</summary>
    public async Task<RefreshReport> RefreshAsync(string provider, string region, CancellationToken cancellationToken)
    {
        var outcome = await prices.RefreshAsync(provider, region, cancellationToken);
        var report = RefreshReport.Of(provider, region, outcome, Last(provider, region), time.GetUtcNow(), Random.Shared.NextDouble());
        if (reports.Keep(report) is { } why) report = report with { Message = $"{report.Message}; the outcome is not kept on disk: {why}" };
        return _last[(provider, region)] = report;
    }

    // Another process may have asked since.
    private RefreshReport? Last(string provider, string region)
    {
        var own = _last.GetValueOrDefault((provider, region));
        return reports.Find(provider, region) is { } kept && !(own?.At > kept.At) ? kept : own;
    }
}
