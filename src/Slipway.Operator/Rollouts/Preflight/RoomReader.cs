using System.Text.Json;
using Slipway.Capacity.Accelerators;
using Slipway.Capacity.Inventory;
using Slipway.Capacity.Inventory.Kubernetes;
using Slipway.Capacity.Inventory.Slices;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;
using Slipway.Operator.Devices;
using Slipway.Operator.Waits;

namespace Slipway.Operator.Rollouts.Preflight;

/// <summary>Reads what a cluster has, for a rollout that is about to begin.</summary>
/// <param name="client">The API.</param>
/// <param name="time">The clock.</param>
internal sealed class RoomReader(KubeClient client, TimeProvider time)
{
    // Rollouts that wait are looked at again and again, several at a time; a cluster of thousands of pods need not be.
    private static readonly TimeSpan s_fresh = TimeSpan.FromSeconds(5);

    private static readonly Resource<CachedObject> s_pods = new("", "v1", "pods", "Pod", true, KubeJson.Default.CachedObject, static p => p.Identity);

    private (long At, string Namespace, ClusterRoom Room)? _last;

    /// <summary>Reads it; what may not be read is named, and stops nothing.</summary>
    /// <param name="ns">The namespace of the rollout.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<ClusterRoom> ReadAsync(string ns, CancellationToken cancellationToken)
    {
        if (_last is { } last && last.Namespace == ns && time.GetElapsedTime(last.At) < s_fresh) return last.Room;
        ClusterRoom room;
        try
        {
            room = await LookAsync(ns, cancellationToken);
        }
        catch (Exception failure) when (failure is KubeApiException or HttpRequestException or IOException or JsonException)
        {
            room = ClusterRoom.Unknown($"what the cluster has free cannot be read: {failure.Message.TrimEnd('.')}");
        }

        _last = (time.GetTimestamp(), ns, room);
        return room;
    }

    private async Task<ClusterRoom> LookAsync(string ns, CancellationToken cancellationToken)
    {
        var nodes = (await client.ListAsync(Kinds.Nodes, null, cancellationToken)).Select(static n => NodeReader.Read(n.Json)).OfType<NodeFacts>().DistinctBy(static n => n.Name).ToList();
        if (nodes.Count == 0) return ClusterRoom.Unknown("the cluster names no nodes");
        var pods = (await client.ListAsync(s_pods, null, cancellationToken)).Select(static p => PodReader.Read(p.Json)).OfType<PodFacts>().ToList();
        var devices = await DeviceReader.ReadAsync(client, withClaims: true, cancellationToken);
        var limits = await NamespaceReader.ReadAsync(client, ns, cancellationToken);
        var makers = await NodeMakerReader.ReadAsync(client, time.GetUtcNow(), cancellationToken);
        var inventory = InventoryBuilder.Bundled.Build(nodes, pods, SliceInventory.Of(devices.Pools, devices.Claims, pods, AcceleratorTable.Bundled).On);
        return new ClusterRoom(inventory, devices, limits, [.. makers.Select(static m => m.Name)], limits.Unread);
    }
}
