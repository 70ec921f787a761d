using System.Collections.Immutable;
using Slipway.Capacity.Inventory;
using Slipway.Capacity.Inventory.Slices;
using Slipway.Capacity.Quotas;

namespace Slipway.Operator.Rollouts.Preflight;

/// <summary>What a cluster has at one moment, for whoever asks whether a candidate fits.</summary>
/// <param name="Inventory">Nodes and who has what of them; null where they may not be read, or there are none.</param>
/// <param name="Devices">What drivers publish.</param>
/// <param name="Limits">What limits the namespace.</param>
/// <param name="NodeMakers">What makes nodes for pods that wait.</param>
/// <param name="Unread">What could not be read, in words.</param>
internal sealed record ClusterRoom(InventorySnapshot? Inventory, ClusterDevices Devices, NamespaceLimits Limits, ImmutableArray<string> NodeMakers, ImmutableArray<string> Unread)
{
    /// <summary>Nothing is known.</summary>
    public static ClusterRoom Unknown(string why) => new(null, ClusterDevices.None, NamespaceLimits.None, [], [why]);
}
