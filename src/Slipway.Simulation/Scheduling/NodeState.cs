using System.Collections.Immutable;
using System.Text.Json;
using Slipway.Capacity.Inventory;
using Slipway.Capacity.Inventory.Kubernetes;

namespace Slipway.Simulation.Scheduling;

/// <summary>A node, with what the pods on it take; changed as pods are placed.</summary>
/// <param name="facts">The node.</param>
/// <param name="json">The same as it is.</param>
internal sealed class NodeState(NodeFacts facts, JsonElement json)
{
    private readonly List<PodState> _pods = [];

    public string Name => Facts.Name;

    public NodeFacts Facts { get; } = facts;

    public ImmutableDictionary<string, string> Labels => Facts.Labels;

    public IReadOnlyList<PodState> Pods => _pods;

    public long Cpu { get; private set; }

    public long Memory { get; private set; }

    /// <summary>How many pods it takes; a node that does not say takes any number.</summary>
    public long MostPods { get; } = json.Text("status", "allocatable", "pods") is { Length: > 0 } text ? QuantityReader.Units(text) : long.MaxValue;

    /// <summary>Its taints, with those that the control plane would give it for its state.</summary>
    public ImmutableArray<Taint> Taints { get; } =
    [
        .. facts.Taints,
        .. facts.NotReady is not null && !facts.Taints.Any(static t => t.Key is "node.kubernetes.io/not-ready" or "node.kubernetes.io/unreachable")
            ? [new Taint("node.kubernetes.io/not-ready", "", "NoSchedule")] : ImmutableArray<Taint>.Empty,
    ];

    /// <summary>What is left of an extended resource.</summary>
    public long Left(string resource) => Facts.Allocatable[resource] - _pods.Sum(p => p.OnNode(this)[resource]);

    public void Add(PodState pod) => Change(pod, 1);

    public void Remove(PodState pod) => Change(pod, -1);

    private void Change(PodState pod, int sign)
    {
        if (sign > 0) _pods.Add(pod);
        else _pods.Remove(pod);
        Cpu += sign * pod.Requests.CpuMillis;
        Memory += sign * pod.Requests.MemoryBytes;
    }
}
