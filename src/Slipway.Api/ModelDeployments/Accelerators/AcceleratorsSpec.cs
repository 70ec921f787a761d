using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Slipway.Api.Schemas;

namespace Slipway.Api.ModelDeployments.Accelerators;

/// <summary>Accelerators asked for by what they are (dynamic resource allocation, `resource.k8s.io/v1`), in place of `gpu`.</summary>
public sealed record AcceleratorsSpec : DeviceSelection
{
    /// <summary>Whether devices are claimed or counted; Auto counts them where nothing but their number is asked for, which runs on any cluster.</summary>
    [SchemaDefault(AcceleratorMode.Auto)]
    public AcceleratorMode? Mode { get; init; }

    /// <summary>How many devices on each node of a replica; counted from the model when absent, and 1 where that is not possible.</summary>
    [Range(1, 128)]
    public int? Count { get; init; }

    /// <summary>Alternatives in order of preference; each holds beside what is asked for here. All have the same number of devices, since the engine divides its work before the scheduler chooses.</summary>
    [MaxLength(8)]
    [ListMap("name")]
    public IReadOnlyList<DeviceAlternative>? FirstAvailable { get; init; }

    /// <summary>Attributes that all devices of one node have in common, such as `resource.kubernetes.io/pcieRoot`; a device without one is never chosen.</summary>
    [MaxLength(8)]
    public IReadOnlyList<string>? MatchAttribute { get; init; }

    /// <summary>A ResourceClaim of the user's own in the same namespace, which all pods share, in place of one claim for each.</summary>
    [MaxLength(253)]
    public string? ResourceClaimName { get; init; }

    /// <summary>
    /// A ResourceClaimTemplate of the user's own in the same namespace, by which each replica that spans nodes has one claim that all its pods share
    /// beside their devices, such as of a network between nodes. Takes gangs with claims (`resourceClaims` of a PodGroup).
    /// </summary>
    [MaxLength(253)]
    public string? ReplicaClaimTemplateName { get; init; }

    /// <summary>The first field that only a claim can say; the class is none, since classes have extended resources too.</summary>
    /// <param name="apartFromClaim">Whether to leave out the name of a claim.</param>
    /// <returns>The field's name; null when a number of devices is all that is asked for.</returns>
    public string? Richest(bool apartFromClaim = false) => this switch
    {
        { MinMemory: not null } => "minMemory",
        { Models.Count: > 0 } => "models",
        { Architectures.Count: > 0 } => "architectures",
        { Attributes.Count: > 0 } => "attributes",
        { Selectors.Count: > 0 } => "selectors",
        { Partition: not null } => "partition",
        { Capacity.Count: > 0 } => "capacity",
        { FirstAvailable.Count: > 0 } => "firstAvailable",
        { MatchAttribute.Count: > 0 } => "matchAttribute",
        { ResourceClaimName: not null } when !apartFromClaim => "resourceClaimName",
        _ => null,
    };
}

/// <summary>One of several selections of devices that will do.</summary>
public sealed record DeviceAlternative : DeviceSelection
{
    /// <summary>Its name, by which the allocation says what was chosen.</summary>
    [MaxLength(63)]
    public required string Name { get; init; }
}

/// <summary>How devices are asked for.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AcceleratorMode>))]
public enum AcceleratorMode
{
    /// <summary>By an extended resource where nothing but the number is asked for, and by a claim otherwise.</summary>
    Auto,

    /// <summary>By an extended resource, such as `nvidia.com/gpu`: device plugins have it, and from Kubernetes 1.36 classes that are mapped to it.</summary>
    ExtendedResource,

    /// <summary>By a ResourceClaim for each pod.</summary>
    DRA,
}
