using Slipway.Models.Hardware;

namespace Slipway.Models.Memory;

/// <summary>Where a replica could run, on one kind of device.</summary>
public sealed record Placement
{
    /// <summary>The kind of device.</summary>
    public required Accelerator Accelerator { get; init; }

    /// <summary>The best fit found on it: the fewest devices that hold the workload, or the most that were tried when none do.</summary>
    public required Fit Fit { get; init; }

    /// <summary>Nodes that would take the replica now, one for each pipeline stage; empty when too few devices are free.</summary>
    public IReadOnlyList<string> Nodes { get; init; } = [];

    /// <summary>Replicas that the free devices could take now.</summary>
    public int Replicas { get; init; }

    /// <summary>Why it cannot be placed now though the cluster's devices would hold it; empty when it can.</summary>
    public string Blocked { get; init; } = "";

    /// <summary>Whether it can run now.</summary>
    public bool IsPossible => Nodes.Count > 0;
}
