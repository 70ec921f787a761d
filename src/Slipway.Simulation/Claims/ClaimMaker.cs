using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Capacity.Inventory.Kubernetes;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Controllers;
using Slipway.Kubernetes.Objects;

namespace Slipway.Simulation.Claims;

/// <summary>Makes claims of templates, for pods and for gangs, as Kubernetes' ResourceClaim controller does.</summary>
/// <param name="client">The API.</param>
/// <param name="cache">What is there.</param>
/// <param name="events">Events of pods.</param>
internal sealed class ClaimMaker(KubeClient client, ClusterCache cache, EventWriter events)
{
    private const string Manager = "simulated-claims";

    private static readonly TimeSpan s_again = TimeSpan.FromSeconds(5);

    /// <summary>Makes the claims of a pod.</summary>
    public async Task<ReconcileResult> PodAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (cache[Kinds.Pods].Get(key) is not { IsDeleting: false } pod || pod.Json.Text("status", "phase") is "Succeeded" or "Failed") return ReconcileResult.Done;
        var group = cache[Kinds.Groups].Get(new(key.Namespace, pod.Json.Text("spec", "schedulingGroup", "podGroupName")));
        var known = pod.Json.At("status").Items("resourceClaimStatuses").Select(static s => s.Text("name")).ToHashSet();
        var statuses = new JsonArray([.. pod.Json.At("status").Items("resourceClaimStatuses").Select(static s => JsonNode.Parse(s.GetRawText()))]);
        foreach (var entry in pod.Json.At("spec").Items("resourceClaims"))
        {
            var (name, template) = (entry.Text("name"), entry.Text("resourceClaimTemplateName"));
            if (template.Length == 0 || known.Contains(name)) continue;
            string made;
            if (group is not null && new Scheduling.GroupState(group.Json).Shares(entry))
            {
                // The group's own, once it is there.
                made = group.Json.At("status").Items("resourceClaimStatuses").FirstOrDefault(s => s.Text("name") == name).Text("resourceClaimName");
                if (made.Length == 0) return new(s_again);
            }
            else
            {
                var (claim, why) = await MakeAsync("v1", "Pod", pod, name, template, cancellationToken);
                if (claim is null)
                {
                    await events.WriteAsync("Pod", pod, "FailedResourceClaimCreation", $"PodResourceClaim {name}: failed to create ResourceClaim: {why}", warning: true, cancellationToken);
                    return new(s_again);
                }

                made = claim;
            }

            statuses.Add((JsonNode)new JsonObject { ["name"] = name, ["resourceClaimName"] = made });
        }

        if (statuses.Count > known.Count) await client.MergePatchAsync(Kinds.Pods, key, new JsonObject { ["status"] = new JsonObject { ["resourceClaimStatuses"] = statuses } }, Manager, cancellationToken, "status");
        return ReconcileResult.Done;
    }

    /// <summary>Makes the claims of a gang, which its pods share.</summary>
    public async Task<ReconcileResult> GroupAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (cache[Kinds.Groups].Get(key) is not { IsDeleting: false } group) return ReconcileResult.Done;
        var known = group.Json.At("status").Items("resourceClaimStatuses").Select(static s => s.Text("name")).ToHashSet();
        var statuses = new JsonArray([.. group.Json.At("status").Items("resourceClaimStatuses").Select(static s => JsonNode.Parse(s.GetRawText()))]);
        foreach (var entry in group.Json.At("spec").Items("resourceClaims"))
        {
            if (entry.Text("resourceClaimTemplateName") is not { Length: > 0 } template || known.Contains(entry.Text("name"))) continue;
            var (claim, _) = await MakeAsync(Kinds.Groups.ApiVersion, "PodGroup", group, entry.Text("name"), template, cancellationToken);
            if (claim is null) return new(s_again);
            statuses.Add((JsonNode)new JsonObject { ["name"] = entry.Text("name"), ["resourceClaimName"] = claim });
        }

        if (statuses.Count == known.Count) return ReconcileResult.Done;
        await client.MergePatchAsync(Kinds.Groups, key, new JsonObject { ["status"] = new JsonObject { ["resourceClaimStatuses"] = statuses } }, Manager, cancellationToken, "status");
        return ReconcileResult.Done;
    }

    private async Task<(string? Name, string Why)> MakeAsync(string version, string kind, CachedObject owner, string entry, string template, CancellationToken cancellationToken)
    {
        if (cache[Kinds.ClaimTemplates].Get(new(owner.Identity.Key.Namespace, template)) is not { } there)
            return (null, $"resource claim template \"{template}\": resourceclaimtemplate.resource.k8s.io \"{template}\" not found");
        // The same name each time, so that a claim is made once, whatever is written or seen in between.
        var key = new NamespacedName(owner.Identity.Key.Namespace, $"{owner.Identity.Key.Name}-{entry}-{ShortHash.Of(owner.Identity.Uid + entry)}");
        var metadata = Copy(there.Json.At("spec", "metadata"));
        (metadata["name"], metadata["namespace"]) = (key.Name, key.Namespace);
        var annotations = metadata["annotations"] as JsonObject;
        if (annotations is null) metadata["annotations"] = annotations = [];
        annotations["resource.kubernetes.io/pod-claim-name"] = entry;
        metadata["ownerReferences"] = new JsonArray(new JsonObject
        {
            ["apiVersion"] = version,
            ["kind"] = kind,
            ["name"] = owner.Identity.Key.Name,
            ["uid"] = owner.Identity.Uid,
            ["controller"] = true,
            ["blockOwnerDeletion"] = true,
        });
        try
        {
            await client.ApplyAsync(
                Kinds.Claims, key, new JsonObject { ["apiVersion"] = Kinds.Claims.ApiVersion, ["kind"] = "ResourceClaim", ["metadata"] = metadata, ["spec"] = Copy(there.Json.At("spec", "spec")) }, Manager, cancellationToken);
            return (key.Name, "");
        }
        catch (KubeApiException refused) when (refused.Code is System.Net.HttpStatusCode.Forbidden or System.Net.HttpStatusCode.UnprocessableEntity)
        {
            return (null, refused.Message);
        }
    }

    private static JsonObject Copy(JsonElement value) => value.ValueKind is JsonValueKind.Object ? JsonNode.Parse(value.GetRawText())!.AsObject() : [];
}
