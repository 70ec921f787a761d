using System.Text.Json;
using Slipway.Runtimes.Objects;

namespace Slipway.Runtimes.Dynamo;

/// <summary>How many workers there are, frontend and pickers left out: they answer nothing by themselves.</summary>
/// <param name="Desired">As the manifest asks.</param>
/// <param name="Ready">As upstream counts; null when it does not say.</param>
/// <param name="Available">As upstream counts; null when it does not say.</param>
/// <param name="IsServing">Whether there is a frontend and at least one worker of every role, so that requests are answered.</param>
internal sealed record GraphCounts(int Desired, int? Ready, int? Available, bool IsServing)
{
    public static GraphCounts Of(DynamoPlan plan, JsonElement? graph)
    {
        // v1beta1 calls them components, v1alpha1 services.
        var components = graph?.At("status", "components") ?? graph?.At("status", "services");
        var workers = plan.Workers;
        var ready = workers.Select(w => Counted(components, w.Name)).ToList();
        return new GraphCounts(
            workers.Sum(w => w.Replicas),
            Sum(ready),
            Sum(workers.Select(w => components?.Number(w.Name, "availableReplicas"))),
            ready.TrueForAll(r => r > 0) && Counted(components, DynamoPlan.Frontend) > 0);
    }

    // A PodCliqueScalingGroup, for workers on several nodes, counts what is available only.
    private static int? Counted(JsonElement? components, string name) => components?.Number(name, "readyReplicas") ?? components?.Number(name, "availableReplicas");

    private static int? Sum(IEnumerable<int?> counts) => counts.Aggregate((int?)0, (sum, count) => sum + count);
}
