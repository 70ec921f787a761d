using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Capacity.Inventory.Kubernetes;
using Slipway.Kubernetes.Objects;

namespace Slipway.Simulation.Workloads;

/// <summary>
/// LeaderWorkerSets: groups of a leader and its workers, made and replaced as wholes. As the controller of v0.10, without the StatefulSets in between:
/// a leader owns its workers, so that they go with it.
/// </summary>
internal sealed class LeaderWorkerSets
{
    // Leaders of groups that have all run, by uid: only of those a lost pod takes the others along. Forgotten with the process, as a group that starts then anew.
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, bool> _started = new(StringComparer.Ordinal);

    /// <summary>Says of a worker whose it is, since its owner is the leader.</summary>
    public const string UidLabel = "slipway.dev/leaderworkerset-uid";

    private const string Prefix = "leaderworkerset.sigs.k8s.io/";
    private const string Exclusive = Prefix + "exclusive-topology";
    private const string RevisionLabel = Prefix + "template-revision-hash";
    private const string GroupLabel = Prefix + "group-index";
    private const string WorkerLabel = Prefix + "worker-index";
    private const string KeyLabel = Prefix + "group-key";
    private const string WholeAnnotation = Prefix + "size";

    public WorkloadPlan Plan(CachedObject set, IReadOnlyList<CachedObject> pods, IReadOnlyCollection<CachedObject> nodes, DateTimeOffset now)
    {
        var parts = set.Json.At("spec", "leaderWorkerTemplate");
        var worker = parts.At("workerTemplate");
        var leader = parts.At("leaderTemplate") is { ValueKind: System.Text.Json.JsonValueKind.Object } own ? own : worker;
        var (wanted, size) = (set.Number(1, "spec", "replicas"), set.Number(1, "spec", "leaderWorkerTemplate", "size"));
        var revision = PodMaker.Revision(leader, worker);
        var groups = pods.GroupBy(static p => p.Label(GroupLabel) ?? "").ToDictionary(static g => g.Key, static g => g.ToList(), StringComparer.Ordinal);
        var (create, delete) = (new List<JsonObject>(), new List<CachedObject>());
        var (ready, updated, replicas) = (0, 0, 0);
        var outdated = new List<CachedObject>();
        for (var i = 0; i < wanted; i++)
        {
            var members = groups.GetValueOrDefault(Text(i), []);
            var head = members.Find(static p => p.Label(WorkerLabel) is "0");
            if (head is null)
            {
                create.Add(Leader(set, leader, size, revision, i));
                continue;
            }

            if (head.IsDeleting) continue;
            replicas++;
            var mine = members.Where(m => m.IsOwnedBy(head.Identity.Uid)).ToList();
            var isWhole = mine.Count == size - 1 && head.IsReady() && mine.TrueForAll(static m => m.IsReady());
            if (isWhole)
            {
                ready++;
                _started[head.Identity.Uid] = true;
            }

            if (head.Label(RevisionLabel) == revision) updated++;
            else outdated.Add(head);
            if (mine.Count(static m => !m.IsDeleting) < size - 1 && _started.ContainsKey(head.Identity.Uid) && parts.Text("restartPolicy") is not "None")
            {
                // One process that is lost leaves the others waiting for it.
                _started.TryRemove(head.Identity.Uid, out _);
                delete.Add(head);
                continue;
            }

            if (Waits(set, head, nodes) is { } place) create.AddRange(Workers(set, worker, head, size, i, mine, place));
        }

        delete.AddRange(groups.Where(g => !int.TryParse(g.Key, CultureInfo.InvariantCulture, out var i) || i >= wanted).SelectMany(static g => g.Value).Where(static p => p.Label(WorkerLabel) is "0" && !p.IsDeleting));
        var gap = Math.Max(1, set.Number(1, "spec", "rolloutStrategy", "rollingUpdateConfiguration", "maxUnavailable"));
        delete.AddRange(outdated.OrderBy(static h => h.IsReady()).ThenByDescending(static h => h.Name(), StringComparer.Ordinal).Take(Math.Max(0, gap - (wanted - ready - outdated.Count(static h => !h.IsReady())))));
        var done = ready == wanted && updated == wanted;
        return new()
        {
            Create = create,
            Delete = [.. delete.Distinct()],
            Status = new JsonObject
            {
                ["observedGeneration"] = set.Generation(),
                ["replicas"] = replicas,
                ["readyReplicas"] = ready,
                ["updatedReplicas"] = updated,
                ["hpaPodSelector"] = $"{Prefix}name={set.Name()},{WorkerLabel}=0",
                ["conditions"] = Conditions.With(set.Json, [("Available", done, done ? "AllGroupsReady" : "GroupsNotReady", ""), ("Progressing", !done, "GroupsProgressing", "")], now),
            },
        };
    }

