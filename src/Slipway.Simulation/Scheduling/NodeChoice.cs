using System.Text.Json;
using Slipway.Capacity.Inventory.Kubernetes;

namespace Slipway.Simulation.Scheduling;

/// <summary>Which nodes a pod's own selector and affinity choose.</summary>
internal static class NodeChoice
{
    /// <summary>Whether a node has the labels that a pod asks for.</summary>
    public static bool Matches(PodState pod, NodeState node)
    {
        if (pod.Spec.At("nodeSelector") is { ValueKind: JsonValueKind.Object } selector && selector.EnumerateObject().Any(l => node.Labels.GetValueOrDefault(l.Name) != l.Value.Text())) return false;
        return pod.Spec.At("affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution") is not { ValueKind: JsonValueKind.Object } required
            || NodeSelectorTerms.Choose(required, node.Name, node.Labels);
    }

    /// <summary>How much a pod prefers a node, from 0 to 1.</summary>
    public static double Preference(PodState pod, NodeState node)
    {
        var (all, here) = (0L, 0L);
        foreach (var preferred in pod.Spec.At("affinity", "nodeAffinity").Items("preferredDuringSchedulingIgnoredDuringExecution"))
        {
            var weight = preferred.At("weight") is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var given) ? given : 0;
            all += weight;
            if (NodeSelectorTerms.Holds(preferred.At("preference"), node.Name, node.Labels)) here += weight;
        }

        return all == 0 ? 0 : (double)here / all;
    }
}
