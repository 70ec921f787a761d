using System.Collections.Immutable;

namespace Slipway.Capacity.Accelerators;

/// <summary>What a DRA driver says of one device in a ResourceSlice, with the driver's own prefix left out of the names.</summary>
/// <param name="Driver">The driver's name, as in <c>gpu.nvidia.com</c>.</param>
/// <param name="Text">String attributes, as in <c>productName</c>, <c>type</c>, <c>profile</c>.</param>
/// <param name="MemoryBytes">The capacity <c>memory</c>; null when the driver gives none.</param>
public sealed record DeviceAttributes(string Driver, ImmutableDictionary<string, string> Text, long? MemoryBytes)
{
    /// <summary>What the device is.</summary>
    /// <param name="table">The table of accelerators.</param>
    /// <returns>The match; null when the driver is none of accelerators, or the device is a channel of one.</returns>
    public AcceleratorMatch? Match(AcceleratorTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return Driver switch
        {
            "gpu.nvidia.com" => Nvidia(table),
            "gpu.amd.com" => Amd(table),
            "gpu.intel.com" or "gaudi.intel.com" => Intel(table),
            _ => null,
        };
    }

    private AcceleratorMatch Nvidia(AcceleratorTable table)
    {
        // "NVIDIA H100 80GB HBM3" is the name that the label spells with dashes.
        var product = Text.GetValueOrDefault("productName", "");
        var slice = Text.GetValueOrDefault("type") == "mig";
        var rows = table.OfProduct(product.Trim().Replace(' ', '-'));
        var profile = slice ? MigProfile.Parse(Text.GetValueOrDefault("profile", "")) : null;
        if (slice && profile is null) return new AcceleratorMatch.Unknown("the slice names no MIG profile", Seen("productName", product), [.. rows.Select(static r => r.Device.Key)]);
        var match = Candidates.Choose(rows, slice ? null : MemoryBytes, DeviceFraction.Whole, Seen("productName", product));
        return match is AcceleratorMatch.Known known ? NvidiaLabels.Cut(known, profile, DeviceFraction.Whole) : match;
    }

    private AcceleratorMatch Amd(AcceleratorTable table)
    {
        var partition = Text.GetValueOrDefault("type") == "amdgpu-partition";
        var id = LabelText.Hex4(Text.GetValueOrDefault(partition ? "parentDeviceID" : "deviceID", ""));
        var product = Text.GetValueOrDefault("productName", "");
        var rows = id is null ? [] : table.OfDeviceId($"1002:{id}");
        var seen = rows.IsEmpty ? Seen("productName", product) : Seen(partition ? "parentDeviceID" : "deviceID", id!);
        if (rows.IsEmpty) rows = table.OfProduct(product.Trim().Replace(' ', '_'));
        if (!partition) return Candidates.Choose(rows, MemoryBytes, DeviceFraction.Whole, seen);
        if (Candidates.Choose(rows, null, DeviceFraction.Whole, seen) is not AcceleratorMatch.Known known) return Candidates.Choose(rows, null, DeviceFraction.Whole, seen);
        return MemoryBytes is { } memory && memory > 0 && memory <= known.Device.MemoryBytes
            ? known with { Fraction = new DeviceFraction((double)memory / known.Device.MemoryBytes, (double)memory / known.Device.MemoryBytes, $"partition {Text.GetValueOrDefault("partitionProfile", "")}".Trim()) }
            : new AcceleratorMatch.Unknown("the partition's size is not known", seen, [known.Facts.Device.Key]);
    }

    private AcceleratorMatch Intel(AcceleratorTable table)
    {
        var id = LabelText.Hex4(Text.GetValueOrDefault("pciId", ""));
        var model = Text.GetValueOrDefault("model", "");
        var vendor = Driver == "gaudi.intel.com" ? "1da3" : "8086";
        var rows = id is null ? [] : table.OfDeviceId($"{vendor}:{id}");
        return rows.IsEmpty
            ? Candidates.Choose(table.OfProduct(model.Trim().Replace(' ', '_')), MemoryBytes, DeviceFraction.Whole, Seen("model", model))
            : Candidates.Choose(rows, MemoryBytes, DeviceFraction.Whole, Seen("pciId", id!));
    }

    private ImmutableArray<string> Seen(string attribute, string value) => [$"{Driver}/{attribute}={value}"];
}
