using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Accelerators;
using Slipway.Runtimes.Objects;

namespace Slipway.Runtimes.Dynamo;

/// <summary>The workers of one role.</summary>
/// <param name="Name">The component's name in the graph.</param>
/// <param name="Type">Its type in v1beta1: worker, prefill or decode.</param>
/// <param name="Replicas">How many workers.</param>
/// <param name="Nodes">How many nodes one worker spans.</param>
/// <param name="Demand">Its accelerators on each node.</param>
/// <param name="Memory">Its memory on each node.</param>
/// <param name="Cpu">Its processors on each node.</param>
/// <param name="Path">Where the manifest speaks of it.</param>
internal sealed record DynamoWorkers(string Name, string Type, int Replicas, int Nodes, Demand Demand, string? Memory, string? Cpu, string Path)
{
    /// <summary>What stands for its accelerators in limits; null where they are claimed.</summary>
    public GpuSpec? Gpu => Demand.Limit;

    public int Gpus => Math.Max(1, Demand.Gpu?.Count ?? 1);

    /// <summary>Whether they compute what the router wants to know of: a decode worker's cache begins with what a prefill worker sent.</summary>
    public bool Prefills => Type is not "decode";
}

/// <summary>What a deployment comes to on Dynamo: asked in one place by what refuses, what renders and what reads.</summary>
/// <param name="Deployment">The effective deployment.</param>
internal sealed record DynamoPlan(ModelDeployment Deployment)
{
    /// <summary>
    /// The component in front. Its Service is the deployment's name with its own in lower case, and only of the type frontend does upstream
    /// make it (providers: `GRAPH-frontend:8000`).
    /// </summary>
    public const string Frontend = "Frontend";

    /// <summary>The key in overrides that chooses how the frontend routes, as in AI Runway; not part of the object.</summary>
    public const string RouterModeKey = "routerMode";

    public ModelDeploymentSpec Spec => Deployment.Spec;

    public EngineType Engine => Spec.Engine?.Type ?? EngineType.Vllm;

    public bool IsSplit => Spec.Serving?.Mode is ServingMode.Disaggregated;

    public string Service => $"{Deployment.Metadata.Name}-frontend";

    public IReadOnlyList<DynamoWorkers> Workers => IsSplit
        ? [Role("Prefill", Spec.Scaling?.Prefill), Role("Decode", Spec.Scaling?.Decode)]
        : [new("Worker", "worker", Spec.Scaling?.Replicas ?? 1, Spec.Resources?.Nodes ?? 1, Demand.Of(Deployment), Spec.Resources?.Memory, Spec.Resources?.Cpu, "spec.scaling")];

    /// <summary>
    /// How the frontend chooses a worker: as the user says, and else by what their caches hold (`kv`) as soon as there is a choice.
    /// </summary>
    public string? RouterMode =>
        Spec.Env?.FirstOrDefault(e => e.Name == "DYN_ROUTER_MODE")?.Value
        ?? Spec.Provider?.Overrides?.Text(RouterModeKey)
        ?? (Workers.Any(w => w.Replicas > 1) ? "kv" : null);

    /// <summary>What the engine loads: a repository on the hub, or a path in the image.</summary>
    public string Model => Spec.Model.Id ?? ServedModel.Name(Deployment);

    public IReadOnlyList<ModelAdapter> Adapters => [.. (Spec.Model.Adapters ?? []).Where(a => a.Id is not null)];

    private static DynamoWorkers Role(string name, WorkerSpec? spec)
    {
        var type = name.ToLowerInvariant();
        return new(name, type, spec?.Replicas ?? 1, spec?.Nodes ?? 1, Demand.Of(spec, type), spec?.Memory, null, $"spec.scaling.{type}");
    }
}
