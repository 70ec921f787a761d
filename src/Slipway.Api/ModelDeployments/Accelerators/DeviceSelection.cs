using System.ComponentModel.DataAnnotations;
using Slipway.Api.Meta;

namespace Slipway.Api.ModelDeployments.Accelerators;

/// <summary>What a device must be; all that is said holds at once.</summary>
public abstract record DeviceSelection
{
    /// <summary>The DeviceClass (`resource.k8s.io`) to choose from; gpu.nvidia.com, or mig.nvidia.com for a partition, when absent.</summary>
    [MaxLength(253)]
    public string? DeviceClassName { get; init; }

    /// <summary>The least memory of each device, such as `80G`. Cards are named in decimal units: an 80 GB card reports 81559Mi, which is less than `80Gi`.</summary>
    public Quantity? MinMemory { get; init; }

    /// <summary>Product names, such as `NVIDIA H100`; a device's name begins with one of them.</summary>
    [MaxLength(16)]
    public IReadOnlyList<string>? Models { get; init; }

    /// <summary>Architectures, such as `Hopper`; a device has one of them.</summary>
    [MaxLength(16)]
    public IReadOnlyList<string>? Architectures { get; init; }

    /// <summary>What else the attributes that the driver publishes must be.</summary>
    [MaxLength(16)]
    public IReadOnlyList<AttributeRequirement>? Attributes { get; init; }

    /// <summary>Expressions in CEL over `device`, as in a ResourceClaim's `selectors[].cel.expression`. Guard what a device may lack: an error stops the scheduler for the whole pod.</summary>
    [MaxLength(8)]
    public IReadOnlyList<string>? Selectors { get; init; }

    /// <summary>A part of a device instead of a whole one.</summary>
    public DevicePartition? Partition { get; init; }

    /// <summary>Shares of devices that several claims may use at once, by the name of the capacity, such as `memory: 30G` (consumable capacity).</summary>
    public IReadOnlyDictionary<string, Quantity>? Capacity { get; init; }
}

/// <summary>A part of a device, as MIG and other partitionable devices offer it.</summary>
public sealed record DevicePartition
{
    /// <summary>The driver's name for it, such as `3g.40gb`.</summary>
    [MaxLength(64)]
    public required string Profile { get; init; }
}
