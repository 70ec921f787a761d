using System.Collections.Immutable;
using System.Net;
using Slipway.Capacity.Answers;
using Slipway.Capacity.Inventory;
using Slipway.Capacity.Inventory.Kubernetes;
using Slipway.Commands;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;
using Slipway.Operator;
using Slipway.Runtimes;
using Slipway.Runtimes.Local;

namespace Slipway.Knowing;

/// <summary>Reads of a cluster what answers about capacity and cost are made from.</summary>
internal static class ClusterReader
{
    private static readonly Resource<CachedObject> s_pods = new("", "v1", "pods", "Pod", true, KubeJson.Default.CachedObject, static p => p.Identity);

    private static readonly ImmutableArray<string> s_labels = [.. ClusterRuntimes.All().SelectMany(static r => r.Descriptor.PodLabels).Distinct(StringComparer.Ordinal)];

    /// <exception cref="CommandFailure">A right is missing; the message says which.</exception>
    public static async Task<ClusterView> ReadAsync(KubeClient client, CancellationToken cancellationToken)
    {
        var nodes = await ListAsync(client, Kinds.Nodes, cancellationToken);
        var pods = await ListAsync(client, s_pods, cancellationToken);
        var models = await ListAsync(client, Kinds.ModelDeployments, cancellationToken);
        return new ClusterView(
            InventoryBuilder.Bundled.Build(
                [.. nodes.Select(static n => NodeReader.Read(n.Json)).OfType<NodeFacts>().DistinctBy(static n => n.Name)],
                [.. pods.Select(static p => PodReader.Read(p.Json)).OfType<PodFacts>()]),
            [.. models.Select(static m => new RunningModel(
                m.Metadata.Namespace ?? "", m.Metadata.Name ?? "", m.Status?.Replicas?.Desired ?? m.Spec.Scaling?.Replicas ?? 1, m.Status?.Provider?.Name == LocalRuntime.Name))],
            s_labels);
    }

    private static async Task<IReadOnlyList<T>> ListAsync<T>(KubeClient client, Resource<T> resource, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await client.ListAsync(resource, null, cancellationToken);
        }
        catch (KubeApiException absent) when (absent.Code == HttpStatusCode.NotFound && resource.Group.Length > 0)
        {
            // A cluster without Slipway has capacity too, and no deployments.
            return [];
        }
        catch (KubeApiException refused) when (refused.Code == HttpStatusCode.Forbidden)
        {
            var plural = resource.Group.Length == 0 ? resource.Plural : $"{resource.Plural}.{resource.Group}";
            throw new CommandFailure(
                ExitCodes.Failed,
                $"The cluster does not let you list {plural} in all namespaces: {refused.Message}. Ask for the right, which somebody who may gives with: "
                + $"kubectl create clusterrole read-{resource.Plural} --verb=list --resource={plural} and kubectl create clusterrolebinding read-{resource.Plural} --clusterrole=read-{resource.Plural} --user=YOU");
        }
    }
}
