using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Capacity.Inventory.Kubernetes;
using Slipway.Kubernetes.Objects;

namespace Slipway.Simulation.Workloads;

/// <summary>Jobs, whose pods always succeed.</summary>
internal static class Jobs
{
    public static WorkloadPlan Plan(CachedObject job, IReadOnlyList<CachedObject> pods, IReadOnlyCollection<CachedObject> nodes, DateTimeOffset now)
    {
        var (parallel, suspended) = (job.Number(1, "spec", "parallelism"), job.Json.At("spec", "suspend").ValueKind is System.Text.Json.JsonValueKind.True);
        var wanted = job.Number(parallel, "spec", "completions");
        var done = pods.Count(static p => p.Json.Text("status", "phase") is "Succeeded");
        var live = pods.Where(static p => !p.IsOver() && !p.IsDeleting).ToList();
        var create = new List<JsonObject>();
        for (var i = 0; !suspended && i < wanted && live.Count + create.Count < Math.Min(parallel, wanted - done); i++)
        {
            var name = $"{job.Name()}-{ShortHash.Of($"{job.Identity.Uid}/{i.ToString(CultureInfo.InvariantCulture)}")}";
            if (!pods.Any(p => p.Name() == name))
                create.Add(PodMaker.Of(Kinds.Jobs, job, name, job.Json.At("spec", "template"), ("batch.kubernetes.io/job-name", job.Name()), ("job-name", job.Name()), ("batch.kubernetes.io/controller-uid", job.Identity.Uid), ("controller-uid", job.Identity.Uid)));
        }

        var status = new JsonObject
        {
            ["startTime"] = job.Json.Text("status", "startTime") is { Length: > 0 } began ? began : Time.Text(now),
            ["active"] = live.Count == 0 ? null : live.Count,
            ["ready"] = live.Count(static p => p.IsReady()),
            ["succeeded"] = done == 0 ? null : done,
        };
        if (done >= wanted)
        {
            status["completionTime"] = job.Json.Text("status", "completionTime") is { Length: > 0 } ended ? ended : Time.Text(now);
            status["conditions"] = Conditions.With(job.Json, [("SuccessCriteriaMet", true, "CompletionsReached", "Reached expected number of succeeded pods"), ("Complete", true, "CompletionsReached", "Reached expected number of succeeded pods")], now);
        }
        else if (suspended)
        {
            status["conditions"] = Conditions.With(job.Json, "Suspended", true, "JobSuspended", "Job suspended", now);
        }

        // One that is complete never changes again.
        return Conditions.IsTrue(job.Json, "Complete") ? new() : new() { Create = done >= wanted ? [] : create, Delete = suspended ? live : [], Status = status };
    }
}
