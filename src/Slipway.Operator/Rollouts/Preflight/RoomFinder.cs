using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using Slipway.Capacity.Accelerators;
using Slipway.Capacity.Inventory;
using Slipway.Capacity.Inventory.Slices;
using Slipway.Capacity.Quotas;
using Slipway.Runtimes.Objects;

namespace Slipway.Operator.Rollouts.Preflight;

/// <summary>Looks whether a candidate's pods find what they ask for. Pure. It says no only where that is certain: what it overlooks, the scheduler sees.</summary>
internal static class RoomFinder
{
    private const int MostHolders = 4;

    /// <summary>Decides.</summary>
    /// <param name="need">What the candidate takes; null where that is not known.</param>
    /// <param name="room">What the cluster has.</param>
    /// <param name="holder">The deployment that a pod serves, or what else the pod is to be called.</param>
    public static Room Find(CandidateNeed? need, ClusterRoom room, Func<PodFacts, string> holder)
    {
        if (need is null) return Room.Unknown("how many accelerators it takes is not known before it is made");
        if (need.Accelerators == 0) return new Room(true, "it takes no accelerators") { CandidateEach = 0 };
        var unknown = room.Inventory is null ? room.Unread.FirstOrDefault() ?? "the cluster's nodes are not known"
            : need.Pods.Any(static p => p.Ask.PriorityClass is not null) ? "its priority class may push others aside" : null;
        var found = room.Inventory is { } inventory ? need.Pods.SelectMany(p => Kinds(p, inventory, room.Devices, holder)).ToList() : [];
        var text = string.Join("; ", Words(need, found));
        if (found.Count == 0 || found.Exists(static k => k.Free is null)) unknown ??= text.Length == 0 ? "no node says that it has such accelerators" : text;
        // Only of one kind can be said how many more there would have to be.
        long? free = found.Count > 0 && found.TrueForAll(static k => k.Free is not null) && found.DistinctBy(static k => k.Kind).Count() == 1 ? found.Max(static k => k.Free) : null;
        var lacks = unknown is null && (found.Exists(static k => k.Places < k.Pods) || found.GroupBy(static k => k.Kind).Any(static g => g.Sum(static k => k.Needed) > g.Max(static k => k.Free)));
        // Nodes that are made do not help against a quota.
        if (lacks && !room.NodeMakers.IsEmpty) (lacks, unknown) = (false, $"{text}; {string.Join(" and ", room.NodeMakers)} may make nodes for it");
        var forbidden = QuotaFinding.Of(room.Limits.Quotas, new QuotaAsk([.. need.Pods.Select(static p => p.Ask)], room.Limits.Classes)).Where(static f => f is { Fits: false, Unsaid: false }).Select(static f => f.Say()).ToList();
        if (forbidden.Count > 0) return new Room(false, string.Join("; ", forbidden)) { CandidateEach = need.Each };
        return new Room(unknown is null ? !lacks : null, unknown ?? text) { CandidateEach = need.Each, Free = unknown is null ? free : null };
    }

    private static IEnumerable<string> Words(CandidateNeed need, List<KindRoom> found)
    {
        foreach (var kind in found.GroupBy(static k => k.Kind))
        {
            var (needed, free, total) = (kind.Sum(static k => k.Needed), kind.Max(static k => k.Free), kind.Max(static k => k.Total));
            if (free is null)
            {
                yield return kind.First().Note;
                continue;
            }

            var of = need.Replicas == 1 ? "1 replica" : $"{need.Replicas} replicas";
            var words = string.Create(CultureInfo.InvariantCulture, $"it needs {needed} {kind.Key} ({of}), and {free} of {total} {(free == 1 ? "is" : "are")} free");
            // Free, and yet not where they would be of use.
            if (kind.FirstOrDefault(static k => k.Places < k.Pods) is { } scattered && needed <= free) words += string.Create(CultureInfo.InvariantCulture, $", of which nodes have room for {scattered.Places} of {scattered.Pods} pods");
            yield return words + (kind.First().Note is { Length: > 0 } note ? $"; {note}" : "");
        }
    }

