using System.Collections.Immutable;
using Slipway.Capacity.Cost;

namespace Slipway.Capacity.Answers;

/// <summary>A sum of money as answers show it: an amount, or why there is none and what is known of it.</summary>
/// <param name="Amount">The amount, to the millionth; null when a part of it is unknown.</param>
/// <param name="Currency">ISO 4217 code; null when the amount is null, or nothing costs anything.</param>
/// <param name="Unknown">Why the amount is null; null when it is not.</param>
/// <param name="Known">What is known of an unknown amount, a currency at a time; empty otherwise.</param>
public sealed record CostAmount(decimal? Amount, string? Currency, string? Unknown, ImmutableArray<Money> Known)
{
    /// <summary>Of a sum.</summary>
    public static CostAmount Of(CostSum sum)
    {
        ArgumentNullException.ThrowIfNull(sum);
        return sum.Amount is { } amount
            ? new CostAmount(Math.Round(amount, 6), sum.Currency.Length > 0 ? sum.Currency : null, null, [])
            : new CostAmount(null, null, sum.Unknown, [.. sum.Known.Select(static k => k with { Amount = Math.Round(k.Amount, 6) })]);
    }
}
