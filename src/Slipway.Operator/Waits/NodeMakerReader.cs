using System.Collections.Immutable;
using Slipway.Capacity.Autoscalers;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;

namespace Slipway.Operator.Waits;

/// <summary>Finds what makes nodes in a cluster.</summary>
public static class NodeMakerReader
{
    /// <summary>The ConfigMap in which Cluster Autoscaler says how it is.</summary>
    internal static readonly NamespacedName Status = new("kube-system", "cluster-autoscaler-status");

    private static readonly Resource<CachedObject> s_pools = new("karpenter.sh", "v1", "nodepools", "NodePool", false, KubeJson.Default.CachedObject, static p => p.Identity);

    /// <summary>Finds it.</summary>
    /// <param name="client">The API.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>What there is, as far as it may be read.</returns>
    public static async Task<ImmutableArray<NodeMaker>> ReadAsync(KubeClient client, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        var pools = await NamespaceReader.TryAsync(async () => await NamespaceReader.ListAsync(client, s_pools, null, cancellationToken)) ?? [];
        var status = await NamespaceReader.TryAsync(async () => await client.GetAsync(Kinds.ConfigMaps, Status, cancellationToken) is { } map ? [map.Json] : []) ?? [];
        return [.. new[] { NodeMaker.Karpenter(pools), NodeMaker.ClusterAutoscaler(status is [var found, ..] ? found : default, now) }.OfType<NodeMaker>()];
    }
}
