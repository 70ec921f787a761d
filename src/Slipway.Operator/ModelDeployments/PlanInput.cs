using System.Collections.Immutable;
using Slipway.Api.Meta;
using Slipway.Api.Providers;
using Slipway.Api.Rollouts;
using Slipway.Kubernetes.Objects;
using Slipway.Operator.Gateways;
using Slipway.Operator.Sizing;
using Slipway.Runtimes;
using Slipway.Runtimes.Pods;
using Slipway.Runtimes.Storage;

namespace Slipway.Operator.ModelDeployments;

/// <summary>All that a decision about a deployment rests on, beside the deployment itself.</summary>
/// <param name="Providers">The runtimes that made themselves known.</param>
/// <param name="Now">The time.</param>
public sealed record PlanInput(IReadOnlyCollection<InferenceProviderConfig> Providers, DateTimeOffset Now)
{
    /// <summary>What the cluster serves.</summary>
    public ClusterApis Apis { get; init; } = ClusterApis.None;

    /// <summary>The objects that carry the deployment's name, whoever owns them.</summary>
    public ImmutableDictionary<ObjectId, CachedObject> Objects { get; init; } = ImmutableDictionary<ObjectId, CachedObject>.Empty;

    /// <summary>The deployment's pods, by the runtime that was chosen before.</summary>
    public ImmutableArray<ModelPod> Pods { get; init; } = [];

    /// <summary>What is said of those pods in events only.</summary>
    public ImmutableArray<KubernetesEvent> Events { get; init; } = [];

    /// <summary>What the API has of it.</summary>
    internal Observation Observation => new(Objects.ToImmutableDictionary(o => o.Key, o => o.Value.Json), Pods, Now) { Events = Events };

    /// <summary>The claims that its volumes name and those that carry its name, by their names.</summary>
    public ImmutableDictionary<string, VolumeClaim> Claims { get; init; } = ImmutableDictionary<string, VolumeClaim>.Empty;

    /// <summary>The pods of its downloads.</summary>
    public ImmutableArray<ModelPod> DownloadPods { get; init; } = [];

    /// <summary>An older deployment that requests of the same model name go to.</summary>
    public string? NameTakenBy { get; init; }

    /// <summary>The Gateway that models are reached through; none is looked for when null.</summary>
    public GatewayFacts? Gateway { get; init; }

    /// <summary>The HTTPRoutes that carry the deployment's name, whoever owns them.</summary>
    public ImmutableDictionary<ObjectId, CachedObject> Routes { get; init; } = ImmutableDictionary<ObjectId, CachedObject>.Empty;

    /// <summary>The HTTPRoute that `spec.gateway.httpRouteRef` names, if it is there.</summary>
    public CachedObject? GivenRoute { get; init; }

    /// <summary>The candidate of a rollout that answers a share of the deployment's requests.</summary>
    internal RouteShare? Share { get; init; }

    /// <summary>Whether the cluster's HTTPRoute can keep sessions with one side; looked up while requests are shared.</summary>
    internal bool KnowsSessions { get; init; }

    /// <summary>The replicas that it has while it gives some up to a rollout; null where it has what it declares.</summary>
    internal ReplicaShare? Replicas { get; init; }

    /// <summary>The deployment that took this one's place.</summary>
    internal Successor? Successor { get; init; }

    /// <summary>The Service of a provider of somebody else's that wants an endpoint picker, if it is there.</summary>
    public CachedObject? Service { get; init; }

    /// <summary>What is known of the accelerators that the model needs, where the manifest leaves them open.</summary>
    public ModelSizing? Sizing { get; init; }

    /// <summary>Accelerators that the model needs, where it is known.</summary>
    internal int? SizedGpus => Sizing is { Gpus: > 0 and var gpus } ? gpus : null;
}
