using System.Collections.Immutable;
using Slipway.Capacity.Accelerators;
using Slipway.Capacity.Inventory;

namespace Slipway.Simulation.Cluster;

/// <summary>Simulated nodes that are alike.</summary>
public sealed record NodeGroup
{
    /// <summary>The beginning of their names: NAME-0 is the first.</summary>
    public required string Name { get; init; }

    /// <summary>How many.</summary>
    public required int Count { get; init; }

    /// <summary>What accelerators they have; null for none.</summary>
    public AcceleratorFacts? Accelerator { get; init; }

    /// <summary>How many of them each node has.</summary>
    public int PerNode { get; init; }

    /// <summary>Whether a device plugin offers them (an extended resource); otherwise a driver publishes them (ResourceSlices).</summary>
    public bool HasPlugin { get; init; }

    /// <summary>The cloud's machine type; null for machines of one's own.</summary>
    public MachineType? Machine { get; init; }

    /// <summary>The cloud's region; empty when it is not said.</summary>
    public string Region { get; init; } = "";

    /// <summary>The zones that they are spread over; none when it is not said.</summary>
    public ImmutableArray<string> Zones { get; init; } = [];

    /// <summary>In how many racks they stand; 0 when it is not said.</summary>
    public int Racks { get; init; }

    /// <summary>Processors, as a quantity.</summary>
    public required string Cpu { get; init; }

    /// <summary>Memory, as a quantity.</summary>
    public required string Memory { get; init; }

    /// <summary>Labels beside those that follow from the rest.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Taints.</summary>
    public ImmutableArray<Taint> Taints { get; init; } = [];
}

/// <summary>A cluster that is to be simulated.</summary>
/// <param name="Nodes">Its nodes.</param>
/// <param name="Startup">How long a pod takes from its node to its readiness.</param>
public sealed record SimulationPlan(ImmutableArray<NodeGroup> Nodes, TimeSpan Startup)
{
    /// <summary>All nodes.</summary>
    public int NodeCount => Nodes.Sum(static n => n.Count);

    /// <summary>The accelerators in words, such as `100 x H100 SXM`; empty when there are none.</summary>
    public string Accelerators => string.Join(", ", Nodes.Where(static n => n.Accelerator is not null).GroupBy(static n => n.Accelerator!.Device.Name)
        .Select(static g => FormattableString.Invariant($"{g.Sum(static n => n.Count * n.PerNode)} x {g.Key}")));
}
