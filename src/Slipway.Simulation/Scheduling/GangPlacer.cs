using System.Globalization;

namespace Slipway.Simulation.Scheduling;

/// <summary>Places the pods of a gang: at least as many as it asks for, or none.</summary>
/// <param name="placer">Places one pod.</param>
/// <param name="nodes">The nodes.</param>
/// <remarks>Each pod gets the first node that takes it, and none makes way for a later one of its gang: as upstream, a gang that would fit another way may wait (kubernetes#138765).</remarks>
internal sealed class GangPlacer(Placer placer, IReadOnlyList<NodeState> nodes)
{
    /// <summary>Places the pods that wait.</summary>
    /// <param name="group">The gang.</param>
    /// <param name="waiting">Its pods that wait.</param>
    /// <param name="scheduled">Its pods that have a node.</param>
    /// <returns>What was placed, why others were not, and how the gang is; no verdict where it has too few pods, of which upstream says nothing.</returns>
    public GangResult Place(GroupState group, IReadOnlyList<PodState> waiting, IReadOnlyList<PodState> scheduled)
    {
        if (waiting.Count + scheduled.Count < group.MinCount) return new([], [], null);
        // A gang guards the start: once it has its pods, each further one comes by itself.
        if (scheduled.Count >= group.MinCount && group.TopologyKey.Length == 0) return Alone(group, waiting);
        var places = Places(group, scheduled);
        var told = new List<string>();
        var error = false;
        foreach (var place in places)
        {
            var (placed, refused) = Each(group, waiting, place);
            if (placed.Count + scheduled.Count >= group.MinCount && (scheduled.Count < group.MinCount || placed.Count > 0)) return new(placed, refused, new(group.Key, true, ""));
            for (var i = placed.Count - 1; i >= 0; i--) placer.Undo(placed[i]);
            told.Add(refused[0].Why.Message);
            error |= refused.Exists(static r => r.Why.Reason is "SchedulerError");
        }

        var why = group.TopologyKey.Length == 0 ? told.FirstOrDefault("no nodes available to schedule pods")
            : string.Create(CultureInfo.InvariantCulture, $"0/{places.Count} placements are available: {told.FirstOrDefault($"no node has the label {group.TopologyKey}")}");
        var message = $"pod group is unschedulable, waiting for minCount pods from a gang to be scheduled: {why}";
        return new([], [.. waiting.Select(p => (p, new NoPlace(error ? "SchedulerError" : "Unschedulable", message)))], new(group.Key, scheduled.Count >= group.MinCount, message));
    }

    private GangResult Alone(GroupState group, IReadOnlyList<PodState> waiting)
    {
        var (placed, refused) = Each(group, waiting, nodes);
        return new(placed, refused, new(group.Key, true, ""));
    }

    private (List<Placement> Placed, List<(PodState Pod, NoPlace Why)> Refused) Each(GroupState group, IReadOnlyList<PodState> waiting, IReadOnlyCollection<NodeState> place)
    {
        var (placed, refused) = (new List<Placement>(), new List<(PodState, NoPlace)>());
        foreach (var pod in waiting)
        {
            var (placement, refusal) = placer.Place(pod, group, place);
            if (placement is null) refused.Add((pod, refusal!));
            else placed.Add(placement);
        }

        return (placed, refused);
    }

    // One value of the label for all; that of the pods which have a node, where there are any.
    private List<IReadOnlyCollection<NodeState>> Places(GroupState group, IReadOnlyList<PodState> scheduled)
    {
        if (group.TopologyKey.Length == 0) return [nodes];
        var taken = scheduled.Select(p => nodes.FirstOrDefault(n => n.Name == p.Node)?.Labels.GetValueOrDefault(group.TopologyKey)).OfType<string>().FirstOrDefault();
        return
        [
            .. nodes.Where(n => n.Labels.TryGetValue(group.TopologyKey, out var value) && (taken is null || taken == value))
                .GroupBy(n => n.Labels[group.TopologyKey], StringComparer.Ordinal).OrderBy(static g => g.Key, StringComparer.Ordinal).Select(static g => g.ToList()),
        ];
    }
}

/// <summary>What became of a gang.</summary>
/// <param name="Placed">The pods that got a node.</param>
/// <param name="Refused">The pods that did not, and why.</param>
/// <param name="Verdict">How the gang is; null where nothing is said.</param>
internal sealed record GangResult(IReadOnlyList<Placement> Placed, IReadOnlyList<(PodState Pod, NoPlace Why)> Refused, GroupVerdict? Verdict);
