using System.Globalization;
using Slipway.Capacity.Accelerators;
using Slipway.Capacity.Inventory;
using Slipway.Models.Hardware;

namespace Slipway.Operator.Sizing;

/// <summary>The accelerators of one kind.</summary>
/// <param name="Accelerator">The kind.</param>
/// <param name="Most">The most of them that a node has.</param>
internal sealed record AcceleratorPool(Accelerator Accelerator, int Most)
{
    /// <summary>What is taken for granted where the cluster says nothing: 8 of 80 GB in a node, the usual A100 and H100 machine.</summary>
    /// <remarks>Cards of nominally 80 GB report 79.3 GiB (A100) and 79.6 GiB (H100), which are 85.2 and 85.5 GB.</remarks>
    public static AcceleratorPool Default { get; } = new(new Accelerator { Key = "assumed-80gb", Name = "80 GB", MemoryBytes = 85_000_000_000 }, 8);

    /// <summary>Finds the kinds that a resource stands for, the smallest memory first.</summary>
    /// <param name="nodes">The cluster's nodes.</param>
    /// <param name="resource">The extended resource.</param>
    /// <param name="selector">Labels that nodes must have.</param>
    public static IReadOnlyList<AcceleratorPool> Of(IEnumerable<NodeFacts> nodes, string resource, IReadOnlyDictionary<string, string> selector)
    {
        var able = nodes.Where(n => selector.All(l => n.Labels.TryGetValue(l.Key, out var value) && value == l.Value)).DistinctBy(n => n.Name).ToList();
        return [.. InventoryBuilder.Bundled.Build(able, []).Nodes
            .SelectMany(n => n.Devices.Where(d => d.Resource == resource).Select(d => (Kind: Kind(d.Match, n.Node), d.Total)))
            .Where(d => d.Kind is not null)
            .GroupBy(d => (d.Kind!.Key, d.Kind.MemoryBytes)).Select(g => new AcceleratorPool(g.First().Kind!, (int)Math.Min(g.Max(d => d.Total), 64)))
            .OrderBy(p => p.Accelerator.MemoryBytes)];
    }

    // A product that no table lists may still say how much memory it has, in MiB.
    private static Accelerator? Kind(AcceleratorMatch match, NodeFacts node) => match switch
    {
        AcceleratorMatch.Known known => known.Device with { MemoryBytes = known.UnitMemoryBytes },
        _ when node.Labels.TryGetValue("nvidia.com/gpu.memory", out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var mebibytes) && mebibytes > 0 =>
            new Accelerator
            {
                Key = $"unlisted-{mebibytes}",
                Name = node.Labels.TryGetValue("nvidia.com/gpu.product", out var product) ? product : "GPU",
                MemoryBytes = (long)mebibytes << 20,
                Vendor = "nvidia",
            },
        _ => null,
    };
}
