using System.Collections.Immutable;
using Slipway.Capacity.Accelerators;

namespace Slipway.Capacity.Inventory.Slices;

/// <summary>Which accelerators devices are; asked of the table once for all that say the same of themselves.</summary>
/// <param name="table">The table of accelerators.</param>
internal sealed class DeviceKinds(AcceleratorTable table)
{
    // What DeviceAttributes tells kinds by.
    private static readonly string[] s_names = ["type", "productName", "profile", "deviceID", "parentDeviceID", "partitionProfile", "pciId", "model"];

    private readonly Dictionary<string, DeviceKind?> _kinds = new(StringComparer.Ordinal);

    /// <summary>What a device is; null where it is no accelerator, or one handed whole to a virtual machine, which is a second name of a GPU.</summary>
    public DeviceKind? Of(SliceDevice device)
    {
        var texts = s_names.Select(n => (Name: n, Text: device.Text($"{device.Id.Driver}/{n}") ?? "")).Where(t => t.Text.Length > 0).ToList();
        var memory = device.Capacity("memory");
        var key = $"{device.Id.Driver}\n{memory}\n{string.Join('\n', texts)}";
        if (_kinds.TryGetValue(key, out var known)) return known;
        var attributes = new DeviceAttributes(device.Id.Driver, texts.ToImmutableDictionary(t => t.Name, t => t.Text), memory);
        return _kinds[key] = attributes.Text.GetValueOrDefault("type") is "vfio" || attributes.Match(table) is not { } match ? null : new DeviceKind($"{device.Id.Driver} {Name(match)}", match);
    }

    private static string Name(AcceleratorMatch match) => match switch
    {
        AcceleratorMatch.Known known => FormattableString.Invariant($"{known.Facts.Device.Key} {known.Device.MemoryBytes} {known.Fraction.How}"),
        AcceleratorMatch.Unknown unknown => $"? {string.Join(' ', unknown.Seen)}",
        _ => "",
    };
}

/// <summary>A kind of devices.</summary>
/// <param name="Name">What tells it from another.</param>
/// <param name="Match">What it is.</param>
internal sealed record DeviceKind(string Name, AcceleratorMatch Match);
