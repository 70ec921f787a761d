using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Capacity.Inventory.Kubernetes;
using Slipway.Kubernetes.Objects;

namespace Slipway.Simulation.Workloads;

/// <summary>StatefulSets: pods with a number, one after the other or all together, and volumes of their own.</summary>
internal static class StatefulSets
{
    private const string RevisionLabel = "controller-revision-hash";

    public static WorkloadPlan Plan(CachedObject set, IReadOnlyList<CachedObject> pods, IReadOnlyCollection<CachedObject> nodes, DateTimeOffset now)
    {
        var wanted = set.Number(1, "spec", "replicas");
        var template = set.Json.At("spec", "template");
        var revision = PodMaker.Revision(template);
        var ordered = set.Json.Text("spec", "podManagementPolicy") is not "Parallel";
        var byNumber = pods.ToDictionary(static p => p.Name(), StringComparer.Ordinal);
        var (create, volumes, delete) = (new List<JsonObject>(), new List<JsonObject>(), new List<CachedObject>());
        for (var i = 0; i < wanted; i++)
        {
            var name = Name(set, i);
            if (!byNumber.TryGetValue(name, out var there))
            {
                var pod = PodMaker.Of(Kinds.StatefulSets, set, name, template, (RevisionLabel, revision), ("statefulset.kubernetes.io/pod-name", name), ("apps.kubernetes.io/pod-index", Text(i)));
                pod["spec"]!["hostname"] = name;
                if (set.Json.Text("spec", "serviceName") is { Length: > 0 } service) pod["spec"]!["subdomain"] = service;
                foreach (var volume in set.Json.At("spec").Items("volumeClaimTemplates")) volumes.Add(Volume(set, pod, JsonNode.Parse(volume.GetRawText())!.AsObject(), name));
                create.Add(pod);
            }
            else if (there.IsOver()) delete.Add(there);

            // The next one waits for this one.
            if (ordered && there?.IsReady() is not true) break;
        }

        delete.AddRange(pods.Where(p => !p.IsDeleting && Number(p, set) >= wanted));
        // One of an older template at a time, the last first, once all others answer.
        if (create.Count == 0 && delete.Count == 0 && set.Json.Text("spec", "updateStrategy", "type") is not "OnDelete" && pods.All(static p => p.IsReady() || p.IsDeleting))
            delete.AddRange(pods.Where(p => !p.IsDeleting && p.Label(RevisionLabel) != revision).OrderByDescending(p => Number(p, set)).Take(1));
        var live = pods.Where(static p => !p.IsDeleting && !p.IsOver()).ToList();
        var updated = live.Count(p => p.Label(RevisionLabel) == revision);
        var ready = live.Count(static p => p.IsReady());
        return new()
        {
            Create = create,
            Delete = delete,
            Volumes = volumes,
            Status = new JsonObject
            {
                ["observedGeneration"] = set.Generation(),
                ["replicas"] = live.Count,
                ["readyReplicas"] = ready,
                ["availableReplicas"] = ready,
                ["currentReplicas"] = updated,
                ["updatedReplicas"] = updated,
                ["currentRevision"] = $"{set.Name()}-{revision}",
                ["updateRevision"] = $"{set.Name()}-{revision}",
            },
        };
    }

    private static JsonObject Volume(CachedObject set, JsonObject pod, JsonObject template, string podName)
    {
        var name = (string)template["metadata"]!["name"]!;
        if (pod["spec"]!["volumes"] is not JsonArray volumes) pod["spec"]!["volumes"] = volumes = [];
        volumes.Add((JsonNode)new JsonObject { ["name"] = name, ["persistentVolumeClaim"] = new JsonObject { ["claimName"] = $"{name}-{podName}" } });
        var labels = template["metadata"]!["labels"]?.DeepClone();
        return new() { ["apiVersion"] = "v1", ["kind"] = "PersistentVolumeClaim", ["metadata"] = new JsonObject { ["name"] = $"{name}-{podName}", ["namespace"] = set.Identity.Key.Namespace, ["labels"] = labels }, ["spec"] = template["spec"]!.DeepClone() };
    }

    private static string Name(CachedObject set, int number) => $"{set.Name()}-{Text(number)}";

    private static int Number(CachedObject pod, CachedObject set) => int.TryParse(pod.Name().AsSpan(set.Name().Length + 1), CultureInfo.InvariantCulture, out var number) ? number : int.MaxValue;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
