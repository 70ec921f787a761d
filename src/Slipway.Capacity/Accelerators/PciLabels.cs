using System.Collections.Immutable;

namespace Slipway.Capacity.Accelerators;

/// <summary>PCI ids in node labels: of Node Feature Discovery, when it is told to write the device, and of Intel's GPU rules.</summary>
internal static class PciLabels
{
    private const string Nfd = "feature.node.kubernetes.io/pci-";
    private const string Intel = "gpu.intel.com/device-id.";
    private const string Present = ".present";

    /// <summary>Rows whose device is present by a label.</summary>
    /// <param name="labels">The node's labels.</param>
    /// <param name="vendor">PCI vendor id, four hexadecimal digits.</param>
    /// <param name="table">The table.</param>
    /// <returns>The match; null when no label has a device of that vendor that the table knows.</returns>
    public static AcceleratorMatch? Match(IReadOnlyDictionary<string, string> labels, string vendor, AcceleratorTable table)
    {
        var found = labels.Where(static l => l.Value == "true").Select(l => (Label: l.Key, Rows: table.OfDeviceId($"{vendor}:{Device(l.Key, vendor)}")))
            .Where(static f => !f.Rows.IsEmpty).ToList();
        if (found.Count == 0) return null;
        var rows = found.SelectMany(static f => f.Rows).Distinct().ToImmutableArray();
        return found.Count == 1
            ? Candidates.Choose(rows, null, DeviceFraction.Whole, $"{found[0].Label}=true")
            : new AcceleratorMatch.Unknown("the node has several kinds of device", [.. found.Select(static f => f.Label)], [.. rows.Select(static r => r.Device.Key)]);
    }

    private static string? Device(string label, string vendor)
    {
        // gpu.intel.com/device-id.0380-56c0.present: class, then device.
        if (Between(label, Intel)?.Split('-') is { Length: 2 } parts) return vendor == "8086" ? LabelText.Hex4(parts[1]) : null;
        // pci-1200_1da3_1020.present: class, vendor, device, as configured; the vendor tells where the device is.
        if (Between(label, Nfd)?.Split('_') is not { } fields) return null;
        var place = Array.IndexOf(fields, vendor);
        return place >= 0 && place + 1 < fields.Length ? LabelText.Hex4(fields[place + 1]) : null;
    }

    private static string? Between(string label, string prefix) =>
        label.Length > prefix.Length + Present.Length && label.StartsWith(prefix, StringComparison.Ordinal) && label.EndsWith(Present, StringComparison.Ordinal)
            ? label[prefix.Length..^Present.Length]
            : null;
}
