using System.Text.Json;
using Slipway.Capacity.Inventory.Kubernetes;

namespace Slipway.Simulation.Scheduling;

/// <summary>Pods that are spread evenly over the values of a node label, as far as it is required (<c>DoNotSchedule</c>).</summary>
internal static class TopologySpread
{
    /// <summary>Why a pod does not get to a node; null when nothing stands in the way.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="node">The node.</param>
    /// <param name="nodes">All nodes, with their pods.</param>
    public static string? Objection(PodState pod, NodeState node, IReadOnlyList<NodeState> nodes)
    {
        foreach (var constraint in pod.Spec.Items("topologySpreadConstraints").Where(static c => c.Text("whenUnsatisfiable") is "" or "DoNotSchedule"))
        {
            var key = constraint.Text("topologyKey");
            if (!node.Labels.TryGetValue(key, out var place)) return "node(s) didn't match pod topology spread constraints (missing required label)";
            var counts = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach (var other in nodes)
            {
                if (!other.Labels.TryGetValue(key, out var value) || !NodeChoice.Matches(pod, other)) continue;
                counts[value] = counts.GetValueOrDefault(value) + other.Pods.Count(p => p.Key.Namespace == pod.Key.Namespace && !p.IsDeleting && LabelSelector.Chooses(constraint.At("labelSelector"), p.Labels));
            }

            var least = counts.Count == 0 || counts.Count < Number(constraint.At("minDomains"), 1) ? 0 : counts.Values.Min();
            var itself = LabelSelector.Chooses(constraint.At("labelSelector"), pod.Labels) ? 1 : 0;
            if (counts.GetValueOrDefault(place) + itself - least > Number(constraint.At("maxSkew"), 1)) return "node(s) didn't match pod topology spread constraints";
        }

        return null;
    }

    private static int Number(JsonElement value, int otherwise) => value.ValueKind is JsonValueKind.Number && value.TryGetInt32(out var number) ? number : otherwise;
}
