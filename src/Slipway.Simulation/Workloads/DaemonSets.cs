using System.Text.Json.Nodes;
using Slipway.Capacity.Inventory.Kubernetes;
using Slipway.Kubernetes.Objects;
using Slipway.Simulation.Scheduling;

namespace Slipway.Simulation.Workloads;

/// <summary>DaemonSets: a pod on each node that its template chooses.</summary>
internal static class DaemonSets
{
    private const string RevisionLabel = "controller-revision-hash";

    public static WorkloadPlan Plan(CachedObject set, IReadOnlyList<CachedObject> pods, IReadOnlyCollection<CachedObject> nodes, DateTimeOffset now)
    {
        var template = set.Json.At("spec", "template");
        var revision = PodMaker.Revision(template);
        var (create, kept) = (new List<JsonObject>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var node in nodes)
        {
            if (NodeReader.Read(node.Json) is not { } facts) continue;
            var name = $"{set.Name()}-{ShortHash.Of($"{set.Identity.Uid}/{facts.Name}")}";
            var pod = Pod(set, template, revision, name, facts.Name);
            using var parsed = System.Text.Json.JsonDocument.Parse(pod.ToJsonString());
            if (PodState.Read(parsed.RootElement) is not { } state || !NodeChoice.Matches(state, new NodeState(facts, node.Json)) || Tolerations.Objection(state.Spec, facts.Taints) is not null) continue;
            kept.Add(name);
            if (!pods.Any(p => p.Name() == name)) create.Add(pod);
        }

        var delete = pods.Where(p => !p.IsDeleting && (!kept.Contains(p.Name()) || p.IsOver())).ToList();
        if (delete.Count == 0 && create.Count == 0) delete.AddRange(pods.Where(p => !p.IsDeleting && p.Label(RevisionLabel) != revision).Take(1));
        var ready = pods.Count(p => kept.Contains(p.Name()) && p.IsReady());
        var bound = pods.Count(p => kept.Contains(p.Name()) && p.Json.Text("spec", "nodeName").Length > 0);
        return new()
        {
            Create = create,
            Delete = delete,
            Status = new JsonObject
            {
                ["observedGeneration"] = set.Generation(),
                ["desiredNumberScheduled"] = kept.Count,
                ["currentNumberScheduled"] = bound,
                ["updatedNumberScheduled"] = pods.Count(p => p.Label(RevisionLabel) == revision),
                ["numberMisscheduled"] = 0,
                ["numberReady"] = ready,
                ["numberAvailable"] = ready,
                ["numberUnavailable"] = kept.Count - ready,
            },
        };
    }

    // It is the scheduler that puts it there, as in a cluster: the pod says which node it is for, and bears what a node may be going through.
    private static JsonObject Pod(CachedObject set, System.Text.Json.JsonElement template, string revision, string name, string node)
    {
        var pod = PodMaker.Of(Kinds.DaemonSets, set, name, template, (RevisionLabel, revision));
        var spec = pod["spec"]!;
        if (spec["tolerations"] is not JsonArray tolerations) spec["tolerations"] = tolerations = [];
        foreach (var key in (string[])["not-ready", "unreachable", "disk-pressure", "memory-pressure", "pid-pressure", "unschedulable"])
            tolerations.Add((JsonNode)new JsonObject { ["key"] = $"node.kubernetes.io/{key}", ["operator"] = "Exists" });
        if (spec["affinity"] is not JsonObject affinity) spec["affinity"] = affinity = [];
        if (affinity["nodeAffinity"] is not JsonObject nodeAffinity) affinity["nodeAffinity"] = nodeAffinity = [];
        JsonObject Here() => new() { ["key"] = "metadata.name", ["operator"] = "In", ["values"] = new JsonArray(node) };
        if (nodeAffinity["requiredDuringSchedulingIgnoredDuringExecution"] is not JsonObject required)
            nodeAffinity["requiredDuringSchedulingIgnoredDuringExecution"] = new JsonObject { ["nodeSelectorTerms"] = new JsonArray(new JsonObject { ["matchFields"] = new JsonArray(Here()) }) };
        else
            foreach (var term in required["nodeSelectorTerms"]!.AsArray()) term!["matchFields"] = new JsonArray(Here());
        return pod;
    }
}
