using Slipway.Capacity.Cost;

namespace Slipway.Capacity.Answers;

/// <summary>What some models cost.</summary>
/// <param name="Name">A deployment, a namespace or a node; empty for all together.</param>
/// <param name="Pods">Pods on nodes.</param>
/// <param name="PerHour">What they cost an hour now.</param>
/// <param name="MonthSoFar">What they cost since the month began (UTC), estimated.</param>
/// <param name="Forecast">That, and what the rest of the month costs if all goes on as now.</param>
public sealed record CostRow(string Name, int Pods, CostAmount PerHour, CostAmount MonthSoFar, CostAmount Forecast)
{
    internal static CostRow Of(string name, IEnumerable<ModelCost> parts)
    {
        var list = parts.ToList();
        return new CostRow(
            name, list.Count(static p => p.Node is not null),
            CostAmount.Of(CostSum.Of(list.Select(static p => p.PerHour))),
            CostAmount.Of(CostSum.Of(list.Select(static p => p.MonthSoFar))),
            CostAmount.Of(CostSum.Of(list.Select(static p => p.Forecast))));
    }
}
