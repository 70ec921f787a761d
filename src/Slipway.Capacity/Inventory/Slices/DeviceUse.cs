using System.Collections.Immutable;
using System.Text.Json;
using Slipway.Capacity.Inventory.Kubernetes;

namespace Slipway.Capacity.Inventory.Slices;

/// <summary>What is left of devices after the claims that have some. Changed by whoever tries what fits.</summary>
internal sealed class DeviceUse
{
    private readonly DevicePools _pools;
    private readonly int[] _taken;
    private readonly Dictionary<(int, string), long> _shares = [];
    private readonly Dictionary<(string, string, string, string), long> _counters = [];

    /// <summary>Reads ResourceClaims; what a claim sees with admin access it takes from nobody.</summary>
    public DeviceUse(DevicePools pools, IEnumerable<JsonElement> claims)
    {
        _pools = pools;
        _taken = new int[pools.Devices.Length];
        foreach (var result in claims.SelectMany(c => c.At("status", "allocation", "devices").Items("results")).Where(r => r.At("adminAccess").ValueKind is not JsonValueKind.True))
        {
            if (pools.Find(DeviceId.Of(result)) is not { } device) continue;
            var consumed = result.At("consumedCapacity") is { ValueKind: JsonValueKind.Object } given
                ? given.EnumerateObject().Select(c => (c.Name, QuantityReader.Units(c.Value.GetString() ?? ""))).ToImmutableArray() : [];
            Take(device, consumed);
        }
    }

    /// <summary>Whether a device is somebody's.</summary>
    public bool IsTaken(SliceDevice device) => _taken[device.Index] > 0;

    /// <summary>Whether a device can be had, whole or as a share.</summary>
    public bool IsFree(SliceDevice device, ImmutableArray<(string Name, long Amount)> shares) => (device.IsShareable || !IsTaken(device)) && HasRoom(device, shares);

    /// <summary>Whether what a device takes of itself, or of what its partitions share, is there; whoever has it.</summary>
    public bool HasRoom(SliceDevice device, ImmutableArray<(string Name, long Amount)> shares)
    {
        if (!device.IsShareable) return HasCounters(device);
        foreach (var (name, amount) in shares)
        {
            if (!(device.Capacity(name) - _shares.GetValueOrDefault((device.Index, Bare(device, name))) >= amount)) return false;
        }

        return _taken[device.Index] > 0 || HasCounters(device);
    }

    /// <summary>Takes a device, and with it what its partitions share.</summary>
    public void Take(SliceDevice device, ImmutableArray<(string Name, long Amount)> shares) => Change(device, shares, 1);

    /// <summary>Gives back what was taken.</summary>
    public void GiveBack(SliceDevice device, ImmutableArray<(string Name, long Amount)> shares) => Change(device, shares, -1);

    private void Change(SliceDevice device, ImmutableArray<(string Name, long Amount)> shares, int sign)
    {
        var before = _taken[device.Index];
        _taken[device.Index] = before + sign;
        foreach (var (name, amount) in shares)
        {
            var key = (device.Index, Bare(device, name));
            _shares[key] = _shares.GetValueOrDefault(key) + (sign * amount);
        }

        // Of a device with several claims, what partitions share is taken once, by the first, and given back by the last.
        if (device.IsShareable && Math.Min(before, before + sign) != 0) return;
        foreach (var (set, counter, amount) in device.Consumes)
        {
            var key = (device.Id.Driver, device.Id.Pool, set, counter);
            _counters[key] = _counters.GetValueOrDefault(key) + (sign * amount);
        }
    }

    private bool HasCounters(SliceDevice device)
    {
        foreach (var (set, counter, amount) in device.Consumes)
        {
            var key = (device.Id.Driver, device.Id.Pool, set, counter);
            if (_pools.Counters.GetValueOrDefault(key) - _counters.GetValueOrDefault(key) < amount) return false;
        }

        return true;
    }

    // A status says the domain, a slice may leave it out.
    private static string Bare(SliceDevice device, string name) => name.StartsWith(device.Id.Driver + "/", StringComparison.Ordinal) ? name[(device.Id.Driver.Length + 1)..] : name;
}
