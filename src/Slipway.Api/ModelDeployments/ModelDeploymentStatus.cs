using System.Text.Json.Serialization;
using Slipway.Api.Meta;
using Slipway.Api.Providers;
using Slipway.Api.Schemas;

namespace Slipway.Api.ModelDeployments;

/// <summary>What is, of a model deployment.</summary>
public sealed record ModelDeploymentStatus
{
    /// <summary>How far it is.</summary>
    public DeploymentPhase? Phase { get; init; }

    /// <summary>What is going on, in words.</summary>
    public string? Message { get; init; }

    /// <summary>The generation that this status speaks of.</summary>
    public long? ObservedGeneration { get; init; }

    /// <summary>The runtime that was chosen.</summary>
    public ProviderStatus? Provider { get; init; }

    /// <summary>The engine that was chosen.</summary>
    public EngineStatus? Engine { get; init; }

    /// <summary>Replica counts.</summary>
    public ReplicaStatus? Replicas { get; init; }

    /// <summary>Where the model answers inside the cluster.</summary>
    public EndpointStatus? Endpoint { get; init; }

    /// <summary>Where the model answers through the gateway.</summary>
    public GatewayStatus? Gateway { get; init; }

    /// <summary>The engine's image.</summary>
    public ImageStatus? Image { get; init; }

    /// <summary>What holds and what does not, each with what to do.</summary>
    [ListMap("type")]
    public IReadOnlyList<Condition>? Conditions { get; init; }
}

/// <summary>How far a deployment is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DeploymentPhase>))]
public enum DeploymentPhase
{
    /// <summary>Nothing runs yet: something must be decided or mended first.</summary>
    Pending,

    /// <summary>It is being brought up, or changed.</summary>
    Deploying,

    /// <summary>It answers.</summary>
    Running,

    /// <summary>It cannot run as declared.</summary>
    Failed,

    /// <summary>It is being removed.</summary>
    Terminating,
}

/// <summary>The runtime that was chosen.</summary>
public sealed record ProviderStatus
{
    /// <summary>Its name.</summary>
    public string? Name { get; init; }

    /// <summary>The name of the object that it made.</summary>
    public string? ResourceName { get; init; }

    /// <summary>The kind of the object that it made.</summary>
    public string? ResourceKind { get; init; }

    /// <summary>Why it was chosen.</summary>
    public string? SelectedReason { get; init; }

    /// <summary>Every runtime that was looked at, with what spoke for or against it.</summary>
    [ListMap("name")]
    public IReadOnlyList<CandidateStatus>? Candidates { get; init; }
}

/// <summary>A runtime that was looked at.</summary>
public sealed record CandidateStatus
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The highest priority of its rules that hold; absent when it cannot run the deployment.</summary>
    public int? Priority { get; init; }

    /// <summary>Why it was chosen, or why not.</summary>
    public string? Message { get; init; }
}

/// <summary>The engine that was chosen.</summary>
public sealed record EngineStatus
{
    /// <summary>Which.</summary>
    public EngineType? Type { get; init; }

    /// <summary>Why it was chosen.</summary>
    public string? SelectedReason { get; init; }
}

/// <summary>Replica counts.</summary>
public sealed record ReplicaStatus
{
    /// <summary>How many are wanted.</summary>
    public int? Desired { get; init; }

    /// <summary>How many answer.</summary>
    public int? Ready { get; init; }

    /// <summary>How many have answered for long enough to count on.</summary>
    public int? Available { get; init; }
}

/// <summary>Where the model answers inside the cluster.</summary>
public sealed record EndpointStatus
{
    /// <summary>The Service's name, or a host.</summary>
    public string? Service { get; init; }

    /// <summary>The port.</summary>
    public int? Port { get; init; }
}

/// <summary>Where the model answers through the gateway.</summary>
public sealed record GatewayStatus
{
    /// <summary>The gateway's address.</summary>
    public string? Endpoint { get; init; }

    /// <summary>The name to give in `model`.</summary>
    public string? ModelName { get; init; }

    /// <summary>The name of the Gateway object, in a cluster that has one.</summary>
    public string? GatewayName { get; init; }

    /// <summary>The namespace of the Gateway object, in a cluster that has one.</summary>
    public string? GatewayNamespace { get; init; }

    /// <summary>The HTTP APIs that the engine speaks.</summary>
    public IReadOnlyList<ApiFormat>? ApiFormats { get; init; }
}

/// <summary>The engine's image, as resolved and checked.</summary>
public sealed record ImageStatus
{
    /// <summary>The reference that was asked for.</summary>
    public string? Requested { get; init; }

    /// <summary>The reference that runs.</summary>
    public string? Resolved { get; init; }

    /// <summary>The repository.</summary>
    public string? Repository { get; init; }

    /// <summary>The tag.</summary>
    public string? Tag { get; init; }

    /// <summary>The digest, which never changes its content.</summary>
    public string? Digest { get; init; }

    /// <summary>How it was chosen: stable, nightly, launch or custom.</summary>
    public string? Source { get; init; }

    /// <summary>When it was made.</summary>
    public string? CreatedAt { get; init; }

    /// <summary>The source revision that it was made from.</summary>
    public string? Revision { get; init; }

    /// <summary>How old it is, in words.</summary>
    public string? Age { get; init; }

    /// <summary>Whether the nightly catalogue lists it.</summary>
    public bool? InNightly { get; init; }

    /// <summary>Whether its signature was checked.</summary>
    public bool? Verified { get; init; }

    /// <summary>What the check of its signature said.</summary>
    public string? VerificationMessage { get; init; }

    /// <summary>What is worth knowing about it.</summary>
    public string? Message { get; init; }
}
