using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Slipway.Capacity.Inventory.Kubernetes;

namespace Slipway.Capacity.Inventory.Slices;

/// <summary>The devices of a cluster, as its ResourceSlices have them.</summary>
/// <param name="Devices">The devices of complete pools.</param>
/// <param name="Counters">What partitions of one device share, by driver, pool, set and counter.</param>
/// <param name="Incomplete">Pools whose driver is still writing them, or that contradict themselves; the scheduler takes nothing of them.</param>
public sealed record DevicePools(
    ImmutableArray<SliceDevice> Devices, ImmutableDictionary<(string Driver, string Pool, string Set, string Counter), long> Counters, ImmutableArray<UnusablePool> Incomplete)
{
    private readonly Lazy<Dictionary<DeviceId, SliceDevice>> _byId = new(() =>
    {
        var byId = new Dictionary<DeviceId, SliceDevice>(Devices.Length);
        foreach (var device in Devices) byId[device.Id] = device;
        return byId;
    });

    private readonly Lazy<ImmutableArray<(string, ImmutableArray<SliceDevice>)>> _byNode = new(() => [.. Devices.GroupBy(static d => d.Node).Select(static n => (n.Key, n.ToImmutableArray()))]);

    /// <summary>The devices of each node, in the order of their slices.</summary>
    internal ImmutableArray<(string Node, ImmutableArray<SliceDevice> Devices)> ByNode => _byNode.Value;

    /// <summary>A device; null when it is not there.</summary>
    /// <param name="id">Which.</param>
    public SliceDevice? Find(DeviceId id) => _byId.Value.GetValueOrDefault(id);

    /// <summary>Reads ResourceSlices (`resource.k8s.io/v1`): of each pool the newest generation, and only if all its slices are there.</summary>
    /// <param name="slices">The slices, in no order.</param>
    /// <returns>The devices.</returns>
    public static DevicePools Read(IEnumerable<JsonElement> slices)
    {
        var devices = ImmutableArray.CreateBuilder<SliceDevice>();
        var counters = ImmutableDictionary.CreateBuilder<(string, string, string, string), long>();
        var incomplete = ImmutableArray.CreateBuilder<UnusablePool>();
        // In the order in which the scheduler tries them: devices of a claim are the first that will do.
        var ordered = slices.OrderBy(static s => s.Text("metadata", "name"), StringComparer.Ordinal).Select(static s => s.At("spec"))
            .GroupBy(static s => (Driver: s.Text("driver"), Name: s.Text("pool", "name"))).OrderBy(static p => p.Key.Driver, StringComparer.Ordinal).ThenBy(static p => p.Key.Name, StringComparer.Ordinal);
        foreach (var pool in ordered)
        {
            var newest = pool.GroupBy(s => Number(s.At("pool", "generation"))).MaxBy(g => g.Key)!.ToList();
            if (UnusablePool.Of($"{pool.Key.Driver}/{pool.Key.Name}", newest, newest.Count == Number(newest[0].At("pool", "resourceSliceCount"))) is { } unusable)
            {
                incomplete.Add(unusable);
                continue;
            }

            foreach (var (number, slice) in newest.Index())
            {
                foreach (var device in slice.Items("devices"))
                {
                    var node = device.Text("nodeName") is { Length: > 0 } own ? own : slice.Text("nodeName");
                    devices.Add(new(new(pool.Key.Driver, pool.Key.Name, device.Text("name")), node, device)
                    {
                        Index = devices.Count,
                        Reach = slice.At("perDeviceNodeSelection").ValueKind is JsonValueKind.True ? device : slice,
                        Mixed = slice.At("perDeviceNodeSelection").ValueKind is JsonValueKind.True ? $"{pool.Key.Driver}/{pool.Key.Name}/{number}" : null,
                    });
                }

                foreach (var (set, counter, value) in slice.Items("sharedCounters").SelectMany(s => Amounts(s, "name"))) counters[(pool.Key.Driver, pool.Key.Name, set, counter)] = value;
            }
        }

        return new(devices.ToImmutable(), counters.ToImmutable(), incomplete.ToImmutable());
    }

    /// <summary>The counters of a set, or those that a device uses of it.</summary>
    internal static IEnumerable<(string Set, string Counter, long Value)> Amounts(JsonElement set, string name) =>
        set.At("counters") is { ValueKind: JsonValueKind.Object } counters ? counters.EnumerateObject().Select(c => (set.Text(name), c.Name, QuantityReader.Units(c.Value.Text("value")))) : [];

    private static long Number(JsonElement value) => value.ValueKind is JsonValueKind.Number && long.TryParse(value.GetRawText(), CultureInfo.InvariantCulture, out var number) ? number : 0;
}
