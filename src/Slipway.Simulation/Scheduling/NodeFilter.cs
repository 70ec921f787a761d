namespace Slipway.Simulation.Scheduling;

/// <summary>Why a node does not take a pod, for all but its claims; in the order and the words of kube-scheduler's plugins.</summary>
/// <param name="nodes">All nodes.</param>
/// <param name="extended">Which extended resources are claims.</param>
internal sealed class NodeFilter(IReadOnlyList<NodeState> nodes, ExtendedResources extended)
{
    /// <summary>Asks; nothing means that the node takes it.</summary>
    public IEnumerable<string> Objections(PodState pod, NodeState node)
    {
        if (node.Facts.Cordoned && Tolerations.Objection(pod.Spec, [new("node.kubernetes.io/unschedulable", "", "NoSchedule")]) is not null) return ["node(s) were unschedulable"];
        if (Tolerations.Objection(pod.Spec, node.Taints) is not null) return ["node(s) had untolerated taint(s)"];
        if (!NodeChoice.Matches(pod, node)) return ["node(s) didn't match Pod's node affinity/selector"];
        if (Room(pod, node) is { Count: > 0 } lacking) return lacking;
        if (TopologySpread.Objection(pod, node, nodes) is { } spread) return [spread];
        return PodAffinity.Objection(pod, node, nodes) is { } affinity ? [affinity] : [];
    }

    // Whoever asks for nothing takes no room, as in NodeResourcesFit.
    private List<string> Room(PodState pod, NodeState node)
    {
        var lacking = new List<string>();
        var (asked, there) = (pod.Requests, node.Facts.Allocatable);
        if (node.Pods.Count + 1 > node.MostPods) lacking.Add("Too many pods");
        if (asked.CpuMillis > 0 && asked.CpuMillis > there.CpuMillis - node.Cpu) lacking.Add("Insufficient cpu");
        if (asked.MemoryBytes > 0 && asked.MemoryBytes > there.MemoryBytes - node.Memory) lacking.Add("Insufficient memory");
        foreach (var (resource, amount) in asked.Extended)
        {
            if (amount == 0 || there[resource] == 0 && extended.ClassOf(resource) is not null) continue;
            if (amount > node.Left(resource)) lacking.Add($"Insufficient {resource}");
        }

        return lacking;
    }
}
