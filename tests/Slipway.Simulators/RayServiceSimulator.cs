using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Kubernetes.Connection;

namespace Slipway.Simulators;

/// <summary>KubeRay's RayService controller (1.7): condition `Ready`, application statuses with Python's own words, a serve Service.</summary>
public sealed class RayServiceSimulator(KubeClient client, ConcurrentDictionary<string, Stage> stages) : Simulator(client, ApiKinds.RayServices, stages)
{
    protected override Outcome Play(JsonElement value, Stage stage)
    {
        var name = Name(value);
        var config = value.GetProperty("spec").GetProperty("rayClusterConfig");
        var pods = new List<PodGroup> { new($"{name}-head", 1, Ray(Labels(config.GetProperty("headGroupSpec").GetProperty("template")), name, "head")) };
        var workers = 0;
        foreach (var group in config.TryGetProperty("workerGroupSpecs", out var groups) ? groups.EnumerateArray().ToList() : [])
        {
            var count = Number(group, 0, "replicas");
            workers += count;
            pods.Add(new PodGroup($"{name}-{group.GetProperty("groupName").GetString()}", count, Ray(Labels(group.GetProperty("template")), name, "worker")));
        }

        var ready = stage is Stage.Ready;
        var application = stage switch
        {
            Stage.Ready => ("RUNNING", ""),
            Stage.Failed => ("DEPLOY_FAILED", "ValueError: The number of attention heads (24) must be divisible by tensor parallel size (7)"),
            _ => ("DEPLOYING", ""),
        };
        var service = new JsonObject
        {
            ["rayClusterName"] = $"{name}-abcde",
            ["applicationStatuses"] = new JsonObject { ["llm"] = new JsonObject { ["status"] = application.Item1, ["message"] = application.Item2 } },
            ["rayClusterStatus"] = new JsonObject { ["desiredWorkerReplicas"] = workers, ["readyWorkerReplicas"] = stage is Stage.Unschedulable ? 0 : workers, ["availableWorkerReplicas"] = stage is Stage.Unschedulable ? 0 : workers },
        };
        var status = new JsonObject
        {
            ["observedGeneration"] = value.GetProperty("metadata").GetProperty("generation").GetInt64(),
            ["numServeEndpoints"] = ready ? 1 : 0,
            ["conditions"] = new JsonArray(Condition("Ready", ready, ready ? "NonZeroServeEndpoints" : "Initializing")),
            ["activeServiceStatus"] = ready ? service : null,
            ["pendingServiceStatus"] = ready ? null : service,
        };
        return new Outcome(status, pods, ready ? [($"{name}-serve-svc", 8000), ($"{name}-head-svc", 8265)] : [($"{name}-head-svc", 8265)]);
    }

    private static JsonObject Ray(JsonObject labels, string name, string type)
    {
        labels["ray.io/is-ray-node"] = "yes";
        labels["ray.io/node-type"] = type;
        labels["ray.io/cluster"] = $"{name}-abcde";
        labels["ray.io/originated-from-cr-name"] = name;
        labels["ray.io/originated-from-crd"] = "RayService";
        return labels;
    }
}
