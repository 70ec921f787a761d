using System.Collections.Immutable;

namespace Slipway.Capacity.Cost;

/// <summary>
/// A sum of money some of whose parts may be unknown, or in another currency. Then the sum is unknown, with the reasons; what is known of it
/// is there, and is never shown as the whole.
/// </summary>
public sealed record CostSum
{
    private const int MaxReasons = 20;

    /// <summary>Nothing: known, and 0.</summary>
    public static CostSum Zero { get; } = new();

    /// <summary>What is known, by currency.</summary>
    public ImmutableSortedDictionary<string, decimal> Known { get; private init; } = ImmutableSortedDictionary<string, decimal>.Empty;

    /// <summary>Why the rest is not; the first twenty reasons.</summary>
    public ImmutableArray<string> Reasons { get; private init; } = [];

    /// <summary>The sum; null when a part is unknown, or parts are in several currencies.</summary>
    public decimal? Amount => Reasons.IsEmpty && Known.Count <= 1 ? Known.Values.FirstOrDefault() : null;

    /// <summary>The sum's currency; empty when there are none, or several.</summary>
    public string Currency => Known.Count == 1 ? Known.Keys.First() : "";

    /// <summary>Why <see cref="Amount"/> is null; null when it is not.</summary>
    public string? Unknown => Reasons is [var first, ..] ? Reasons.Length == 1 ? first : $"{first}, and {Reasons.Length - 1} more"
        : Known.Count > 1 ? $"parts are in {string.Join(" and ", Known.Keys)}, which are not added" : null;

    /// <summary>A known amount.</summary>
    public static CostSum Of(decimal amount, string currency) => Zero.Plus(amount, currency);

    /// <summary>An unknown amount.</summary>
    public static CostSum NotKnown(string reason) => new() { Reasons = [reason] };

    /// <summary>With a known amount more.</summary>
    public CostSum Plus(decimal amount, string currency) => this with { Known = Known.SetItem(currency, Known.GetValueOrDefault(currency) + amount) };

    /// <summary>With another sum more.</summary>
    public CostSum Plus(CostSum other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other == Zero) return this;
        if (this == Zero) return other;
        var known = Known.ToBuilder();
        foreach (var (currency, amount) in other.Known) known[currency] = known.GetValueOrDefault(currency) + amount;
        return new CostSum { Known = known.ToImmutable(), Reasons = [.. Reasons.Union(other.Reasons, StringComparer.Ordinal).Take(MaxReasons)] };
    }

    /// <summary>So many times as much, as hours of an hourly cost.</summary>
    public CostSum Times(decimal factor) => this with { Known = Known.ToImmutableSortedDictionary(static k => k.Key, k => k.Value * factor) };
}
