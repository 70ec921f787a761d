using System.Collections.Immutable;
using Slipway.Capacity.Inventory;
using Slipway.Capacity.Prices;

namespace Slipway.Capacity.Cost;

/// <summary>What a cluster costs an hour now: from the pods that are, on the nodes that are. Pods' costs and idle make the bill.</summary>
/// <param name="Nodes">Node by node.</param>
public sealed record ClusterCost(ImmutableArray<NodeCost> Nodes)
{
    /// <summary>The bill: all nodes, whatever runs on them.</summary>
    public CostSum Total { get; } = CostSum.Of(Nodes.Select(static n => n.Total));

    /// <summary>What nobody asked for.</summary>
    public CostSum Idle { get; } = CostSum.Of(Nodes.Select(static n => n.Idle));

    /// <summary>What pods take, by namespace.</summary>
    public ImmutableSortedDictionary<string, CostSum> ByNamespace { get; } = Group(Nodes, static p => p.Namespace);

    /// <summary>Costs of a cluster.</summary>
    public static ClusterCost Of(InventorySnapshot inventory, PriceBook prices)
    {
        ArgumentNullException.ThrowIfNull(inventory);
        return new ClusterCost([.. inventory.Nodes.Select(n => NodeCost.Of(n, prices))]);
    }

    /// <summary>What pods take, by a label of theirs, as that which names the model; pods without it are under the empty name.</summary>
    public ImmutableSortedDictionary<string, CostSum> ByLabel(string label) => Group(Nodes, p => p.Labels.GetValueOrDefault(label, ""));

    private static ImmutableSortedDictionary<string, CostSum> Group(ImmutableArray<NodeCost> nodes, Func<PodFacts, string> key) => nodes
        .SelectMany(static n => n.Pods).GroupBy(p => key(p.Pod), StringComparer.Ordinal)
        .ToImmutableSortedDictionary(static g => g.Key, static g => CostSum.Of(g.Select(static p => p.PerHour)), StringComparer.Ordinal);
}
