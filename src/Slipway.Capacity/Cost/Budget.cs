using System.Collections.Immutable;

namespace Slipway.Capacity.Cost;

/// <summary>What a namespace may spend in a calendar month (UTC).</summary>
/// <param name="Namespace">The namespace.</param>
/// <param name="PerMonth">The limit.</param>
/// <param name="Currency">Its currency.</param>
/// <param name="Thresholds">Parts of the limit at which to warn, rising.</param>
public sealed record Budget(string Namespace, decimal PerMonth, string Currency, ImmutableArray<double> Thresholds)
{
    /// <summary>Warnings at half, four fifths and all of a budget.</summary>
    public static ImmutableArray<double> UsualThresholds { get; } = [0.5, 0.8, 1];
}

/// <summary>How a budget stands.</summary>
/// <param name="Spent">Spent this month.</param>
/// <param name="Forecast">That, and what the rest of the month costs if all goes on as now.</param>
/// <param name="Reached">The highest threshold that what was spent has reached; null when none.</param>
/// <param name="WillReach">The highest threshold that the forecast reaches; null when none.</param>
/// <param name="Warning">What to tell the user; empty when there is nothing to.</param>
public sealed record BudgetStatus(CostSum Spent, CostSum Forecast, double? Reached, double? WillReach, string Warning)
{
    /// <summary>Judges a budget. What is known of a cost counts even where the whole is unknown: the real cost is no lower.</summary>
    /// <param name="budget">The budget.</param>
    /// <param name="spent">Spent since the start of the month.</param>
    /// <param name="perHour">What the namespace costs an hour now.</param>
    /// <param name="now">The time.</param>
    public static BudgetStatus Of(Budget budget, CostSum spent, CostSum perHour, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(budget);
        ArgumentNullException.ThrowIfNull(spent);
        ArgumentNullException.ThrowIfNull(perHour);
        var utc = now.ToUniversalTime();
        var end = new DateTimeOffset(utc.Year, utc.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(1);
        var forecast = spent.Plus(perHour.Times((decimal)(end - utc).TotalHours));
        var reached = Threshold(budget, spent);
        var willReach = Threshold(budget, forecast);
        return new BudgetStatus(spent, forecast, reached, willReach, Words(budget, spent, forecast, reached, willReach));
    }

    private static double? Threshold(Budget budget, CostSum sum) =>
        budget.Thresholds.Where(t => sum.KnownIn(budget.Currency) >= budget.PerMonth * (decimal)t).Select(static t => (double?)t).Max();

    private static string Words(Budget budget, CostSum spent, CostSum forecast, double? reached, double? willReach)
    {
        var missing = forecast.Known.Select(static k => k.Currency).FirstOrDefault(c => c != budget.Currency) is { } other ? $" Costs in {other} are not counted."
            : forecast.Reasons is [var first, ..] ? $" Some costs are not known: {first}." : "";
        if (reached is { } r) return $"{spent.KnownIn(budget.Currency):0.00} of {budget.PerMonth:0.00} {budget.Currency} are spent ({r:P0} reached).{missing}";
        if (willReach is { } w) return $"By the end of the month {forecast.KnownIn(budget.Currency):0.00} of {budget.PerMonth:0.00} {budget.Currency} will be spent ({w:P0} reached).{missing}";
        return missing.TrimStart();
    }
}
