using System.Runtime.CompilerServices;
using System.Threading.Channels;
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
    // Whoever reads slower than an engine writes holds up the reading, not the engine: it writes to a file.
    private const int Ahead = 1000;

    private const int MostReplicas = 64;

    public IAsyncEnumerable<IReadOnlyList<LogLine>> FollowAsync(ModelDeployment deployment, int lines, CancellationToken cancellationToken) =>
        deployments.Engine(deployment) is null && deployments.Places(deployment).Count > 0 ? pods.FollowAsync(deployment, lines, cancellationToken) : FollowFilesAsync(deployment, lines, cancellationToken);

    private async IAsyncEnumerable<IReadOnlyList<LogLine>> FollowFilesAsync(ModelDeployment deployment, int lines, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var merged = Channel.CreateBounded<LogLine>(Ahead);
        var name = $"{deployment.Metadata.Namespace ?? "default"}.{deployment.Metadata.Name}";
        var replicas = Math.Clamp(deployments.Engine(deployment)?.Status?.Replicas?.Count ?? 1, 1, MostReplicas);
        var readers = Enumerable.Range(0, replicas).Select(index => ReadAsync(index)).ToList();
        try
        {
            while (await merged.Reader.WaitToReadAsync(cancellationToken))
            {
                var batch = new List<LogLine>();
                while (batch.Count < Ahead && merged.Reader.TryRead(out var line)) batch.Add(line);
                yield return batch;
            }
        }
        finally
        {
            await ended.CancelAsync();
            await Task.WhenAll(readers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        async Task ReadAsync(int index)
        {
            try
            {
                await foreach (var line in EngineLogs.FollowAsync(EngineLogs.PathOf(folder, name, index), lines, time, ended.Token))
                    await merged.Writer.WriteAsync(new LogLine(index, line), ended.Token);
            }
            catch (Exception failure)
            {
                // The one who reads is told.
                merged.Writer.TryComplete(failure);
            }
        }
    }
}
