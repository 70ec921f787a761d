using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Accelerators;

namespace Slipway.Runtimes.KubeRay;

/// <summary>What a deployment comes to on Ray: asked in one place by what refuses, what renders and what reads.</summary>
/// <param name="Deployment">The effective deployment.</param>
internal sealed record KubeRayPlan(ModelDeployment Deployment)
{
    /// <summary>The one Serve application of a RayService.</summary>
    public const string Application = "llm";

    // What a replica is to hold at once where the manifest sets no target, as on the other runtimes. Ray's own default never scales up.
    private const int DefaultTarget = 16;

    public const string GangLabel = "ray.io/gang-scheduling-enabled";

    /// <summary>Whether the pods of the cluster are one gang: where it is one replica over several nodes. Of several replicas one that runs is of use.</summary>
    public bool IsGang => Nodes > 1 && !Scales && Most == 1 && Spec.Scheduling?.Gang is not GangPolicy.Never;

    public static RuntimeObject RayService { get; } = new("ray.io", "v1", "RayService", "rayservices");

    public ModelDeploymentSpec Spec => Deployment.Spec;

    public string Service => $"{Deployment.Metadata.Name}-serve-svc";

    /// <summary>Accelerators of one worker pod.</summary>
    public int Gpus => Math.Max(1, Demand.Gpu?.Count ?? 1);

    /// <summary>What a worker pod wants of accelerators.</summary>
    public Demand Demand => Demand.Of(Deployment);

    /// <summary>Worker pods of one replica.</summary>
    public int Nodes => Spec.Resources?.Nodes ?? 1;

    /// <summary>Whether the model is stopped, its declaration kept.</summary>
    public bool IsStopped => Spec.Scaling?.Replicas == 0;

    /// <summary>Whether the number of replicas follows the load.</summary>
    public bool Scales => Spec.Scaling?.Autoscaling is not null;

    /// <summary>The fewest replicas while the model is not stopped.</summary>
    public int Fewest => Spec.Scaling?.Autoscaling is { } auto ? auto.MinReplicas ?? 1 : Math.Max(1, Spec.Scaling?.Replicas ?? 1);

    /// <summary>The most replicas.</summary>
    public int Most => Spec.Scaling?.Autoscaling?.MaxReplicas ?? Fewest;

    /// <summary>How many replicas there are at first.</summary>
    public int First => Math.Clamp(Spec.Scaling?.Replicas ?? Fewest, Fewest, Math.Max(Fewest, Most));

    /// <summary>Requests at once that a replica is to hold.</summary>
    public int Target => Spec.Scaling?.Autoscaling?.Target ?? DefaultTarget;

    /// <summary>The settings of vLLM.</summary>
    public EngineKwargs Kwargs => EngineKwargs.Of(Deployment, Gpus, Nodes);
}
