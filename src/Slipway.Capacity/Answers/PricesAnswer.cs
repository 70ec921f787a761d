using System.Collections.Immutable;
using Slipway.Capacity.Prices;
using Slipway.Capacity.Prices.Live;

namespace Slipway.Capacity.Answers;

/// <summary>Where prices come from and how old they are: the answer of <c>slipway prices</c> and of the REST API.</summary>
/// <param name="At">When it was looked at.</param>
/// <param name="Editions">The tables of prices, by provider; what was fetched goes before what is bundled.</param>
/// <param name="Refreshes">The last refresh of each region that was asked for.</param>
public sealed record PricesAnswer(DateTimeOffset At, ImmutableArray<EditionAnswer> Editions, ImmutableArray<RefreshReport> Refreshes)
{
    /// <summary>Of the prices that are known.</summary>
    public static PricesAnswer Of(PriceBook prices, ImmutableArray<RefreshReport> refreshes, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(prices);
        var fetched = prices.Live.SelectMany(p => EditionAnswer.Of(p.Key, p.Value, true, now));
        var bundled = prices.Snapshot.Providers.SelectMany(p => EditionAnswer.Of(p, prices.Snapshot.Of(p), false, now));
        return new PricesAnswer(
            now, [.. fetched.Concat(bundled).OrderBy(static e => e.Provider, StringComparer.Ordinal).ThenByDescending(static e => e.Fetched).ThenByDescending(static e => e.AsOf).ThenBy(static e => e.Source, StringComparer.Ordinal)],
            [.. refreshes.OrderBy(static r => r.Provider, StringComparer.Ordinal).ThenBy(static r => r.Region, StringComparer.Ordinal)]);
    }
}

/// <summary>Prices that have their source and date in common.</summary>
/// <param name="Provider">The provider.</param>
/// <param name="Fetched">Whether they were fetched; otherwise they come with Slipway.</param>
/// <param name="Source">Who says so, in words.</param>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="AsOf">Since when they were true, to the day.</param>
/// <param name="AgeDays">Whole days since then.</param>
/// <param name="Rates">How many.</param>
/// <param name="Regions">Of how many regions.</param>
public sealed record EditionAnswer(string Provider, bool Fetched, string Source, string Currency, DateOnly AsOf, int AgeDays, int Rates, int Regions)
{
    internal static IEnumerable<EditionAnswer> Of(string provider, RateTable table, bool fetched, DateTimeOffset now) => table.Rows
        .GroupBy(static r => (r.Rate.Edition.Source, r.Rate.Edition.Currency, AsOf: DateOnly.FromDateTime(r.Rate.Edition.AsOf.UtcDateTime)))
        .Select(g => new EditionAnswer(
            provider, fetched, g.Key.Source, g.Key.Currency, g.Key.AsOf, Math.Max(0, DateOnly.FromDateTime(now.UtcDateTime).DayNumber - g.Key.AsOf.DayNumber),
            g.Count(), g.Select(static r => r.Region).Distinct(StringComparer.OrdinalIgnoreCase).Count()));
}
