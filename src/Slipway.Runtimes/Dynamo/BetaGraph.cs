using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Accelerators;
using Slipway.Runtimes.Pods;

namespace Slipway.Runtimes.Dynamo;

/// <summary>The graph in v1beta1: a list of components, each with a pod template whose container `main` the operator completes.</summary>
internal static class BetaGraph
{
    public static JsonObject Spec(DynamoPlan plan) => new()
    {
        ["backendFramework"] = plan.Engine.Name(),
        ["components"] = new JsonArray([Frontend(plan), .. plan.Workers.Select(w => Worker(plan, w))]),
    };

    private static JsonObject Frontend(DynamoPlan plan) =>
        Component(plan, DynamoPlan.Frontend, "frontend", 1, DynamoPods.FrontendContainer(plan), DynamoPods.PodSpec(plan, mounts: false), PodParts.TemplateMetadata(plan.Deployment));

    private static JsonObject Worker(DynamoPlan plan, DynamoWorkers workers)
    {
        var container = DynamoPods.WorkerContainer(plan, workers);
        if (PodParts.Resources(workers.Gpu, workers.Memory, workers.Cpu) is { } resources) container["resources"] = resources;
        var pod = DynamoPods.PodSpec(plan, mounts: true);
        DeviceClaims.Attach(plan.Deployment, workers.Demand.Claimed, pod, container);
        var component = Component(plan, workers.Name, workers.Type, workers.Replicas, container, pod, DynamoPods.WorkerMetadata(plan));
        if (workers.Nodes > 1) component["multinode"] = new JsonObject { ["nodeCount"] = workers.Nodes };
        if (plan.Adapters.Count > 0) component["modelRef"] = new JsonObject { ["name"] = plan.Model };
        return component;
    }

    private static JsonObject Component(DynamoPlan plan, string name, string type, int replicas, JsonObject container, JsonObject pod, JsonObject metadata)
    {
        pod.Insert(0, "containers", new JsonArray(container));
        var component = new JsonObject { ["name"] = name, ["type"] = type, ["replicas"] = replicas };
        if (DynamoImages.VersionOverride(DynamoImages.For(plan.Spec)) is { } version) component["runtimeVersionOverride"] = version;
        component["podTemplate"] = new JsonObject { ["metadata"] = metadata, ["spec"] = pod };
        return component;
    }
}
