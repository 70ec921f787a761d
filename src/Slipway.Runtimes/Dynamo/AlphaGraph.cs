using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Accelerators;
using Slipway.Runtimes.Pods;

namespace Slipway.Runtimes.Dynamo;

/// <summary>The graph in v1alpha1, for clusters whose operator is older than v1beta1: a map of services, with pods in parts.</summary>
internal static class AlphaGraph
{
    public static JsonObject Spec(DynamoPlan plan)
    {
        var services = new JsonObject { [DynamoPlan.Frontend] = Service(plan, "frontend", 1, DynamoPods.FrontendContainer(plan), DynamoPods.PodSpec(plan, mounts: false), PodParts.TemplateMetadata(plan.Deployment)) };
        foreach (var workers in plan.Workers) services[workers.Name] = Worker(plan, workers);
        return new JsonObject { ["backendFramework"] = plan.Engine.Name(), ["services"] = services };
    }

    private static JsonObject Worker(DynamoPlan plan, DynamoWorkers workers)
    {
        var pod = DynamoPods.PodSpec(plan, mounts: true);
        DeviceClaims.AttachPod(plan.Deployment, workers.Demand.Claimed, pod);
        var service = Service(plan, "worker", workers.Replicas, DynamoPods.WorkerContainer(plan, workers), pod, DynamoPods.WorkerMetadata(plan));
        if (workers.Type is not "worker") service["subComponentType"] = workers.Type;
        if (workers.Nodes > 1) service["multinode"] = new JsonObject { ["nodeCount"] = workers.Nodes };
        if (plan.Adapters.Count > 0) service["modelRef"] = new JsonObject { ["name"] = plan.Model };
        if (Resources(workers) is { } resources) service["resources"] = resources;
        return service;
    }

    private static JsonObject Service(DynamoPlan plan, string type, int replicas, JsonObject container, JsonObject pod, JsonObject metadata)
    {
        pod.Insert(0, "mainContainer", container);
        // Without runtimeVersionOverride: operators that do not serve v1beta1 do not know it.
        return new JsonObject { ["componentType"] = type, ["replicas"] = replicas, ["extraPodMetadata"] = metadata, ["extraPodSpec"] = pod };
    }

    // Here accelerators are a number and a type of their own, not an entry of limits.
    private static JsonObject? Resources(DynamoWorkers workers)
    {
        var (limits, requests) = (new JsonObject(), new JsonObject());
        if (workers.Gpu?.Count is > 0 and { } count) limits["gpu"] = count.ToString(CultureInfo.InvariantCulture);
        if (limits.Count > 0 && workers.Gpu?.Type is { } type and not "nvidia.com/gpu") limits["gpuType"] = type;
        if (workers.Memory is { } memory) (limits["memory"], requests["memory"]) = (memory, memory);
        if (workers.Cpu is not null) requests["cpu"] = workers.Cpu;
        var resources = new JsonObject();
        if (workers.Demand.Claimed is not null) resources["claims"] = DeviceClaims.References();
        if (limits.Count > 0) resources["limits"] = limits;
        if (requests.Count > 0) resources["requests"] = requests;
        return resources.Count > 0 ? resources : null;
    }
}
