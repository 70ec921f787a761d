using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Slipway.Api.Schemas;

namespace Slipway.Api.ModelDeployments;

/// <summary>When, and with whom, the model's pods are let start.</summary>
public sealed record SchedulingSpec
{
    /// <summary>Whether the pods of a replica start together or not at all.</summary>
    [SchemaDefault(GangPolicy.Auto)]
    public GangPolicy? Gang { get; init; }

    /// <summary>A label of nodes, such as `topology.kubernetes.io/rack`, whose value is the same for all nodes of a replica.</summary>
    [MaxLength(317)]
    public string? TopologyKey { get; init; }

    /// <summary>The LocalQueue of Kueue in the same namespace that lets the model start once its ClusterQueue has quota for it; without one it starts at once.</summary>
    public string? QueueName { get; init; }
}

/// <summary>Whether the pods of a replica start together or not at all.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<GangPolicy>))]
public enum GangPolicy
{
    /// <summary>Where the cluster has gangs.</summary>
    Auto,

    /// <summary>Always: where the cluster has no gangs the deployment waits for them.</summary>
    Required,

    /// <summary>Never, even where the cluster has gangs.</summary>
    Never,
}
