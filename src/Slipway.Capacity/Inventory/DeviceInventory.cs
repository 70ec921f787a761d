using System.Collections.Immutable;
using Slipway.Capacity.Accelerators;

namespace Slipway.Capacity.Inventory;

/// <summary>The units of one kind of accelerator on one node: whole devices, shared ones, or slices of one size.</summary>
public sealed record DeviceInventory
{
    /// <summary>The extended resource, as in <c>nvidia.com/gpu</c> or <c>nvidia.com/mig-1g.5gb</c>; of devices in ResourceSlices their driver, as in <c>gpu.nvidia.com</c>.</summary>
    public required string Resource { get; init; }

    /// <summary>What one unit is.</summary>
    public required AcceleratorMatch Match { get; init; }

    /// <summary>Units that the node has.</summary>
    public required long Total { get; init; }

    /// <summary>Units that pods may have: fewer than <see cref="Total"/> while devices are broken.</summary>
    public required long Allocatable { get; init; }

    /// <summary>Units that pods have.</summary>
    public required long Used { get; init; }

    /// <summary>The pods that have them.</summary>
    public required ImmutableArray<DeviceUse> Users { get; init; }

    /// <summary>Units that nobody has. What is on a node that takes no pods is free, and yet not to be had: see <see cref="NodeInventory.Refusals"/>.</summary>
    public long Free => Math.Max(0, Allocatable - Used);

    /// <summary>Whole devices that the units amount to, by memory; null when what a unit is is not known.</summary>
    public double? Devices => Match is AcceleratorMatch.Known known ? Total * known.Fraction.Memory : null;
}

/// <summary>A pod that has units of an accelerator.</summary>
/// <param name="Pod">The pod.</param>
/// <param name="Units">How many.</param>
public sealed record DeviceUse(PodFacts Pod, long Units);
