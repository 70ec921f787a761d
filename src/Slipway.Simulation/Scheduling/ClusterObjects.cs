using System.Collections.Immutable;
using System.Text.Json;

namespace Slipway.Simulation.Scheduling;

/// <summary>What a cluster has at one moment: all that a decision is made from.</summary>
public sealed record ClusterObjects
{
    /// <summary>The Nodes.</summary>
    public ImmutableArray<JsonElement> Nodes { get; init; } = [];

    /// <summary>The Pods of all namespaces.</summary>
    public ImmutableArray<JsonElement> Pods { get; init; } = [];

    /// <summary>The PersistentVolumeClaims.</summary>
    public ImmutableArray<JsonElement> Volumes { get; init; } = [];

    /// <summary>The PodGroups (`scheduling.k8s.io/v1alpha2`).</summary>
    public ImmutableArray<JsonElement> Groups { get; init; } = [];

    /// <summary>The ResourceClaims.</summary>
    public ImmutableArray<JsonElement> Claims { get; init; } = [];

    /// <summary>The ResourceSlices.</summary>
    public ImmutableArray<JsonElement> Slices { get; init; } = [];

    /// <summary>The DeviceClasses.</summary>
    public ImmutableArray<JsonElement> Classes { get; init; } = [];
}
