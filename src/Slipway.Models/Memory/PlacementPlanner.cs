using System.Runtime.InteropServices;
using Slipway.Models.Hardware;
using Slipway.Models.Profiles;

namespace Slipway.Models.Memory;

/// <summary>Packs a replica onto the free devices of a cluster's nodes.</summary>
/// <remarks>
/// A layer is shared only among devices of one node (their links make it worth it); more nodes become pipeline stages of equal size. Memory depends
/// on the kind of device and the layout alone, so each pair is computed once, however many nodes there are.
/// </remarks>
public static class PlacementPlanner
{
    private const int MostStages = 8;

    /// <summary>The best placement on each kind of device, those that are possible first, then by number of devices.</summary>
    /// <param name="profile">The model.</param>
    /// <param name="workload">What a replica shall hold.</param>
    /// <param name="settings">The engine.</param>
    /// <param name="nodes">What there is; a node with two kinds of devices has two entries.</param>
    public static IReadOnlyList<Placement> Plan(ModelProfile profile, Workload workload, EngineSettings settings, IReadOnlyList<NodeAccelerators> nodes)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(nodes);
        var pools = new Dictionary<string, List<NodeAccelerators>>(StringComparer.Ordinal);
        foreach (var node in nodes)
        {
            if (node.Total <= 0) continue;
            ref var pool = ref CollectionsMarshal.GetValueRefOrAddDefault(pools, node.Accelerator.Key, out _);
            (pool ??= []).Add(node);
        }

        return [.. pools.Values.Select(pool => PlanPool(profile, workload, settings, pool))
            .OrderBy(static p => !p.IsPossible).ThenBy(static p => p.Fit.Verdict is not (FitVerdict.Fits or FitVerdict.Tight))
            .ThenBy(static p => p.Fit.Layout.Devices).ThenBy(static p => p.Accelerator.MemoryBytes).ThenBy(static p => p.Accelerator.Key, StringComparer.Ordinal)];
    }

    private static Placement PlanPool(ModelProfile profile, Workload workload, EngineSettings settings, List<NodeAccelerators> pool)
    {
        var accelerator = pool[0].Accelerator;
        var largest = pool.Max(static n => n.Total);
        Placement? blocked = null;
        Fit? last = null;
        foreach (var layout in Layouts(profile, settings, largest, pool.Count))
        {
            var fit = FitCheck.Judge(profile, accelerator, layout, workload, settings);
            if (fit.Verdict is FitVerdict.Refused)
            {
                last ??= fit;
                continue;
            }

            last = fit;
            if (fit.Verdict is FitVerdict.DoesNotFit) continue;
            var placement = Place(accelerator, fit, pool);
            if (placement.IsPossible) return placement;
            blocked ??= placement;
        }

        if (blocked is not null) return blocked;
        var smallest = FitCheck.Check(profile, accelerator, last?.Layout ?? Layout.Single, workload, settings);
        return new Placement { Accelerator = accelerator, Fit = smallest };
    }

    /// <summary>Layouts by number of devices: inside one node first, then over more nodes with all devices that a node shares a layer among.</summary>
    private static IEnumerable<Layout> Layouts(ModelProfile profile, EngineSettings settings, int largest, int nodes)
    {
        var sizes = LayoutRules.TensorSizes(profile, largest, settings.Engine).ToList();
        foreach (var size in sizes) yield return new Layout(size);
        if (sizes.Count == 0) yield break;
        for (var stages = 2; stages <= Math.Min(nodes, MostStages); stages++) yield return new Layout(sizes[^1], stages);
    }

    /// <summary>Takes the nodes with the fewest free devices that suffice, so that large blocks stay whole for those who need them.</summary>
    private static Placement Place(Accelerator accelerator, Fit fit, List<NodeAccelerators> pool)
    {
        var tensor = fit.Layout.Tensor;
        var stages = fit.Layout.Pipeline;
        var candidates = pool.FindAll(n => n.Free >= tensor);
        var slots = candidates.Sum(n => n.Free / tensor);
        if (slots < stages)
        {
            var free = pool.Sum(static n => Math.Max(0, n.Free));
            return new Placement
            {
                Accelerator = accelerator,
                Fit = fit,
                Blocked = $"It needs {stages} node{(stages > 1 ? "s" : "")} with {tensor} free {accelerator.Name}; {candidates.Count} have so many, {free} are free in all.",
            };
        }

        candidates.Sort(static (a, b) => a.Free != b.Free ? a.Free.CompareTo(b.Free) : string.CompareOrdinal(a.Node, b.Node));
        var chosen = new List<string>(stages);
        foreach (var node in candidates)
        {
            for (var taken = 0; taken < node.Free / tensor && chosen.Count < stages; taken++) chosen.Add(node.Node);
        }

        return new Placement { Accelerator = accelerator, Fit = fit, Nodes = chosen, Replicas = slots / stages };
    }
}
