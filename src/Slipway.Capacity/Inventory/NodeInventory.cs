using System.Collections.Immutable;

namespace Slipway.Capacity.Inventory;

/// <summary>One node: what it has, who has it, and whether it takes pods.</summary>
public sealed record NodeInventory
{
    /// <summary>The node.</summary>
    public required NodeFacts Node { get; init; }

    /// <summary>Where it comes from.</summary>
    public required NodeOrigin Origin { get; init; }

    /// <summary>Its accelerators, resource by resource; empty on a node without.</summary>
    public required ImmutableArray<DeviceInventory> Devices { get; init; }

    /// <summary>The pods on it that hold resources.</summary>
    public required ImmutableArray<PodFacts> Pods { get; init; }

    /// <summary>Sum of their requests.</summary>
    public required ResourceAmounts Requested { get; init; }

    /// <summary>Why a new pod does not get here, or needs a toleration for it, in words; empty when nothing stands in the way.</summary>
    public required ImmutableArray<Refusal> Refusals { get; init; }

    /// <summary>CPU that nobody asked for, thousandths of a core.</summary>
    public long FreeCpuMillis => Math.Max(0, Node.Allocatable.CpuMillis - Requested.CpuMillis);

    /// <summary>Memory that nobody asked for, bytes.</summary>
    public long FreeMemoryBytes => Math.Max(0, Node.Allocatable.MemoryBytes - Requested.MemoryBytes);

    /// <summary>Whether a pod that tolerates the taints of accelerator nodes gets here.</summary>
    public bool Schedulable => Refusals.All(static r => r.Kind == RefusalKind.AcceleratorTaint);
}

/// <summary>One thing that stands between a pod and a node.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Reason">The same in words.</param>
public sealed record Refusal(RefusalKind Kind, string Reason);

/// <summary>What may stand between a pod and a node.</summary>
public enum RefusalKind
{
    /// <summary>The node is not ready.</summary>
    NotReady,

    /// <summary>The node is cordoned.</summary>
    Cordoned,

    /// <summary>A taint that says "only what needs the accelerator": its key is the resource's name. Runtimes tolerate it.</summary>
    AcceleratorTaint,

    /// <summary>Another taint, which a pod has to tolerate by name.</summary>
    Taint,
}
