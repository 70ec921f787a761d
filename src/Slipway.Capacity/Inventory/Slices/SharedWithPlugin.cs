using System.Collections.Immutable;
using Slipway.Capacity.Accelerators;

namespace Slipway.Capacity.Inventory.Slices;

/// <summary>A node whose devices are published in slices, and offered by a device plugin too: they are the same devices, and count once.</summary>
internal static class SharedWithPlugin
{
    /// <summary>Joins both.</summary>
    /// <param name="plugin">What the node has as extended resources.</param>
    /// <param name="slices">What drivers publish of it.</param>
    public static ImmutableArray<DeviceInventory> Join(ImmutableArray<DeviceInventory> plugin, ImmutableArray<DeviceInventory> slices)
    {
        if (slices.IsEmpty || plugin.IsEmpty) return slices.IsEmpty ? plugin : slices;
        var joined = slices.ToBuilder();
        foreach (var offered in plugin)
        {
            var at = slices.ToList().FindIndex(s => Owner(s.Resource) == Owner(offered.Resource));
            if (at < 0) joined.Add(offered);
            // A plugin that is gone leaves its resource behind with nothing to be had, which the scheduler takes for none.
            else if (offered.Allocatable > 0) joined[at] = Both(joined[at], offered);
        }

        return joined.ToImmutable();
    }

    private static DeviceInventory Both(DeviceInventory published, DeviceInventory offered) => published with
    {
        Used = Math.Min(published.Total, published.Used + offered.Used),
        Users = [.. published.Users, .. offered.Users],
        Match = published.Match is AcceleratorMatch.Known known
            ? known with { Note = $"a device plugin offers the same devices as {offered.Resource}, so that one may be given away twice: leave the node to the plugin or to the driver" } : published.Match,
    };

    private static string Owner(string name) => name switch
    {
        _ when name == "gpu.nvidia.com" || name.StartsWith("nvidia.com/", StringComparison.Ordinal) => "nvidia",
        _ when name == "gpu.amd.com" || name.StartsWith("amd.com/", StringComparison.Ordinal) => "amd",
        "gaudi.intel.com" or "habana.ai/gaudi" => "gaudi",
        _ when name == "gpu.intel.com" || name.StartsWith("gpu.intel.com/", StringComparison.Ordinal) => "intel",
        _ => name,
    };
}
