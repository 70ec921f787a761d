using Slipway.Capacity.Cost;

namespace Slipway.Capacity.Answers;

/// <summary>How a budget for the month stands.</summary>
/// <param name="PerMonth">The limit.</param>
/// <param name="Currency">Its currency.</param>
/// <param name="Spent">Spent since the month began.</param>
/// <param name="Forecast">That, and the rest of the month if all goes on as now.</param>
/// <param name="Holds">Whether the forecast stays below the limit; null when a cost that is not known may change that.</param>
/// <param name="Message">The same in words.</param>
public sealed record BudgetAnswer(decimal PerMonth, string Currency, CostAmount Spent, CostAmount Forecast, bool? Holds, string Message)
{
    /// <summary>Judges a budget. Known costs alone can exceed it; only costs that are all known, in its currency, can keep it.</summary>
    internal static BudgetAnswer Of(Budget budget, CostSum spent, CostSum perHour, DateTimeOffset now)
    {
        var status = BudgetStatus.Of(budget, spent, perHour, now);
        var all = status.Forecast.Amount is { } amount && (amount == 0 || status.Forecast.Currency == budget.Currency);
        bool? holds = status.WillReach >= 1 ? false : all ? true : null;
        var message = status.Warning.Length > 0 ? status.Warning : FormattableString.Invariant($"By the end of the month {status.Forecast.KnownIn(budget.Currency):0.00} of {budget.PerMonth:0.00} {budget.Currency} will be spent.");
        return new BudgetAnswer(budget.PerMonth, budget.Currency, CostAmount.Of(status.Spent), CostAmount.Of(status.Forecast), holds, message);
    }
}
