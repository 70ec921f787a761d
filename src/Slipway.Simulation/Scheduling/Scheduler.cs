using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Capacity.Inventory.Kubernetes;
using Slipway.Capacity.Inventory.Slices;
using Slipway.Capacity.Inventory.Slices.Allocation;
using Slipway.Kubernetes.Objects;

namespace Slipway.Simulation.Scheduling;

/// <summary>Decides which pods get which nodes and devices, from what a cluster has at one moment. Pure.</summary>
/// <remarks>
/// For simulation. It knows requests, extended resources, node selectors and affinity, taints, required affinity between pods, required spread, claims, and
/// gangs, and takes pods by priority. It takes no pod away for another one, and looks at no ports, no preferences between pods, and no place of volumes.
/// </remarks>
public sealed class Scheduler
{
    private readonly List<NodeState> _nodes = [];
    private readonly List<PodState> _pods;
    private readonly Dictionary<NamespacedName, GroupState> _groups = [];
    private readonly Dictionary<NamespacedName, ClaimState> _claims = [];
    private readonly Dictionary<NamespacedName, JsonElement> _volumes = [];
    private readonly Placer _placer;
    private readonly GangPlacer _gangs;
    private readonly List<Placement> _placed = [];
    private readonly ImmutableArray<Waiting>.Builder _waiting = ImmutableArray.CreateBuilder<Waiting>();
    private readonly ImmutableArray<GroupVerdict>.Builder _verdicts = ImmutableArray.CreateBuilder<GroupVerdict>();

    private Scheduler(ClusterObjects objects)
    {
        foreach (var node in objects.Nodes)
        {
            if (NodeReader.Read(node) is { } facts) _nodes.Add(new(facts, node));
        }

        _nodes.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        _pods = [.. objects.Pods.Select(PodState.Read).OfType<PodState>()];
        var byName = _nodes.ToDictionary(static n => n.Name, StringComparer.Ordinal);
        foreach (var pod in _pods.Where(static p => p.Node.Length > 0))
        {
            if (byName.TryGetValue(pod.Node, out var node)) node.Add(pod);
        }

        foreach (var group in objects.Groups.Select(static g => new GroupState(g))) _groups[group.Key] = group;
        foreach (var claim in objects.Claims.Select(static c => new ClaimState(c))) _claims[claim.Key] = claim;
        foreach (var volume in objects.Volumes) _volumes[new(volume.Text("metadata", "namespace"), volume.Text("metadata", "name"))] = volume;
        var devices = ClusterDevices.Read(objects.Slices, objects.Classes, objects.Claims);
        _placer = new(_nodes, new DeviceAllocator(devices), new ExtendedResources(objects.Classes), (ns, name) => _claims.GetValueOrDefault(new(ns, name)), VolumeTrouble);
        _gangs = new(_placer, _nodes);
    }

    /// <summary>Decides.</summary>
    /// <param name="objects">What the cluster has.</param>
    /// <returns>What is to be written.</returns>
    public static Schedule Decide(ClusterObjects objects)
    {
        ArgumentNullException.ThrowIfNull(objects);
        if (!objects.Pods.Any(static p => p.Text("spec", "nodeName").Length == 0) && !objects.Groups.Any(static g => new GroupState(g) is { MinCount: > 0, IsScheduled: false })) return Schedule.Empty;
        var scheduler = new Scheduler(objects);
        foreach (var unit in scheduler.Units()) scheduler.Decide(unit);
        scheduler.SayWhatIsOverdue();
        return scheduler.Written();
    }

    // A gang whose pods got their nodes, and whose verdict was lost before it was written, has no pod left that waits and would bring it up.
    private void SayWhatIsOverdue()
    {
        foreach (var group in _groups.Values.Where(g => g is { MinCount: > 0, IsScheduled: false } && !_verdicts.Any(v => v.Group == g.Key)))
        {
            if (_pods.Count(p => p.Node.Length > 0 && p.Group == group.Key.Name && p.Key.Namespace == group.Key.Namespace) >= group.MinCount) _verdicts.Add(new(group.Key, true, ""));
        }
    }

    // A gang comes with its first pod. By priority, then by age, as kube-scheduler's queue.
    private IEnumerable<List<PodState>> Units() => _pods.Where(static p => p.IsWaiting)
        .GroupBy(static p => p.Group.Length > 0 ? (p.Key.Namespace, p.Group, "") : (p.Key.Namespace, "", p.Key.Name))
        .Select(static u => u.OrderByDescending(static p => p.Priority).ThenBy(static p => p.Created).ThenBy(static p => p.Key.Name, StringComparer.Ordinal).ToList())
        .OrderByDescending(static u => u[0].Priority).ThenBy(static u => u[0].Created).ThenBy(static u => u[0].Key.ToString(), StringComparer.Ordinal);

