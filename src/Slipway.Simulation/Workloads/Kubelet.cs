using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Capacity.Inventory.Kubernetes;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Controllers;
using Slipway.Kubernetes.Objects;

namespace Slipway.Simulation.Workloads;

/// <summary>What kubelets would say of pods on simulated nodes: they start, take some time, and answer; those of Jobs succeed. Nothing runs.</summary>
/// <param name="client">The API.</param>
/// <param name="cache">What is there.</param>
/// <param name="startup">How long a pod takes from its node to its readiness.</param>
/// <param name="time">The clock.</param>
internal sealed class Kubelet(KubeClient client, ClusterCache cache, TimeSpan startup, TimeProvider time)
{
    private const string Manager = "simulated-kubelet";

    public async Task<ReconcileResult> PodAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (cache[Kinds.Pods].Get(key) is not { IsDeleting: false } pod || pod.IsOver() || pod.Json.Text("spec", "nodeName") is not { Length: > 0 } node) return ReconcileResult.Done;
        if (cache[Kinds.Nodes].Get(new("", node))?.Label(SimulatedLabel.Key) is null) return ReconcileResult.Done;
        var scheduled = pod.Json.At("status").Items("conditions").FirstOrDefault(static c => c.Text("type") is "PodScheduled");
        var now = time.GetUtcNow();
        var since = Time.Read(scheduled.Text("lastTransitionTime")) ?? now;
        var started = now - since >= startup;
        if (started ? pod.IsReady() : pod.Json.Text("status", "startTime").Length > 0) return started ? ReconcileResult.Done : new(since + startup - now);
        var ends = started && pod.Json.At("metadata").Items("ownerReferences").Any(static o => o.Text("kind") is "Job");
        await client.MergePatchAsync(Kinds.Pods, key, new JsonObject { ["status"] = Status(pod, started, ends, now) }, Manager, cancellationToken, "status");
        return started ? ReconcileResult.Done : new(since + startup - now);
    }

    private static JsonObject Status(CachedObject pod, bool started, bool ends, DateTimeOffset now)
    {
        var ready = started && !ends;
        var status = new JsonObject
        {
            ["phase"] = ends ? "Succeeded" : started ? "Running" : "Pending",
            ["startTime"] = pod.Json.Text("status", "startTime") is { Length: > 0 } began ? began : Time.Text(now),
            ["conditions"] = Conditions.With(
                pod.Json, [("Initialized", started, "", ""), ("ContainersReady", ready, ready ? "" : "ContainersNotReady", ""), ("Ready", ready, ends ? "PodCompleted" : ready ? "" : "ContainersNotReady", ready ? "Simulated: nothing runs" : "")], now),
            ["containerStatuses"] = Containers(pod.Json, "containers", started, ends, now),
        };
        if (pod.Json.At("spec").Items("initContainers").Any()) status["initContainerStatuses"] = Containers(pod.Json, "initContainers", started, ends, now);
        if (started) (status["podIP"], status["podIPs"]) = (Address(pod), new JsonArray(new JsonObject { ["ip"] = Address(pod) }));
        return status;
    }

    private static JsonArray Containers(JsonElement pod, string list, bool started, bool ends, DateTimeOffset now) => new([.. pod.At("spec").Items(list).Select(c =>
    {
        var over = ends || list is "initContainers" && c.Text("restartPolicy") is not "Always";
        var state = !started ? new JsonObject { ["waiting"] = new JsonObject { ["reason"] = "ContainerCreating" } }
            : !over ? new JsonObject { ["running"] = new JsonObject { ["startedAt"] = Time.Text(now) } }
            : new JsonObject { ["terminated"] = new JsonObject { ["exitCode"] = 0, ["reason"] = "Completed", ["message"] = "simulated: nothing was run", ["startedAt"] = Time.Text(now), ["finishedAt"] = Time.Text(now) } };
        return (JsonNode)new JsonObject
        {
            ["name"] = c.Text("name"),
            ["image"] = c.Text("image"),
            ["imageID"] = "",
            ["ready"] = started && (!over || list is "initContainers"),
            ["started"] = started && !over,
            ["restartCount"] = 0,
            ["state"] = state,
        };
    })]);

    // Of the addresses for tests between networks (RFC 2544), which lead nowhere.
    private static string Address(CachedObject pod)
    {
        var hash = System.IO.Hashing.XxHash32.HashToUInt32(System.Text.Encoding.UTF8.GetBytes(pod.Identity.Uid));
        return FormattableString.Invariant($"198.{18 + (hash & 1)}.{(hash >> 8) & 255}.{1 + ((hash >> 16) % 254)}");
    }
}