    // By number, of nodes that take the pod; and by claims, of devices that drivers publish.
    private static IEnumerable<KindRoom> Kinds(PodNeed pod, InventorySnapshot inventory, ClusterDevices devices, Func<PodFacts, string> holder)
    {
        foreach (var (asked, units) in pod.Ask.Each.Where(static e => e.Value > 0 && e.Key.StartsWith("requests.", StringComparison.Ordinal)))
        {
            var resource = asked["requests.".Length..];
            if (!NodeMatcher.IsAccelerator(resource)) continue;
            var there = inventory.Nodes.Where(n => Takes(n, pod)).SelectMany(n => n.Devices.Where(d => d.Resource == resource)).ToList();
            var total = there.Sum(static d => d.Total);
            // From Kubernetes 1.36 on drivers' devices may be had by the name of a resource: what nodes offer is then not all that there is.
            if (total == 0) continue;
            var held = there.SelectMany(static d => d.Users).GroupBy(u => holder(u.Pod), StringComparer.Ordinal).Select(static g => (Who: g.Key, Units: g.Sum(static u => u.Units))).OrderByDescending(static h => h.Units).ThenBy(static h => h.Who, StringComparer.Ordinal).ToList();
            var note = held.Count == 0 ? "" : $"the others are held by {string.Join(", ", held.Take(MostHolders).Select(static h => $"{h.Who} ({h.Units})"))}{(held.Count > MostHolders ? $" and {held.Count - MostHolders} more" : "")}";
            yield return new KindRoom(resource, pod.Count, (long)units * pod.Count, there.Sum(static d => d.Free), total, there.Sum(d => d.Free / (long)units), note);
        }

        foreach (var claim in pod.Ask.Claims)
        {
            var nodes = inventory.Nodes.Where(n => Takes(n, pod)).Select(static n => n.Node).ToList();
            var fit = DeviceFit.Of(claim, devices, nodes);
            var each = Math.Max(1, (pod.Ask with { Each = FrozenDictionary<string, decimal>.Empty, Claims = [claim] }).Accelerators);
            var why = fit.Reasons.IsEmpty ? "" : string.Join("; ", fit.Reasons.Take(2));
            if (devices.Note is { } unread) yield return new KindRoom("devices by claim", pod.Count, each * pod.Count, null, 0, 0, unread);
            else if (fit.Verdict is DeviceVerdict.Unknown or DeviceVerdict.Never) yield return new KindRoom("devices by claim", pod.Count, each * pod.Count, null, 0, 0, $"whether its claims of devices fit is not known{(why.Length > 0 ? $": {why}" : "")}");
            else yield return new KindRoom("devices by claim", pod.Count, each * pod.Count, each * fit.Total, devices.Pools.Devices.Length, fit.Total, why);
        }
    }

    // A taint that only some pods tolerate keeps those away that tolerate none; which one is meant is the scheduler's business.
    internal static bool Takes(NodeInventory node, PodNeed pod)
    {
        var tolerates = pod.Spec.Items("tolerations").Any();
        if (node.Refusals.Any(r => r.Kind is RefusalKind.NotReady or RefusalKind.Cordoned || (r.Kind is RefusalKind.Taint && !tolerates))) return false;
        return pod.Spec.At("nodeSelector") is not { ValueKind: JsonValueKind.Object } selector
            || selector.EnumerateObject().All(l => node.Node.Labels.TryGetValue(l.Name, out var value) && l.Value.ValueEquals(value));
    }

    /// <summary>What there is of one kind of accelerator for pods of one shape.</summary>
    /// <param name="Kind">The resource.</param>
    /// <param name="Pods">How many pods.</param>
    /// <param name="Needed">Accelerators that they need.</param>
    /// <param name="Free">Accelerators that are free; null where that is not known.</param>
    /// <param name="Total">Accelerators that there are.</param>
    /// <param name="Places">Pods that nodes have room for at once.</param>
    /// <param name="Note">Who has the others, or why it is not known.</param>
    private sealed record KindRoom(string Kind, int Pods, long Needed, long? Free, long Total, long Places, string Note);
}
