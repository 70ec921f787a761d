using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Slipway.Capacity.Inventory;

/// <summary>What a cluster has, and what of it is free, at one moment. Immutable: a new one is made from the caches when they change.</summary>
/// <param name="nodes">The nodes, by name.</param>
/// <param name="waiting">Pods that are on no node yet.</param>
public sealed class InventorySnapshot(ImmutableArray<NodeInventory> nodes, ImmutableArray<PodFacts> waiting)
{
    private readonly FrozenDictionary<string, NodeInventory> _byName = nodes.ToFrozenDictionary(static n => n.Node.Name, StringComparer.Ordinal);

    /// <summary>An empty cluster.</summary>
    public static InventorySnapshot Empty { get; } = new([], []);

    /// <summary>The nodes, by name.</summary>
    public ImmutableArray<NodeInventory> Nodes { get; } = nodes;

    /// <summary>Pods that are on no node yet.</summary>
    public ImmutableArray<PodFacts> Waiting { get; } = waiting;

    /// <summary>A node by its name; null when there is none.</summary>
    public NodeInventory? Find(string node) => _byName.GetValueOrDefault(node);
}
