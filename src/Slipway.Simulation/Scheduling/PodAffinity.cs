using System.Text.Json;
using Slipway.Capacity.Inventory.Kubernetes;

namespace Slipway.Simulation.Scheduling;

/// <summary>Pods that want to be with others, or without them, in one value of a node label; what is only preferred is not looked at.</summary>
internal static class PodAffinity
{
    private const string Required = "requiredDuringSchedulingIgnoredDuringExecution";

    /// <summary>Why a pod does not get to a node; null when nothing stands in the way.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="node">The node.</param>
    /// <param name="nodes">All nodes, with their pods.</param>
    public static string? Objection(PodState pod, NodeState node, IReadOnlyList<NodeState> nodes)
    {
        foreach (var term in pod.Spec.At("affinity", "podAffinity").Items(Required))
        {
            if (Together(term, pod, node, nodes).Any()) continue;
            // The first of a series would wait for itself.
            if (node.Labels.ContainsKey(term.Text("topologyKey")) && Chooses(term, pod, pod) && !nodes.Any(n => n.Pods.Any(p => Chooses(term, pod, p)))) continue;
            return "node(s) didn't match pod affinity rules";
        }

        if (pod.Spec.At("affinity", "podAntiAffinity").Items(Required).Any(t => Together(t, pod, node, nodes).Any())) return "node(s) didn't match pod anti-affinity rules";
        return nodes.Any(n => n.Pods.Any(p => p.Spec.At("affinity", "podAntiAffinity").Items(Required).Any(t => Chooses(t, p, pod) && SamePlace(t, n, node))))
            ? "node(s) didn't satisfy existing pods anti-affinity rules" : null;
    }

    private static IEnumerable<PodState> Together(JsonElement term, PodState pod, NodeState node, IReadOnlyList<NodeState> nodes) =>
        nodes.Where(n => SamePlace(term, n, node)).SelectMany(static n => n.Pods).Where(p => Chooses(term, pod, p));

    private static bool SamePlace(JsonElement term, NodeState one, NodeState other) =>
        one.Labels.TryGetValue(term.Text("topologyKey"), out var place) && other.Labels.GetValueOrDefault(term.Text("topologyKey")) == place;

    // Namespaces are chosen by name; by their labels, all of them are.
    private static bool Chooses(JsonElement term, PodState of, PodState pod) =>
        (term.At("namespaceSelector").ValueKind is JsonValueKind.Object
            || (term.Items("namespaces").Any() ? term.Items("namespaces").Any(n => n.Text() == pod.Key.Namespace) : of.Key.Namespace == pod.Key.Namespace))
        && LabelSelector.Chooses(term.At("labelSelector"), pod.Labels);
}
