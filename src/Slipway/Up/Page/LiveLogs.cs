using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Local.Logs;
using Slipway.Web.Deployments;
using Slipway.Web.Deployments.Logs;

namespace Slipway.Up.Page;

/// <summary>The logs of this machine's engines, from the files that `slipway logs` reads too; of those that run in pods, theirs.</summary>
/// <param name="folder">Where the logs are.</param>
/// <param name="pods">The logs of pods.</param>
/// <param name="deployments">Says how many replicas there are.</param>
/// <param name="time">Clock of the looks.</param>
internal sealed class LiveLogs(string folder, ClusterLogs pods, IDeployments deployments, TimeProvider time) : IEngineLogs
{
    private const int MostReplicas = 64;

    public IAsyncEnumerable<IReadOnlyList<LogLine>> FollowAsync(ModelDeployment deployment, int lines, CancellationToken cancellationToken) =>
        deployments.Engine(deployment) is null && deployments.Places(deployment).Count > 0 ? pods.FollowAsync(deployment, lines, cancellationToken) : FollowFilesAsync(deployment, lines, cancellationToken);

    private IAsyncEnumerable<IReadOnlyList<LogLine>> FollowFilesAsync(ModelDeployment deployment, int lines, CancellationToken cancellationToken)
    {
        var name = $"{deployment.Metadata.Namespace ?? "default"}.{deployment.Metadata.Name}";
        var replicas = Math.Clamp(deployments.Engine(deployment)?.Status?.Replicas?.Count ?? 1, 1, MostReplicas);
        return MergedLogs.FollowAsync(replicas, (index, ended) => EngineLogs.FollowAsync(EngineLogs.PathOf(folder, name, index), lines, time, ended), cancellationToken);
    }
}
