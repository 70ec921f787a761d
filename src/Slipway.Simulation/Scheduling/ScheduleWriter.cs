using System.Text.Json.Nodes;
using Slipway.Capacity.Inventory.Kubernetes;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;

namespace Slipway.Simulation.Scheduling;

/// <summary>Writes what was decided: claims before their pods, so that no pod is on a node without its devices.</summary>
/// <param name="client">The API.</param>
/// <param name="cache">What is there, which is waited for.</param>
/// <param name="events">Events of pods.</param>
/// <param name="time">The clock.</param>
internal sealed class ScheduleWriter(KubeClient client, ClusterCache cache, EventWriter events, TimeProvider time)
{
    /// <summary>Who writes.</summary>
    public const string Manager = "simulated-scheduler";

    private const string Finalizer = "resource.kubernetes.io/delete-protection";

    /// <summary>Writes.</summary>
    /// <exception cref="KubeApiException">Something changed in between, or was refused: what is not written yet is to be decided anew.</exception>
    public async Task WriteAsync(Schedule schedule, CancellationToken cancellationToken)
    {
        foreach (var grants in schedule.Claims) await GiveAsync(grants, cancellationToken);
        foreach (var binding in schedule.Bindings) await BindAsync(binding, cancellationToken);
        foreach (var verdict in schedule.Groups) await SayAsync(verdict, cancellationToken);
        foreach (var waiting in schedule.Waiting) await SayAsync(waiting, cancellationToken);
    }

    private async Task GiveAsync(ClaimGrants grants, CancellationToken cancellationToken)
    {
        if (grants.Made is { } made) await client.ApplyAsync(Kinds.Claims, grants.Claim, made.Object.DeepClone().AsObject(), Manager, cancellationToken);
        var claim = await client.GetAsync(Kinds.Claims, grants.Claim, cancellationToken);
        if (claim is null || cache[Kinds.Claims].Get(grants.Claim) is { } seen && seen.Identity.Uid != claim.Identity.Uid)
            throw new KubeApiException(System.Net.HttpStatusCode.Conflict, "Conflict", $"claim {grants.Claim} is another one by now");
        if (grants.Allocation is not null)
        {
            var finalizers = new JsonArray([.. claim.Json.At("metadata").Items("finalizers").Select(static f => f.Text()).Append(Finalizer).Distinct(StringComparer.Ordinal).Select(static f => (JsonNode)f)]);
            claim = await client.MergePatchAsync(Kinds.Claims, grants.Claim, At(claim, new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = finalizers } }), Manager, cancellationToken);
        }

        var reserved = new JsonArray([.. claim.Json.At("status").Items("reservedFor").Select(static r => JsonNode.Parse(r.GetRawText()))]);
        foreach (var consumer in grants.Consumers) reserved.Add(consumer.DeepClone());
        var status = new JsonObject { ["reservedFor"] = reserved };
        if (grants.Allocation is { } allocation) status["allocation"] = allocation.DeepClone();
        var written = await client.MergePatchAsync(Kinds.Claims, grants.Claim, At(claim, new JsonObject { ["status"] = status }), Manager, cancellationToken, "status");
        await cache.SeenAsync(Kinds.Claims, grants.Claim, o => o?.Identity.ResourceVersion == written.Identity.ResourceVersion || o?.Json.At("status", "allocation").ValueKind is System.Text.Json.JsonValueKind.Object, cancellationToken);
        if (grants.Made is { } extended)
            await client.MergePatchAsync(Kinds.Pods, extended.Pod, new JsonObject { ["status"] = new JsonObject { ["extendedResourceClaimStatus"] = extended.PodStatus.DeepClone() } }, Manager, cancellationToken, "status");
    }

    private async Task BindAsync(Binding binding, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Binding",
            ["metadata"] = new JsonObject { ["name"] = binding.Pod.Name, ["namespace"] = binding.Pod.Namespace, ["uid"] = binding.Uid },
            ["target"] = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Node", ["name"] = binding.Node },
        };
        try
        {
            await client.PostAsync(Kinds.Pods.ObjectPath(binding.Pod, "binding"), body, cancellationToken);
        }
        catch (KubeApiException gone) when (gone.Code is System.Net.HttpStatusCode.NotFound or System.Net.HttpStatusCode.Conflict)
        {
            // Deleted, or bound by somebody else: what its claims were given comes back when nobody uses them.
            return;
        }

        await cache.SeenAsync(Kinds.Pods, binding.Pod, o => o is null || o.Json.Text("spec", "nodeName").Length > 0, cancellationToken);
        if (cache[Kinds.Pods].Get(binding.Pod) is { } pod)
            await events.WriteAsync("Pod", pod, "Scheduled", $"Successfully assigned {binding.Pod} to {binding.Node} (simulated)", warning: false, cancellationToken);
    }

    private async Task SayAsync(Waiting waiting, CancellationToken cancellationToken)
    {
        if (cache[Kinds.Pods].Get(waiting.Pod) is not { } pod) return;
        var before = pod.Json.At("status").Items("conditions").FirstOrDefault(static c => c.Text("type") is "PodScheduled");
        if (before.Text("status") is "False" && before.Text("reason") == waiting.Reason && before.Text("message") == waiting.Message) return;
        var conditions = Conditions.With(pod.Json, "PodScheduled", false, waiting.Reason, waiting.Message, time.GetUtcNow());
        try
        {
            await client.MergePatchAsync(Kinds.Pods, waiting.Pod, new JsonObject { ["metadata"] = new JsonObject { ["uid"] = pod.Identity.Uid }, ["status"] = new JsonObject { ["conditions"] = conditions } }, Manager, cancellationToken, "status");
        }
        catch (KubeApiException gone) when (gone.Code is System.Net.HttpStatusCode.NotFound or System.Net.HttpStatusCode.Conflict)
        {
            return;
        }

        await events.WriteAsync("Pod", pod, "FailedScheduling", waiting.Message, warning: true, cancellationToken);
    }

    private async Task SayAsync(GroupVerdict verdict, CancellationToken cancellationToken)
    {
        if (cache[Kinds.Groups].Get(verdict.Group) is not { } group) return;
        var before = group.Json.At("status").Items("conditions").FirstOrDefault(static c => c.Text("type") is "PodGroupScheduled");
        if (before.Text("status") == (verdict.Scheduled ? "True" : "False") && (verdict.Scheduled || before.Text("message") == verdict.Message)) return;
        var conditions = Conditions.With(group.Json, "PodGroupScheduled", verdict.Scheduled, verdict.Scheduled ? "Scheduled" : "Unschedulable", verdict.Scheduled ? "All required pods have been successfully scheduled" : verdict.Message, time.GetUtcNow());
        await client.MergePatchAsync(Kinds.Groups, verdict.Group, new JsonObject { ["status"] = new JsonObject { ["conditions"] = conditions } }, Manager, cancellationToken, "status");
    }

    // A change in between is a conflict: devices would be given twice.
    private static JsonObject At(CachedObject claim, JsonObject patch)
    {
        if (patch["metadata"] is not JsonObject metadata) patch["metadata"] = metadata = [];
        metadata["resourceVersion"] = claim.Identity.ResourceVersion;
        return patch;
    }
}
