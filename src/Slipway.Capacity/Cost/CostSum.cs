using System.Collections.Immutable;

namespace Slipway.Capacity.Cost;

/// <summary>
/// A sum of money some of whose parts may be unknown, or in another currency. Then the sum is unknown, with the reasons; what is known of it
/// is there, and is never shown as the whole.
/// </summary>
public sealed class CostSum
{
    private const int MaxReasons = 20;

    private CostSum(ImmutableArray<Money> known, ImmutableArray<string> reasons) => (Known, Reasons) = (known, reasons);

    /// <summary>Nothing: known, and 0.</summary>
    public static CostSum Zero { get; } = new([], []);

    /// <summary>What is known, one amount a currency, by the currency's name.</summary>
    public ImmutableArray<Money> Known { get; }

    /// <summary>Why the rest is not; the first twenty reasons.</summary>
    public ImmutableArray<string> Reasons { get; }

    /// <summary>The sum; null when a part is unknown, or parts are in several currencies.</summary>
    public decimal? Amount => Reasons.IsEmpty && Known.Length <= 1 ? Known.IsEmpty ? 0 : Known[0].Amount : null;

    /// <summary>The sum's currency; empty when there are none, or several.</summary>
    public string Currency => Known.Length == 1 ? Known[0].Currency : "";

    /// <summary>Why <see cref="Amount"/> is null; null when it is not.</summary>
    public string? Unknown => Reasons is [var first, ..] ? Reasons.Length == 1 ? first : $"{first}, and {Reasons.Length - 1} more"
        : Known.Length > 1 ? $"parts are in {string.Join(" and ", Known.Select(static k => k.Currency))}, which are not added" : null;

    /// <summary>A known amount.</summary>
    public static CostSum Of(decimal amount, string currency) => new([new Money(currency, amount)], []);

    /// <summary>An unknown amount.</summary>
    public static CostSum NotKnown(string reason) => new([], [reason]);

    /// <summary>All of these together.</summary>
    public static CostSum Of(IEnumerable<CostSum> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        var known = new List<Money>(1);
        List<string>? reasons = null;
        foreach (var part in parts)
        {
            foreach (var money in part.Known)
            {
                var place = known.FindIndex(k => k.Currency == money.Currency);
                if (place < 0) known.Add(money);
                else known[place] = money with { Amount = known[place].Amount + money.Amount };
            }

            foreach (var reason in part.Reasons)
            {
                if ((reasons ??= []).Count < MaxReasons && !reasons.Contains(reason)) reasons.Add(reason);
            }
        }

        known.Sort(static (a, b) => string.CompareOrdinal(a.Currency, b.Currency));
        return new CostSum([.. known], reasons is null ? [] : [.. reasons]);
    }

    /// <summary>What is known of it in one currency; 0 when nothing is.</summary>
    public decimal KnownIn(string currency)
    {
        foreach (var money in Known)
        {
            if (money.Currency == currency) return money.Amount;
        }

        return 0;
    }

    /// <summary>With another sum more.</summary>
    public CostSum Plus(CostSum other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return other == Zero ? this : this == Zero ? other : Of([this, other]);
    }

    /// <summary>So many times as much, as hours of an hourly cost.</summary>
    public CostSum Times(decimal factor) => new([.. Known.Select(k => k with { Amount = k.Amount * factor })], Reasons);
}

/// <summary>An amount of one currency.</summary>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="Amount">The amount.</param>
public readonly record struct Money(string Currency, decimal Amount);
