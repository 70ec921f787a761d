using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;
using Slipway.Api.ModelDeployments;
using Slipway.Kubernetes.Connection;
using Slipway.Runtimes.Pods;
using Slipway.Web.Deployments.Logs;

namespace Slipway.Up.Page;

/// <summary>The logs of a cluster's engines, from their pods, with the rights of whoever looks.</summary>
/// <param name="client">The person's connection.</param>
/// <param name="pods">The pods of a deployment.</param>
internal sealed class ClusterLogs(KubeClient client, Func<ModelDeployment, IReadOnlyList<ModelPod>> pods) : IEngineLogs
{
    // Whoever reads slower than engines write is told by the server, which drops nothing and holds the stream up.
    private const int Ahead = 1000, MostPods = 16, LongestLine = 4096;

    public async IAsyncEnumerable<IReadOnlyList<LogLine>> FollowAsync(ModelDeployment deployment, int lines, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var merged = Channel.CreateBounded<LogLine>(Ahead);
        var readers = pods(deployment).OrderBy(static p => p.Metadata.Name, StringComparer.Ordinal).Take(MostPods).Select((pod, index) => ReadAsync(pod, index)).ToList();
        _ = Task.WhenAll(readers).ContinueWith(all => merged.Writer.TryComplete(all.Exception?.InnerException), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
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

        async Task ReadAsync(ModelPod pod, int index)
        {
            try
            {
                // The engine comes first among the containers that stay; what runs beside it is named in the pod.
                var container = pod.Status?.ContainerStatuses is [{ Name: { Length: > 0 } name }, ..] ? $"&container={Uri.EscapeDataString(name)}" : "";
                await using var stream = await client.OpenAsync(
                    string.Create(CultureInfo.InvariantCulture, $"api/v1/namespaces/{pod.Metadata.Namespace}/pods/{pod.Metadata.Name}/log?follow=true&tailLines={lines}{container}"), ended.Token);
                using var reader = new StreamReader(stream, Encoding.UTF8);
                while (await reader.ReadLineAsync(ended.Token) is { } line) await merged.Writer.WriteAsync(new LogLine(index, line.Length > LongestLine ? line[..LongestLine] + " …" : line), ended.Token);
            }
            catch (OperationCanceledException)
            {
                // Nobody looks any more.
            }
            catch (KubeApiException refused)
            {
                throw new IOException($"{pod.Metadata.Name}: {refused.Message}", refused);
            }
            catch (HttpRequestException lost)
            {
                throw new IOException($"{pod.Metadata.Name}: the Kubernetes API does not answer: {lost.Message}", lost);
            }
        }
    }
}
