using System.Collections.Immutable;
using System.Net;
using Slipway.Capacity.Accelerators;
using Slipway.Capacity.Answers;
using Slipway.Capacity.Inventory;
using Slipway.Capacity.Inventory.Kubernetes;
using Slipway.Capacity.Inventory.Slices;
using Slipway.Capacity.Inventory.Watched;
using Slipway.Commands;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;
using Slipway.Operator;
using Slipway.Operator.Devices;
using Slipway.Runtimes;
using Slipway.Runtimes.Local;

namespace Slipway.Knowing;

/// <summary>Reads of a cluster what answers about capacity and cost are made from.</summary>
internal static class ClusterReader
{
    private static readonly Resource<CachedObject> s_pods = new("", "v1", "pods", "Pod", true, KubeJson.Default.CachedObject, static p => p.Identity);

    private static readonly ImmutableArray<string> s_labels = [.. ClusterRuntimes.All().SelectMany(static r => r.Descriptor.PodLabels).Distinct(StringComparer.Ordinal)];

    // One deployment may have hundreds of pods that wait for one reason.
    private const int MostWaits = 20;

    /// <exception cref="CommandFailure">A right is missing; the message says which.</exception>
    public static async Task<ClusterView> ReadAsync(KubeClient client, CancellationToken cancellationToken) => (await ReadWithNotesAsync(client, cancellationToken)).View;

    /// <returns>The cluster, and in words what could not be read of it and why pods of models wait for devices.</returns>
    /// <exception cref="CommandFailure">A right is missing; the message says which.</exception>
    public static async Task<(ClusterView View, ImmutableArray<string> Notes)> ReadWithNotesAsync(KubeClient client, CancellationToken cancellationToken)
    {
        var now = TimeProvider.System.GetUtcNow();
        var nodes = await ListAsync(client, Kinds.Nodes, cancellationToken);
        var pods = await ListAsync(client, s_pods, cancellationToken);
        var models = await ListAsync(client, Kinds.ModelDeployments, cancellationToken);
        var devices = await DeviceReader.ReadAsync(client, withClaims: true, cancellationToken);
        List<NodeFacts> known = [.. nodes.Select(static n => NodeReader.Read(n.Json)).OfType<NodeFacts>().DistinctBy(static n => n.Name)];
        List<PodFacts> facts = [.. pods.Select(static p => PodReader.Read(p.Json)).OfType<PodFacts>()];
        var names = known.Select(static n => n.Name).ToHashSet(StringComparer.Ordinal);
        var watched = WatchedNodes.Of((await DeviceReports.ReadAsync(client, cancellationToken)).Where(r => names.Contains(r.Node)), now);
        var view = new ClusterView(
            InventoryBuilder.Bundled.Build(
                known,
                facts,
                SliceInventory.Of(devices.Pools, devices.Claims, facts, AcceleratorTable.Bundled, watched).On),
            [.. models.Select(static m => new RunningModel(
                m.Metadata.Namespace ?? "", m.Metadata.Name ?? "", m.Status?.Replicas?.Desired ?? m.Spec.Scaling?.Replicas ?? 1, m.Status?.Provider?.Name == LocalRuntime.Name))],
            s_labels)
        {
            Watched = watched,
        };
        var waiting = view.Inventory.Waiting.Where(p => view.ModelOf(p) is not null).Select(static p => (p.Namespace, p.Name)).ToHashSet();
        return (view,
        [
            .. devices.Note is { } note ? [note] : Array.Empty<string>(),
            .. pods.Where(p => waiting.Contains((p.Identity.Key.Namespace, p.Identity.Key.Name))).SelectMany(p => devices.Waits(p.Json, known).Select(why => $"{p.Identity.Key}: {why}")).Take(MostWaits),
        ]);
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
