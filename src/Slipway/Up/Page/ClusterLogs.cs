using System.Globalization;
using System.Runtime.CompilerServices;
using Slipway.Api.ModelDeployments;
using Slipway.Kubernetes.Connection;
using Slipway.Runtimes.Local.Logs;
using Slipway.Runtimes.Pods;
using Slipway.Web.Deployments.Logs;

namespace Slipway.Up.Page;

/// <summary>The logs of a cluster's engines, from their pods, with the rights of whoever looks.</summary>
/// <param name="client">The person's connection.</param>
/// <param name="pods">The pods of a deployment.</param>
internal sealed class ClusterLogs(KubeClient client, Func<ModelDeployment, IReadOnlyList<ModelPod>> pods) : IEngineLogs
{
    private const int MostPods = 16;

    public IAsyncEnumerable<IReadOnlyList<LogLine>> FollowAsync(ModelDeployment deployment, int lines, CancellationToken cancellationToken)
    {
        ModelPod[] followed = [.. pods(deployment).OrderBy(static p => p.Metadata.Name, StringComparer.Ordinal).Take(MostPods)];
        return MergedLogs.FollowAsync(followed.Length, (index, ended) => ReadAsync(followed[index], lines, ended), cancellationToken);
    }

    private async IAsyncEnumerable<string> ReadAsync(ModelPod pod, int lines, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var stream = await OpenAsync(pod, lines, cancellationToken);
        await foreach (var line in EngineLogs.LinesAsync(stream, cancellationToken)) yield return line;
    }

    private async Task<Stream> OpenAsync(ModelPod pod, int lines, CancellationToken cancellationToken)
    {
        // The engine comes first among the containers that stay; what runs beside it is named in the pod.
        var container = pod.Status?.ContainerStatuses is [{ Name: { Length: > 0 } name }, ..] ? $"&container={Uri.EscapeDataString(name)}" : "";
        try
        {
            return await client.OpenAsync(
                string.Create(CultureInfo.InvariantCulture, $"api/v1/namespaces/{pod.Metadata.Namespace}/pods/{pod.Metadata.Name}/log?follow=true&tailLines={lines}{container}"), cancellationToken);
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
