using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Kubernetes.Connection;

namespace Slipway.Simulators;

/// <summary>
/// KubeRay's RayService controller (1.7): condition `Ready`, application statuses with Python's own words, a cluster that is pending until
/// it has answered once and active from then on, a serve Service, and nothing but a condition while suspended.
/// </summary>
public sealed class RayServiceSimulator(KubeClient client, ConcurrentDictionary<string, Stage> stages) : Simulator(client, ApiKinds.RayServices, stages)
{
    protected override Outcome Play(JsonElement value, Stage stage)
    {
        var (name, spec) = (Name(value), value.GetProperty("spec"));
        var config = spec.GetProperty("rayClusterConfig");
        var suspended = spec.TryGetProperty("suspend", out var suspend) && suspend.GetBoolean();
        var pods = new List<PodGroup> { new($"{name}-abcde-head", suspended ? 0 : 1, Ray(Labels(config.GetProperty("headGroupSpec").GetProperty("template")), name, "head")) };
        var workers = 0;
        foreach (var group in config.GetProperty("workerGroupSpecs").EnumerateArray())
        {
            var count = suspended ? 0 : Number(group, 0, "replicas") * Number(group, 1, "numOfHosts");
            workers += count;
            pods.Add(new PodGroup($"{name}-abcde-{group.GetProperty("groupName").GetString()}-worker", count, Ray(Labels(group.GetProperty("template")), name, "worker")));
        }

        var ready = stage is Stage.Ready && !suspended;
        var active = !suspended && (ready || WasActive(value));
        var cluster = suspended ? [] : Cluster(value, name, stage, active, workers);
        var status = new JsonObject
        {
            ["observedGeneration"] = value.GetProperty("metadata").GetProperty("generation").GetInt64(),
            ["numServeEndpoints"] = ready ? workers : 0,
            ["conditions"] = new JsonArray(
                suspended ? Condition("Ready", false, "Suspended") : Condition("Ready", ready, ready ? "NonZeroServeEndpoints" : active ? "ZeroServeEndpoints" : "Initializing"),
                Condition("UpgradeInProgress", false, "NoPendingCluster"),
                Condition("Suspended", suspended, suspended ? "Suspended" : "NotSuspended")),
            ["activeServiceStatus"] = active ? cluster : null,
            ["pendingServiceStatus"] = active ? null : cluster,
        };
        return new Outcome(status, pods, suspended ? [] : ready ? [($"{name}-serve-svc", 8000), ($"{name}-head-svc", 8265)] : [($"{name}-head-svc", 8265)]);
    }

    private static bool WasActive(JsonElement value) =>
        value.TryGetProperty("status", out var status) && status.TryGetProperty("activeServiceStatus", out var active) && active.TryGetProperty("rayClusterName", out _);

    private static JsonObject Cluster(JsonElement value, string name, Stage stage, bool active, int workers)
    {
        var (application, deployment, message) = stage switch
        {
            Stage.Ready => ("RUNNING", "HEALTHY", ""),
            Stage.Failed => ("DEPLOY_FAILED", "UPDATING", "Traceback (most recent call last):\nValueError: The number of attention heads (24) must be divisible by tensor parallel size (7)"),
            Stage.Crashing when active => ("UNHEALTHY", "UNHEALTHY", ""),
            _ => ("DEPLOYING", "UPDATING", ""),
        };
        var ready = stage is Stage.Ready ? workers : 0;
        var cluster = new JsonObject
        {
            ["rayClusterName"] = $"{name}-abcde",
            ["rayClusterStatus"] = new JsonObject { ["desiredWorkerReplicas"] = workers, ["readyWorkerReplicas"] = ready, ["availableWorkerReplicas"] = stage is Stage.Unschedulable ? 0 : workers },
        };
        // Serve is asked once the head runs.
        if (stage is Stage.Unschedulable) return cluster;
        cluster["applicationStatuses"] = new JsonObject
        {
            [Application(value)] = new JsonObject
            {
                ["status"] = application,
                ["message"] = message,
                ["serveDeploymentStatuses"] = new JsonObject
                {
                    ["LLMServer:model"] = new JsonObject { ["status"] = deployment, ["message"] = "" },
                    ["OpenAiIngress"] = new JsonObject { ["status"] = "HEALTHY", ["message"] = "" },
                },
            },
        };
        return cluster;
    }

    // The real one takes YAML; what is rendered is the JSON that all YAML readers take.
    private static string Application(JsonElement value) =>
        JsonNode.Parse(value.GetProperty("spec").GetProperty("serveConfigV2").GetString()!)!["applications"]![0]!["name"]!.GetValue<string>();

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
