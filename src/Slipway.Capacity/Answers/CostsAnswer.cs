using System.Collections.Immutable;
using Slipway.Capacity.Cost;
using Slipway.Capacity.Prices;

namespace Slipway.Capacity.Answers;

/// <summary>What the models that run cost: the answer of <c>slipway cost</c> and of the REST API.</summary>
public sealed record CostsAnswer
{
    /// <summary>When it was looked at.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What the rows are: <c>deployment</c>, <c>namespace</c> or <c>node</c>.</summary>
    public required string By { get; init; }

    /// <summary>The rows, by name.</summary>
    public required ImmutableArray<CostRow> Rows { get; init; }

    /// <summary>All rows together: what models cost.</summary>
    public required CostRow Models { get; init; }

    /// <summary>What pods that serve no model take, an hour.</summary>
    public required CostAmount OthersPerHour { get; init; }

    /// <summary>What nobody asked for, an hour.</summary>
    public required CostAmount IdlePerHour { get; init; }

    /// <summary>What all nodes cost an hour.</summary>
    public required CostAmount NodesPerHour { get; init; }

    /// <summary>The prices that the costs come from, each once.</summary>
    public required ImmutableArray<PriceFact> Prices { get; init; }

    /// <summary>How a budget stands; null when none was given.</summary>
    public BudgetAnswer? Budget { get; init; }

    /// <summary>How a node's price is shared.</summary>
    public string Rule { get; init; } = "a pod pays the largest of its shares of the node's accelerators, processors and memory (dominant resource)";

    /// <summary>How the month was come by: it is an estimate.</summary>
    public string MonthBasis { get; init; } = "estimated: pods that run now, since they were created or the month began (UTC), at the price and share of now; pods that are gone are not in it";

    /// <summary>Answers.</summary>
    /// <param name="view">What was read of the cluster.</param>
    /// <param name="prices">The prices that are known.</param>
    /// <param name="by">What the rows are.</param>
    /// <param name="space">The namespace; null for all.</param>
    /// <param name="now">The time.</param>
    /// <param name="budget">What the models may spend; null for no limit.</param>
    public static CostsAnswer Of(ClusterView view, PriceBook prices, CostGrouping by, string? space, DateTimeOffset now, Budget? budget = null)
    {
        ArgumentNullException.ThrowIfNull(view);
        var cost = ClusterCost.Of(view.Inventory, prices);
        var parts = ModelCost.Of(view, cost, now).Where(p => space is null || p.Namespace == space).ToList();
        var used = parts.Select(static p => p.Node).OfType<NodeCost>().Distinct();
        return new CostsAnswer
        {
            At = now,
            By = by.ToString().ToLowerInvariant(),
            Rows = [.. parts.GroupBy(p => Key(p, by)).OrderBy(static g => g.Key, StringComparer.Ordinal).Select(static g => CostRow.Of(g.Key, g))],
            Models = CostRow.Of("", parts),
            OthersPerHour = CostAmount.Of(CostSum.Of(cost.Nodes.SelectMany(static n => n.Pods).Where(p => view.ModelOf(p.Pod) is null).Select(static p => p.PerHour))),
            IdlePerHour = CostAmount.Of(cost.Idle),
            NodesPerHour = CostAmount.Of(cost.Total),
            Budget = budget is null ? null : BudgetAnswer.Of(budget, CostSum.Of(parts.Select(static p => p.MonthSoFar)), CostSum.Of(parts.Select(static p => p.PerHour)), now),
            Prices = [.. used.Select(n => PriceFact.Of(n.Node, n.Price, now)).Distinct().OrderBy(static p => p.Machine, StringComparer.Ordinal)],
        };
    }

    private static string Key(ModelCost part, CostGrouping by) => by switch
    {
        CostGrouping.Namespace => part.Namespace,
        CostGrouping.Node => part.Node?.Node.Node.Name ?? "(no node)",
        _ => $"{part.Namespace}/{part.Deployment}",
    };
}

/// <summary>What the rows of <see cref="CostsAnswer"/> are.</summary>
public enum CostGrouping
{
    /// <summary>Deployments, as <c>namespace/name</c>.</summary>
    Deployment,

    /// <summary>Namespaces.</summary>
    Namespace,

    /// <summary>Nodes: of each, what models take.</summary>
    Node,
}