    private static JsonObject Leader(CachedObject set, System.Text.Json.JsonElement template, int size, string revision, int index)
    {
        var name = $"{set.Name()}-{Text(index)}";
        var key = ShortHash.Of($"{set.Identity.Key}/{name}", 12);
        var pod = PodMaker.Of(Kinds.LeaderWorkerSets, set, name, template, Labels(set, index, 0, revision, key));
        if (Topology(set) is { } topology)
        {
            JsonObject Term(params JsonObject[] expressions) => new() { ["topologyKey"] = topology, ["labelSelector"] = new JsonObject { ["matchExpressions"] = new JsonArray([.. expressions]) } };
            JsonObject Mine(string operation) => new() { ["key"] = KeyLabel, ["operator"] = operation, ["values"] = new JsonArray(key) };
            if (pod["spec"]!["affinity"] is not JsonObject affinity) pod["spec"]!["affinity"] = affinity = [];
            affinity["podAffinity"] = new JsonObject { ["requiredDuringSchedulingIgnoredDuringExecution"] = new JsonArray(Term(Mine("In"))) };
            affinity["podAntiAffinity"] = new JsonObject { ["requiredDuringSchedulingIgnoredDuringExecution"] = new JsonArray(Term(new JsonObject { ["key"] = KeyLabel, ["operator"] = "Exists" }, Mine("NotIn"))) };
        }

        return Finish(set, pod, name, size, 0);
    }

    private static IEnumerable<JsonObject> Workers(CachedObject set, System.Text.Json.JsonElement template, CachedObject head, int size, int index, List<CachedObject> there, string place)
    {
        for (var w = 1; w < size; w++)
        {
            var name = $"{head.Name()}-{Text(w)}";
            if (there.Exists(t => t.Name() == name)) continue;
            var pod = PodMaker.Of(Kinds.LeaderWorkerSets, set, name, template, Labels(set, index, w, head.Label(RevisionLabel) ?? "", head.Label(KeyLabel) ?? ""));
            pod["metadata"]!["ownerReferences"] = new JsonArray(PodMaker.Reference("v1", "Pod", head));
            if (place.Length > 0)
            {
                if (pod["spec"]!["nodeSelector"] is not JsonObject selector) pod["spec"]!["nodeSelector"] = selector = [];
                selector[Topology(set)!] = place;
            }

            yield return Finish(set, pod, head.Name(), size, w);
        }
    }

    // Empty when workers may be made now, or the place of the leader that they have to be in; null while they wait.
    private static string? Waits(CachedObject set, CachedObject head, IReadOnlyCollection<CachedObject> nodes)
    {
        if (set.Json.Text("spec", "startupPolicy") is "LeaderReady" && !head.IsReady()) return null;
        if (Topology(set) is not { } topology) return "";
        var node = head.Json.Text("spec", "nodeName");
        return nodes.FirstOrDefault(n => node.Length > 0 && n.Name() == node)?.Label(topology);
    }

    private static JsonObject Finish(CachedObject set, JsonObject pod, string leader, int size, int worker)
    {
        var metadata = pod["metadata"]!;
        if (metadata["annotations"] is not JsonObject annotations) metadata["annotations"] = annotations = [];
        annotations[WholeAnnotation] = Text(size);
        PodMaker.SetVariable(pod, "LWS_WORKER_INDEX", Text(worker));
        PodMaker.SetVariable(pod, "LWS_GROUP_SIZE", Text(size));
        PodMaker.SetVariable(pod, "LWS_LEADER_ADDRESS", $"{leader}.{set.Name()}.{set.Identity.Key.Namespace}");
        pod["spec"]!["hostname"] = (string)metadata["name"]!;
        pod["spec"]!["subdomain"] = set.Name();
        return pod;
    }

    private static (string, string)[] Labels(CachedObject set, int group, int worker, string revision, string key) =>
        [(Prefix + "name", set.Name()), (GroupLabel, Text(group)), (WorkerLabel, Text(worker)), (RevisionLabel, revision), (KeyLabel, key), (UidLabel, set.Identity.Uid)];

    private static string? Topology(CachedObject set) => set.Json.Text("metadata", "annotations", Exclusive) is { Length: > 0 } key ? key : null;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
