using System.Text.Json.Nodes;
using Slipway.Capacity.Inventory.Kubernetes;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Controllers;
using Slipway.Kubernetes.Objects;

namespace Slipway.Simulation.Workloads;

/// <summary>Binds volume claims to volumes that are not there.</summary>
/// <param name="client">The API.</param>
/// <param name="cache">What is there.</param>
internal sealed class VolumeBinder(KubeClient client, ClusterCache cache)
{
    public async Task<ReconcileResult> ClaimAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (cache[Kinds.Volumes].Get(key) is not { IsDeleting: false } claim) return ReconcileResult.Done;
        var (spec, status) = (claim.Json.At("spec"), claim.Json.At("status"));
        if (status.Text("phase") is "Bound" && status.Text("capacity", "storage") == spec.Text("resources", "requests", "storage")) return ReconcileResult.Done;
        var bound = new JsonObject
        {
            ["phase"] = "Bound",
            ["accessModes"] = JsonNode.Parse(spec.At("accessModes").GetRawText()),
            ["capacity"] = JsonNode.Parse(spec.At("resources", "requests").GetRawText()),
        };
        await client.MergePatchAsync(Kinds.Volumes, key, new JsonObject { ["status"] = bound }, "simulated-volumes", cancellationToken, "status");
        return ReconcileResult.Done;
    }
}
