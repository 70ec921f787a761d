using System.Collections.Immutable;

namespace Slipway.Capacity.Prices.Live;

/// <summary>Judges fetched prices against those that stand. Pure.</summary>
public abstract record RefreshVerdict
{
    /// <summary>A price that moves by more than this factor in one step waits for a person.</summary>
    public const decimal MaxFactor = 3;

    /// <summary>An answer with fewer of the rows that stand than this part is not whole.</summary>
    private const double LeastShare = 0.5;

    private RefreshVerdict()
    {
    }

    /// <summary>The prices may be used.</summary>
    /// <param name="Rates">What is to stand now: the accepted rates, and of those that the answer does not have or that wait, the old ones.</param>
    /// <param name="Accepted">How many were accepted.</param>
    /// <param name="Quarantined">The others, which wait.</param>
    public sealed record Use(ImmutableArray<RateRow> Rates, int Accepted, ImmutableArray<QuarantinedRate> Quarantined) : RefreshVerdict;

    /// <summary>None of them may be used.</summary>
    /// <param name="Reason">Why, in words for a user.</param>
    public sealed record Refuse(string Reason) : RefreshVerdict;

    /// <summary>Judges an answer.</summary>
    /// <param name="provider">The provider.</param>
    /// <param name="scope">What the answer covers.</param>
    /// <param name="standing">Rates of the same scope that an earlier refresh brought.</param>
    /// <param name="fresh">The rates of the answer.</param>
    /// <param name="present">The rate that stands for a row now, wherever it is from; null when there is none.</param>
    public static RefreshVerdict Of(string provider, string scope, IReadOnlyCollection<RateRow> standing, IReadOnlyCollection<RateRow> fresh, Func<RateRow, Rate?> present)
    {
        ArgumentNullException.ThrowIfNull(standing);
        ArgumentNullException.ThrowIfNull(fresh);
        ArgumentNullException.ThrowIfNull(present);
        var usable = fresh.Where(static r => r.Rate.Amount is > 0 and < 1_000_000).ToList();
        if (usable.Count == 0) return new Refuse("the answer has no prices");
        var named = usable.Select(Key).ToHashSet();
        if (standing.Count(r => named.Contains(Key(r))) < standing.Count * LeastShare) return new Refuse($"the answer has {named.Count} prices, and lacks most of the {standing.Count} that stand");
        var quarantined = ImmutableArray.CreateBuilder<QuarantinedRate>();
        var kept = standing.ToDictionary(Key);
        var accepted = 0;
        foreach (var row in usable)
        {
            if (present(row) is { Amount: > 0 } old && old.Edition.Currency == row.Rate.Edition.Currency && (row.Rate.Amount > old.Amount * MaxFactor || row.Rate.Amount * MaxFactor < old.Amount))
            {
                quarantined.Add(new QuarantinedRate(provider, scope, row, old));
                continue;
            }

            kept[Key(row)] = row;
            accepted++;
        }

        return new Use([.. kept.Values], accepted, quarantined.ToImmutable());
    }

    private static (string Region, string Type, PriceKind Kind) Key(RateRow row) => (row.Region.ToLowerInvariant(), row.MachineType.ToLowerInvariant(), row.Kind);
}

/// <summary>A fetched price that differs too much from the one that stands.</summary>
/// <param name="Provider">The provider.</param>
/// <param name="Scope">A region, or <c>all</c>: what was asked for.</param>
/// <param name="Fetched">What was fetched.</param>
/// <param name="Standing">What stands until a person accepts the other.</param>
public sealed record QuarantinedRate(string Provider, string Scope, RateRow Fetched, Rate Standing)
{
    /// <summary>In words.</summary>
    public override string ToString() => $"{Fetched.MachineType} in {Fetched.Region}: {Fetched.Rate.Amount} {Fetched.Rate.Edition.Currency} fetched, {Standing.Amount} stands";
}
