using System.Text.Json;
using Slipway.Capacity.Inventory.Kubernetes;

namespace Slipway.Capacity.Inventory.Slices;

/// <summary>What is left of devices after the claims that have some. Changed by whoever tries what fits.</summary>
internal sealed class DeviceUse
{
    private readonly DevicePools _pools;
    private readonly Dictionary<DeviceId, int> _taken = [];
    private readonly Dictionary<(DeviceId, string), long> _shares = [];
    private readonly Dictionary<(string, string, string, string), long> _counters = [];

    /// <summary>Reads ResourceClaims; what a claim sees with admin access it takes from nobody.</summary>
    public DeviceUse(DevicePools pools, IEnumerable<JsonElement> claims)
    {
        _pools = pools;
        var known = pools.Devices.ToDictionary(d => d.Id);
        foreach (var result in claims.SelectMany(c => c.At("status", "allocation", "devices").Items("results")).Where(r => r.At("adminAccess").ValueKind is not JsonValueKind.True))
        {
            var id = new DeviceId(result.Text("driver"), result.Text("pool"), result.Text("device"));
            if (!known.TryGetValue(id, out var device)) continue;
            var consumed = result.At("consumedCapacity") is { ValueKind: JsonValueKind.Object } given
                ? given.EnumerateObject().Select(c => (c.Name, QuantityReader.Units(c.Value.GetString() ?? ""))).ToList() : [];
            Take(device, consumed);
        }
    }

    /// <summary>Whether a device can be had, whole or as a share.</summary>
    public bool IsFree(SliceDevice device, IReadOnlyList<(string Name, long Amount)> shares) =>
        device.IsShareable
            ? shares.All(s => device.Capacity(s.Name) - _shares.GetValueOrDefault((device.Id, Bare(device, s.Name))) >= s.Amount) && (_taken.GetValueOrDefault(device.Id) > 0 || HasCounters(device))
            : _taken.GetValueOrDefault(device.Id) == 0 && HasCounters(device);

    /// <summary>Takes a device, and with it what its partitions share.</summary>
    public void Take(SliceDevice device, IReadOnlyList<(string Name, long Amount)> shares) => Change(device, shares, 1);

    /// <summary>Gives back what was taken.</summary>
    public void GiveBack(SliceDevice device, IReadOnlyList<(string Name, long Amount)> shares) => Change(device, shares, -1);

    private void Change(SliceDevice device, IReadOnlyList<(string Name, long Amount)> shares, int sign)
    {
        var before = _taken.GetValueOrDefault(device.Id);
        _taken[device.Id] = before + sign;
        foreach (var (name, amount) in shares)
        {
            var key = (device.Id, Bare(device, name));
            _shares[key] = _shares.GetValueOrDefault(key) + (sign * amount);
        }

        // What partitions share is taken once, by the first claim, and given back by the last.
        if (Math.Min(before, before + sign) != 0) return;
        foreach (var (key, amount) in Consumed(device)) _counters[key] = _counters.GetValueOrDefault(key) + (sign * amount);
    }

    private bool HasCounters(SliceDevice device) => Consumed(device).All(c => _pools.Counters.GetValueOrDefault(c.Key) - _counters.GetValueOrDefault(c.Key) >= c.Amount);

    private static IEnumerable<((string, string, string, string) Key, long Amount)> Consumed(SliceDevice device) =>
        device.Json.Items("consumesCounters").SelectMany(c => DevicePools.Amounts(c, "counterSet")).Select(c => ((device.Id.Driver, device.Id.Pool, c.Set, c.Counter), c.Value));

    // A status says the domain, a slice may leave it out.
    private static string Bare(SliceDevice device, string name) => name.StartsWith(device.Id.Driver + "/", StringComparison.Ordinal) ? name[(device.Id.Driver.Length + 1)..] : name;
}
