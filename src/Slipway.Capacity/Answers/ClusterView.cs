using System.Collections.Immutable;
using Slipway.Capacity.Inventory;
using Slipway.Capacity.Inventory.Watched;

namespace Slipway.Capacity.Answers;

/// <summary>What was read of a cluster at one moment: what it has, and which models it runs.</summary>
/// <param name="Inventory">Nodes and pods.</param>
/// <param name="Models">The deployments of models.</param>
/// <param name="PodLabels">Labels of pods whose value is the name of a deployment in the pod's namespace.</param>
public sealed record ClusterView(InventorySnapshot Inventory, ImmutableArray<RunningModel> Models, ImmutableArray<string> PodLabels)
{
    /// <summary>What monitors say of the devices.</summary>
    public WatchedNodes Watched { get; init; } = WatchedNodes.None;

    private readonly ImmutableHashSet<(string Namespace, string Name)> _names = [.. Models.Select(static m => (m.Namespace, m.Name))];

    /// <summary>The deployment that a pod serves; null when it serves none. A label alone does not make a pod one of a model's.</summary>
    public string? ModelOf(PodFacts pod)
    {
        ArgumentNullException.ThrowIfNull(pod);
        foreach (var label in PodLabels)
        {
            if (pod.Labels.TryGetValue(label, out var name) && _names.Contains((pod.Namespace, name))) return name;
        }

        return null;
    }
}

/// <summary>A deployment of a model, as far as capacity and cost need it.</summary>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name.</param>
/// <param name="Replicas">How many it wants.</param>
/// <param name="OnThisMachine">Whether processes of this machine serve it, which no node's price covers.</param>
public sealed record RunningModel(string Namespace, string Name, int Replicas, bool OnThisMachine);
