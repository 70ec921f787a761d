using System.Collections.Immutable;
using System.Text.Json;
using Slipway.Runtimes.Objects;

namespace Slipway.Runtimes.KubeRay;

/// <summary>A Ray cluster of a RayService and what Serve says of the application on it: `activeServiceStatus` or `pendingServiceStatus`.</summary>
/// <param name="Status">NOT_STARTED, DEPLOYING, RUNNING, UNHEALTHY, DEPLOY_FAILED or DELETING; null when Serve has not said anything yet.</param>
/// <param name="Words">What Serve says of it, most often Python's own error; empty when nothing.</param>
/// <param name="IsHealthy">Whether Serve calls every deployment of the application HEALTHY: it has all the replicas that it is to have.</param>
/// <param name="DesiredWorkers">Worker pods that there are to be, by the autoscaler's word where there is one.</param>
/// <param name="ReadyWorkers">Worker pods through which requests can come; the further nodes of a replica run no Serve proxy and never count.</param>
internal sealed record ServeStatus(string? Status, string Words, bool IsHealthy, int? DesiredWorkers, int? ReadyWorkers)
{
    private const int LongestWords = 400;

    /// <summary>Reads one.</summary>
    /// <param name="service">The RayService.</param>
    /// <param name="which">Of which cluster.</param>
    /// <returns>What it says; null when there is no such cluster.</returns>
    public static ServeStatus? Read(JsonElement service, string which)
    {
        // Upstream writes an empty object where there is none.
        if (service.At("status", which) is not { } cluster || cluster.Text("rayClusterName") is not { Length: > 0 }) return null;
        var application = cluster.At("applicationStatuses", KubeRayPlan.Application);
        var deployments = application?.At("serveDeploymentStatuses") is { ValueKind: JsonValueKind.Object } map
            ? map.EnumerateObject().Select(d => d.Value).ToImmutableArray() : [];
        return new ServeStatus(
            application?.Text("status"),
            Last(deployments.Where(d => d.Text("status") is not "HEALTHY").Select(d => d.Text("message")).Prepend(application?.Text("message"))
                .FirstOrDefault(m => m is { Length: > 0 }) ?? ""),
            deployments.Length > 0 && deployments.All(d => d.Text("status") == "HEALTHY"),
            cluster.Number("rayClusterStatus", "desiredWorkerReplicas"),
            cluster.Number("rayClusterStatus", "readyWorkerReplicas"));
    }

    // A traceback ends with what went wrong, and begins with where.
    private static string Last(string words)
    {
        var line = words.TrimEnd().Split('\n')[^1].Trim();
        return line.Length <= LongestWords ? line : line[..LongestWords] + "...";
    }
}
