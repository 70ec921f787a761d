using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Capacity.Inventory.Kubernetes;
using Slipway.Kubernetes.Objects;

namespace Slipway.Simulation.Workloads;

/// <summary>Deployments, with pods of their own in place of ReplicaSets: rolling and all at once, within the surge and the gap that they allow.</summary>
internal static class Deployments
{
    private const string HashLabel = "pod-template-hash";

    public static WorkloadPlan Plan(CachedObject deployment, IReadOnlyList<CachedObject> pods, IReadOnlyCollection<CachedObject> nodes, DateTimeOffset now)
    {
        var wanted = deployment.Number(1, "spec", "replicas");
        var template = deployment.Json.At("spec", "template");
        var revision = PodMaker.Revision(template);
        var live = pods.Where(static p => !p.IsDeleting && !p.IsOver()).ToList();
        var (current, old) = (live.Where(p => p.Label(HashLabel) == revision).ToList(), live.Where(p => p.Label(HashLabel) != revision).ToList());
        var (surge, gap) = Limits(deployment, wanted);
        var recreate = deployment.Json.Text("spec", "strategy", "type") is "Recreate";
        var room = recreate ? old.Count > 0 ? 0 : wanted - current.Count : Math.Min(wanted - current.Count, wanted + surge - live.Count);
        var create = deployment.Json.At("spec", "paused").ValueKind is JsonValueKind.True ? [] : Make(deployment, template, revision, pods, room);
        var delete = Surplus(current, wanted).ToList();
        // Pods that do not answer go first, and for free.
        var spare = live.Count(static p => p.IsReady()) - delete.Count(static p => p.IsReady()) - (wanted - gap);
        foreach (var pod in old.OrderBy(static p => p.IsReady()))
        {
            if (recreate || !pod.IsReady() || spare-- > 0) delete.Add(pod);
        }

        var deadline = Progress(deployment, current, live, wanted, now);
        return new() { Create = create, Delete = delete, Status = Status(deployment, current, live, wanted, wanted - gap, deadline.Failed, now), After = deadline.After };
    }

    private static List<JsonObject> Make(CachedObject deployment, JsonElement template, string revision, IReadOnlyList<CachedObject> pods, int count)
    {
        var (made, taken) = (new List<JsonObject>(), pods.Select(static p => p.Name()).ToHashSet());
        // Slots in place of random names: who makes the same pod twice makes it once.
        for (var slot = 0; made.Count < count; slot++)
        {
            var name = $"{deployment.Name()}-{revision}-{ShortHash.Of($"{deployment.Identity.Uid}/{revision}/{slot.ToString(CultureInfo.InvariantCulture)}")}";
            if (taken.Add(name)) made.Add(PodMaker.Of(Kinds.Deployments, deployment, name, template, (HashLabel, revision)));
        }

        return made;
    }

    private static IEnumerable<CachedObject> Surplus(List<CachedObject> current, int wanted) => current.OrderBy(static p => p.IsReady()).ThenByDescending(static p => p.Name(), StringComparer.Ordinal).Take(Math.Max(0, current.Count - wanted));

    private static (int Surge, int Gap) Limits(CachedObject deployment, int wanted)
    {
        var rolling = deployment.Json.At("spec", "strategy", "rollingUpdate");
        var (surge, gap) = (Limit(rolling.At("maxSurge"), wanted, up: true), Limit(rolling.At("maxUnavailable"), wanted, up: false));
        // Both may come to nothing by rounding, and then nothing would move.
        return surge == 0 && gap == 0 ? (0, 1) : (surge, gap);
    }

    private static int Limit(JsonElement value, int wanted, bool up)
    {
        if (value.ValueKind is JsonValueKind.Number) return value.GetInt32();
        var percent = int.TryParse(value.Text().TrimEnd('%'), CultureInfo.InvariantCulture, out var given) ? given : 25;
        return up ? ((wanted * percent) + 99) / 100 : wanted * percent / 100;
    }

    // Progress is a pod more of what is wanted now, or one that answers.
    private static (bool Failed, TimeSpan? After) Progress(CachedObject deployment, List<CachedObject> current, List<CachedObject> live, int wanted, DateTimeOffset now)
    {
        if (current.Count == wanted && live.Count == wanted && current.TrueForAll(static p => p.IsReady())) return (false, null);
        var seconds = deployment.Number(600, "spec", "progressDeadlineSeconds");
        var times = current.Select(static p => Time.Read(p.Json.Text("metadata", "creationTimestamp")))
            .Concat(current.SelectMany(static p => p.Json.At("status").Items("conditions")).Where(static c => c.Text("type") is "Ready" && c.Text("status") is "True").Select(static c => Time.Read(c.Text("lastTransitionTime"))));
        var left = (times.Max() ?? now) + TimeSpan.FromSeconds(seconds) - now;
        return left > TimeSpan.Zero ? (false, left) : (true, null);
    }

    private static JsonObject Status(CachedObject deployment, List<CachedObject> current, List<CachedObject> live, int wanted, int least, bool failed, DateTimeOffset now)
    {
        var ready = live.Count(static p => p.IsReady());
        var done = current.Count == wanted && live.Count == wanted && ready == wanted;
        return new()
        {
            ["observedGeneration"] = deployment.Generation(),
            ["replicas"] = live.Count,
            ["updatedReplicas"] = current.Count,
            ["readyReplicas"] = ready,
            ["availableReplicas"] = ready,
            ["unavailableReplicas"] = Math.Max(0, wanted - ready),
            ["conditions"] = Conditions.With(
                deployment.Json,
                [
                    ready >= least ? ("Available", true, "MinimumReplicasAvailable", "Deployment has minimum availability.") : ("Available", false, "MinimumReplicasUnavailable", "Deployment does not have minimum availability."),
                    failed ? ("Progressing", false, "ProgressDeadlineExceeded", $"Deployment \"{deployment.Name()}\" has timed out progressing.") : ("Progressing", true, done ? "NewReplicaSetAvailable" : "ReplicaSetUpdated", ""),
                ],
                now),
        };
    }
}
