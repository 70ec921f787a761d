using System.Collections.Immutable;
using System.Text.Json;
using Slipway.Capacity.Accelerators;

namespace Slipway.Capacity.Inventory.Slices;

/// <summary>Devices of one kind that a node has for a claim.</summary>
/// <param name="Node">The node.</param>
/// <param name="Match">What they are; null where the driver is none of a known accelerator.</param>
/// <param name="Name">What they are called.</param>
/// <param name="MemoryBytes">The memory of one; null when the driver does not say.</param>
/// <param name="Most">How many the node gives at once when nothing is in use.</param>
public sealed record DeviceOffer(string Node, AcceleratorMatch? Match, string Name, long? MemoryBytes, int Most);

/// <summary>Which devices a claim may be given.</summary>
/// <param name="Offers">What nodes have for it.</param>
/// <param name="Reasons">Why other devices are passed over, most frequent first; or why nothing can be told.</param>
public sealed record DeviceOffers(ImmutableArray<DeviceOffer> Offers, ImmutableArray<string> Reasons)
{
    /// <summary>Looks.</summary>
    /// <param name="claim">The spec of a ResourceClaim with one request; its count does not matter.</param>
    /// <param name="devices">The cluster's devices.</param>
    /// <param name="table">The table of accelerators.</param>
    public static DeviceOffers Of(JsonElement claim, ClusterDevices devices, AcceleratorTable table)
    {
        ArgumentNullException.ThrowIfNull(devices);
        var (alternatives, refusal) = DeviceRequest.ReadAll(claim, devices.Classes);
        if (alternatives is null) return new([], [refusal!]);
        var (reasons, kinds, idle) = (new Reasons(), new DeviceKinds(table), new DeviceUse(devices.Pools, []));
        var offers = ImmutableArray.CreateBuilder<DeviceOffer>();
        foreach (var (node, all) in devices.Pools.ByNode.Where(static n => n.Node.Length > 0))
        {
            foreach (var alternative in alternatives)
            {
                foreach (var kind in all.Where(d => alternative.Accepts(d, reasons)).GroupBy(d => (Kind: kinds.Of(d), Product: Product(d), Memory: d.Capacity("memory"))))
                    offers.Add(new(node, kind.Key.Kind?.Match, kind.Key.Product, kind.Key.Memory, alternative.Most([.. kind], idle)));
            }
        }

        return new(offers.ToImmutable(), [.. reasons.Told()]);
    }

    private static string Product(SliceDevice device) => device.Text($"{device.Id.Driver}/productName") ?? device.Text($"{device.Id.Driver}/model") ?? device.Id.Driver;
}