    private void Decide(List<PodState> unit)
    {
        var first = unit[0];
        if (first.Group.Length == 0)
        {
            Take(_placer.Place(first, null, _nodes), first);
            return;
        }

        // Pods may come before their group, of which upstream says nothing.
        if (!_groups.TryGetValue(new(first.Key.Namespace, first.Group), out var group)) return;
        if (group.MinCount == 0)
        {
            foreach (var pod in unit) Take(_placer.Place(pod, group, _nodes), pod);
            return;
        }

        var scheduled = _pods.Where(p => p.Node.Length > 0 && p.Group == first.Group && p.Key.Namespace == first.Key.Namespace).ToList();
        var result = _gangs.Place(group, unit, scheduled);
        _placed.AddRange(result.Placed);
        foreach (var (pod, why) in result.Refused) _waiting.Add(new(pod.Key, why.Reason, why.Message));
        if (result.Verdict is { } verdict) _verdicts.Add(verdict);
    }

    private void Take((Placement? Placement, NoPlace? Refusal) answer, PodState pod)
    {
        if (answer.Placement is { } placement) _placed.Add(placement);
        else _waiting.Add(new(pod.Key, answer.Refusal!.Reason, answer.Refusal.Message));
    }

    private string? VolumeTrouble(PodState pod)
    {
        foreach (var name in pod.Spec.Items("volumes").Select(static v => v.Text("persistentVolumeClaim", "claimName")).Where(static n => n.Length > 0))
        {
            if (!_volumes.TryGetValue(new(pod.Key.Namespace, name), out var volume)) return $"persistentvolumeclaim \"{name}\" not found";
            if (volume.Text("status", "phase") is not "Bound") return "pod has unbound immediate PersistentVolumeClaims";
        }

        return null;
    }

    private Schedule Written() => new()
    {
        Claims =
        [
            .. _claims.Values.Where(static c => c.Added.Count > 0 || !c.Given.IsDefault).Select(static c => new ClaimGrants(
                c.Key, c.Given.IsDefault ? null : Allocations.Write(c.Json.At("spec"), c.GivenOn, c.Given), [.. c.Added.Select(Entry)])),
            .. _placed.Where(static p => p.Extended is not null).Select(Extended),
        ],
        Bindings = [.. _placed.Select(static p => new Binding(p.Pod.Key, p.Pod.Uid, p.Node.Name))],
        Waiting = _waiting.ToImmutable(),
        Groups = _verdicts.ToImmutable(),
    };

    private static ClaimGrants Extended(Placement placement)
    {
        var (pod, given) = (placement.Pod, placement.Extended!);
        var name = $"{pod.Key.Name}-extended-resources-{ShortHash.Of(pod.Uid)}";
        var claim = new JsonObject
        {
            ["apiVersion"] = "resource.k8s.io/v1",
            ["kind"] = "ResourceClaim",
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["namespace"] = pod.Key.Namespace,
                ["annotations"] = new JsonObject { ["resource.kubernetes.io/extended-resource-claim"] = "true" },
                ["ownerReferences"] = new JsonArray(new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Pod", ["name"] = pod.Key.Name, ["uid"] = pod.Uid, ["controller"] = true }),
            },
            ["spec"] = JsonNode.Parse(given.Spec.GetRawText()),
        };
        var status = new JsonObject
        {
            ["resourceClaimName"] = name,
            ["requestMappings"] = new JsonArray([.. given.Mappings.Select(static m => (JsonNode)new JsonObject { ["containerName"] = m.Container, ["resourceName"] = m.Resource, ["requestName"] = m.Request })]),
        };
        return new(new(pod.Key.Namespace, name), Allocations.Write(given.Spec, placement.Node.Name, given.Grants), [Entry(new("pods", pod.Key.Name, pod.Uid))], new(claim, pod.Key, status));
    }

    private static JsonObject Entry(Consumer consumer)
    {
        var entry = new JsonObject { ["resource"] = consumer.Resource, ["name"] = consumer.Name, ["uid"] = consumer.Uid };
        if (consumer.Resource is "podgroups") entry["apiGroup"] = "scheduling.k8s.io";
        return entry;
    }
}
