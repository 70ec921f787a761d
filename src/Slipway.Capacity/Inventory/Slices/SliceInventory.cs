using System.Collections.Immutable;
using System.Text.Json;
using Slipway.Capacity.Accelerators;
using Slipway.Capacity.Inventory.Kubernetes;
using Slipway.Capacity.Inventory.Watched;

namespace Slipway.Capacity.Inventory.Slices;

/// <summary>The accelerators that DRA drivers publish, counted node by node. Immutable.</summary>
/// <remarks>A device that several nodes reach belongs to none of them, and is not counted here.</remarks>
public sealed class SliceInventory
{
    private readonly ImmutableDictionary<string, ImmutableArray<DeviceInventory>> _nodes;

    private SliceInventory(ImmutableDictionary<string, ImmutableArray<DeviceInventory>> nodes) => _nodes = nodes;

    /// <summary>Counts.</summary>
    /// <param name="pools">The devices.</param>
    /// <param name="claims">The ResourceClaims of all namespaces.</param>
    /// <param name="pods">The pods that the inventory is made of, of which those are named that have devices.</param>
    /// <param name="table">The table of accelerators.</param>
    /// <param name="watched">What monitors say; null where there are none.</param>
    /// <returns>The accelerators of each node.</returns>
    public static SliceInventory Of(DevicePools pools, IEnumerable<JsonElement> claims, IReadOnlyCollection<PodFacts> pods, AcceleratorTable table, WatchedNodes? watched = null)
    {
        ArgumentNullException.ThrowIfNull(pools);
        ArgumentNullException.ThrowIfNull(claims);
        ArgumentNullException.ThrowIfNull(pods);
        ArgumentNullException.ThrowIfNull(table);
        var holders = DeviceHolders.Of(pools, claims, pods);
        var kinds = new DeviceKinds(table);
        var nodes = ImmutableDictionary.CreateBuilder<string, ImmutableArray<DeviceInventory>>(StringComparer.Ordinal);
        foreach (var (node, devices) in pools.ByNode)
        {
            if (node.Length > 0 && Count(devices, holders, kinds, watched ?? WatchedNodes.None) is { IsEmpty: false } counted) nodes[node] = counted;
        }

        return new(nodes.ToImmutable());
    }

    /// <summary>The accelerators of a node; none when no driver publishes any there.</summary>
    /// <param name="node">The node.</param>
    public ImmutableArray<DeviceInventory> On(NodeFacts node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return _nodes.GetValueOrDefault(node.Name, []);
    }

    // A device and its partitions, of which either can be had, are one device: what any of them takes is taken of it.
    private static ImmutableArray<DeviceInventory> Count(ImmutableArray<SliceDevice> devices, DeviceHolders holders, DeviceKinds kinds, WatchedNodes watched)
    {
        var units = new List<(string Kind, AcceleratorMatch Match, SliceDevice Device, ImmutableArray<SliceDevice> Parts)>();
        foreach (var same in devices.Select(d => (Device: d, Kind: kinds.Of(d))).Where(d => d.Kind is not null).GroupBy(d => Physical(d.Device)))
        {
            var whole = same.Where(d => d.Kind!.Match is AcceleratorMatch.Known { Fraction: var part } && part == DeviceFraction.Whole).ToList();
            ImmutableArray<SliceDevice> parts = [.. same.Select(d => d.Device)];
            units.AddRange(whole.Count > 0 ? [(whole[0].Kind!.Name, whole[0].Kind!.Match, whole[0].Device, parts)]
                : same.Select(d => (d.Kind!.Name, d.Kind.Match, d.Device, ImmutableArray.Create(d.Device))));
        }

        return [.. units.GroupBy(u => u.Kind).Select(g =>
        {
            var users = g.SelectMany(u => u.Parts.SelectMany(holders.Of).Distinct()).GroupBy(p => p).Select(p => new Inventory.DeviceUse(p.Key, p.Count()));
            var first = g.First();
            return new DeviceInventory
            {
                Resource = first.Device.Id.Driver,
                Match = first.Match,
                Total = g.Count(),
                Allocatable = g.Count(u => !IsTainted(u.Device) && !IsBroken(u.Device, watched)),
                Used = g.Count(u => u.Parts.Any(holders.IsTaken)),
                Users = [.. users],
            };
        })];
    }

    private static (string Pool, string Device) Physical(SliceDevice device) =>
        device.Consumes is [var (set, _, _), ..] ? ($"{device.Id.Driver}/{device.Id.Pool}", $"set {set}") : ($"{device.Id.Driver}/{device.Id.Pool}", $"device {device.Id.Name}");

    // A partition is as broken as the device that it is of.
    private static bool IsBroken(SliceDevice device, WatchedNodes watched) => watched.IsBroken(device.Text($"{device.Id.Driver}/uuid")) || watched.IsBroken(device.Text($"{device.Id.Driver}/parentUUID"));

    private static bool IsTainted(SliceDevice device) => device.Json.Items("taints").Any(static t => t.Text("effect") is "NoSchedule" or "NoExecute");
}
