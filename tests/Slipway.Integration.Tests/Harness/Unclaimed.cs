using System.Text.Json.Nodes;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Kubernetes.Objects;
using Slipway.Operator;
using Slipway.Runtimes;
using Slipway.Simulators;

namespace Slipway.Integration.Tests.Harness;

/// <summary>A pod of a deployment whose claim of devices cannot be made, as kube-controller-manager leaves it: an event, and no word in its status.</summary>
internal sealed class Unclaimed(BareCluster cluster, Deployed deployed)
{
    public const string Message = "PodResourceClaim accelerators: failed to create ResourceClaim: resourceclaims.resource.k8s.io \"x\" is forbidden: exceeded quota: gpus";

    private NamespacedName Pod => new(deployed.Key.Namespace, $"{deployed.Key.Name}-unclaimed");

    /// <summary>Makes it, and waits until the deployment's status repeats what the event says.</summary>
    public async Task<Condition> IsToldAsync()
    {
        await cluster.Client.ApplyAsync(ApiKinds.Pods, Pod, JsonNode.Parse($$$"""
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"{{{Pod.Name}}}","namespace":"{{{Pod.Namespace}}}","labels":{"{{{RuntimeDescriptor.DeploymentLabel}}}":"{{{deployed.Key.Name}}}"}},
            "spec":{"containers":[{"name":"engine","image":"e","resources":{"claims":[{"name":"accelerators"}]}}],"resourceClaims":[{"name":"accelerators","resourceClaimTemplateName":"t"}]}}
            """)!.AsObject(), "test", CancellationToken.None);
        var happened = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Event",
            ["metadata"] = new JsonObject { ["name"] = Pod.Name, ["namespace"] = Pod.Namespace },
            ["involvedObject"] = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Pod", ["namespace"] = Pod.Namespace, ["name"] = Pod.Name },
            ["reason"] = "FailedResourceClaimCreation",
            ["message"] = Message,
            ["type"] = "Warning",
            ["lastTimestamp"] = "2026-01-01T00:00:00Z",
        };
        await cluster.Client.ApplyAsync(Kinds.Events, Pod, happened, "test", CancellationToken.None);
        await deployed.UntilAsync(ConditionTypes.Ready, "ClaimNotCreated");
        return Deployed.Condition(deployed.Last, ConditionTypes.Ready)!;
    }

    /// <summary>Gives it its claim.</summary>
    public Task MendAsync() => cluster.Client.MergePatchAsync(
        ApiKinds.Pods, Pod, new JsonObject { ["status"] = new JsonObject { ["resourceClaimStatuses"] = new JsonArray(new JsonObject { ["name"] = "accelerators", ["resourceClaimName"] = "x" }) } }, "test", CancellationToken.None, "status");
}
