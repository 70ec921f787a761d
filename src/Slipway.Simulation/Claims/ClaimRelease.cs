using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Capacity.Inventory.Kubernetes;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Controllers;
using Slipway.Kubernetes.Objects;

namespace Slipway.Simulation.Claims;

/// <summary>Takes devices back from claims that nobody uses any more, and lets those go that are deleted.</summary>
/// <param name="client">The API.</param>
/// <param name="cache">What is there.</param>
internal sealed class ClaimRelease(KubeClient client, ClusterCache cache)
{
    private const string Manager = "simulated-claims";
    private const string Finalizer = "resource.kubernetes.io/delete-protection";

    public async Task<ReconcileResult> ClaimAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (cache[Kinds.Claims].Get(key) is not { } claim) return ReconcileResult.Done;
        var reserved = claim.Json.At("status").Items("reservedFor").ToList();
        var used = reserved.Where(r => IsUsed(key.Namespace, r)).ToList();
        var allocated = claim.Json.At("status", "allocation").ValueKind is JsonValueKind.Object;
        if (used.Count < reserved.Count || allocated && reserved.Count == 0)
        {
            var status = new JsonObject { ["reservedFor"] = used.Count == 0 ? null : new JsonArray([.. used.Select(static u => JsonNode.Parse(u.GetRawText()))]) };
            if (used.Count == 0) status["allocation"] = null;
            claim = await client.MergePatchAsync(Kinds.Claims, key, new JsonObject { ["metadata"] = new JsonObject { ["resourceVersion"] = claim.Identity.ResourceVersion }, ["status"] = status }, Manager, cancellationToken, "status");
            allocated = claim.Json.At("status", "allocation").ValueKind is JsonValueKind.Object;
        }

        var finalizers = claim.Json.At("metadata").Items("finalizers").Select(static f => f.Text()).ToList();
        if (!allocated && finalizers.Remove(Finalizer))
        {
            await client.MergePatchAsync(
                Kinds.Claims, key,
                new JsonObject { ["metadata"] = new JsonObject { ["resourceVersion"] = claim.Identity.ResourceVersion, ["finalizers"] = new JsonArray([.. finalizers.Select(static f => (JsonNode)f)]) } }, Manager, cancellationToken);
        }

        // The claim of a pod that has ended serves nobody, though the pod is kept for its log.
        if (!allocated && !claim.IsDeleting && Owner(claim) is { } owner && cache[Kinds.Pods].Get(new(key.Namespace, owner)) is { } pod && IsOver(pod)) await client.DeleteAsync(Kinds.Claims, key, cancellationToken, claim.Identity.Uid);
        return ReconcileResult.Done;
    }

    private bool IsUsed(string ns, JsonElement consumer)
    {
        var key = new NamespacedName(ns, consumer.Text("name"));
        var found = consumer.Text("resource") is "podgroups" ? cache[Kinds.Groups].Get(key) : cache[Kinds.Pods].Get(key);
        return found is not null && found.Identity.Uid == consumer.Text("uid") && (consumer.Text("resource") is not "pods" || !IsOver(found));
    }

    private static bool IsOver(CachedObject pod) => pod.Json.Text("status", "phase") is "Succeeded" or "Failed";

    private static string? Owner(CachedObject claim) => claim.Json.At("metadata").Items("ownerReferences").Where(static o => o.Text("kind") is "Pod").Select(static o => o.Text("name")).FirstOrDefault();
}
