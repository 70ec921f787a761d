using System.Collections.Immutable;
using Slipway.Capacity.Prices.Feeds;

namespace Slipway.Capacity.Prices.Live;

/// <summary>
/// Prices fetched from the clouds: asked for, judged, kept on disk, and published as a whole. A failed, empty or absurd answer changes
/// nothing. When to ask is the caller's to say; every twelve hours for the regions in use is enough.
/// </summary>
public sealed class LivePrices : IDisposable
{
    private readonly ImmutableDictionary<string, IPriceFeed> _feeds;
    private readonly PriceStore _store;
    private readonly PriceSnapshot _snapshot;
    private readonly SemaphoreSlim _one = new(1, 1);
    private ImmutableDictionary<(string Provider, string Scope), KeptPrices> _kept;
    private ImmutableDictionary<string, RateTable> _tables;

    /// <summary>Starts with what is kept on disk.</summary>
    /// <param name="feeds">The sources, one a provider.</param>
    /// <param name="store">Where prices are kept.</param>
    /// <param name="snapshot">The prices that fetched ones are judged against where none were fetched before.</param>
    public LivePrices(IEnumerable<IPriceFeed> feeds, PriceStore store, PriceSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(store);
        _feeds = feeds.ToImmutableDictionary(static f => f.Provider);
        (_store, _snapshot) = (store, snapshot);
        var (kept, faults) = store.Load();
        Faults = faults;
        _kept = kept.ToImmutableDictionary(static k => (k.Provider, k.Scope));
        _tables = Tables(_kept);
    }

    /// <summary>Files of the store that could not be read at the start.</summary>
    public ImmutableArray<string> Faults { get; }

    /// <summary>The rates that stand, by provider.</summary>
    public ImmutableDictionary<string, RateTable> Current => Volatile.Read(ref _tables);

    /// <summary>Prices that moved too far to be believed, and wait for a person.</summary>
    public ImmutableArray<QuarantinedRate> Quarantine { get; private set; } = [];

    /// <summary>Asks a provider for the prices of a region.</summary>
    public async Task<RefreshOutcome> RefreshAsync(string provider, string region, CancellationToken cancellationToken)
    {
        if (!_feeds.TryGetValue(provider, out var feed)) return new RefreshOutcome.Failed($"there is no source of live prices of {provider}");
        var scope = feed.Scope(region);
        await _one.WaitAsync(cancellationToken);
        try
        {
            var standing = _kept.GetValueOrDefault((provider, scope));
            switch (await feed.FetchAsync(scope, standing?.ETag ?? "", cancellationToken))
            {
                case FeedAnswer.NotModified:
                    return new RefreshOutcome.Unchanged();
                case FeedAnswer.Failed failed:
                    return new RefreshOutcome.Failed(failed.Reason, failed.RetryAfter);
                case FeedAnswer.Fresh fresh:
                    return Take(provider, scope, standing, fresh);
                default:
                    throw new InvalidOperationException("A feed answered something new.");
            }
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Lets a quarantined price stand, because a person looked at it.</summary>
    /// <returns>False when no such price waits.</returns>
    public async Task<bool> AcceptAsync(QuarantinedRate rate, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rate);
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (!Quarantine.Contains(rate) || !_kept.TryGetValue((rate.Provider, rate.Scope), out var kept)) return false;
            Quarantine = Quarantine.Remove(rate);
            Publish(kept with { Rates = [.. kept.Rates.Where(r => !Same(r, rate.Fetched)), rate.Fetched] });
            return true;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();

    private RefreshOutcome Take(string provider, string scope, KeptPrices? standing, FeedAnswer.Fresh fresh)
    {
        var verdict = RefreshVerdict.Of(provider, scope, standing?.Rates ?? [], fresh.Rates, r => Present(provider, r));
        if (verdict is not RefreshVerdict.Use use) return new RefreshOutcome.Failed(((RefreshVerdict.Refuse)verdict).Reason);
        Quarantine = [.. Quarantine.Where(q => q.Provider != provider || !fresh.Rates.Any(f => Same(f, q.Fetched))), .. use.Quarantined];
        // While a price waits the mark is not kept: the next refresh is to bring the price again.
        var notKept = Publish(new KeptPrices(provider, scope, use.Rates, use.Quarantined.IsEmpty ? fresh.ETag : ""));
        return new RefreshOutcome.Updated(use.Accepted, use.Quarantined, notKept);
    }

    private string? Publish(KeptPrices prices)
    {
        _kept = _kept.SetItem((prices.Provider, prices.Scope), prices);
        Volatile.Write(ref _tables, Tables(_kept));
        try
        {
            _store.Keep(prices);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }

    private Rate? Present(string provider, RateRow row) =>
        (Current.GetValueOrDefault(provider)?.Find(row.Region, row.MachineType, row.Kind)) ?? _snapshot.Of(provider).Find(row.Region, row.MachineType, row.Kind);

    private static bool Same(RateRow a, RateRow b) => a.Kind == b.Kind && string.Equals(a.Region, b.Region, StringComparison.OrdinalIgnoreCase) && string.Equals(a.MachineType, b.MachineType, StringComparison.OrdinalIgnoreCase);

    private static ImmutableDictionary<string, RateTable> Tables(ImmutableDictionary<(string Provider, string Scope), KeptPrices> kept) => kept.Values
        .GroupBy(static k => k.Provider, StringComparer.Ordinal)
        .ToImmutableDictionary(static g => g.Key, static g => RateTable.Of(g.SelectMany(static k => k.Rates)));
}
