using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Slipway.Api.Schemas;

namespace Slipway.Api.ModelDeployments;

/// <summary>How the pods of a replica that spans nodes are placed.</summary>
public sealed record SchedulingSpec
{
    /// <summary>Whether the pods of a replica start together or not at all.</summary>
    [SchemaDefault(GangPolicy.Auto)]
    public GangPolicy? Gang { get; init; }

    /// <summary>A label of nodes, such as `topology.kubernetes.io/rack`, whose value is the same for all nodes of a replica.</summary>
    [MaxLength(317)]
    public string? TopologyKey { get; init; }
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
