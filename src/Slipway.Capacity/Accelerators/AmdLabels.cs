namespace Slipway.Capacity.Accelerators;

/// <summary>
/// What AMD's node labeller says: the PCI device id first, because product names vary with the driver, then <c>product-name</c>. Each label
/// exists with the prefix <c>amd.com/</c> and with <c>beta.amd.com/</c>, and the beta form also as <c>device-id.74a1=8</c>, with a count.
/// </summary>
/// <remarks>Labels: <see href="https://github.com/ROCm/k8s-device-plugin/blob/master/cmd/k8s-node-labeller/README.md"/>.</remarks>
internal static class AmdLabels
{
    private const string Partition = "amd.com/";
    private static readonly string[] s_prefixes = ["amd.com/gpu.", "beta.amd.com/gpu."];

    /// <summary>Whether a resource is one of the AMD plugin's: whole devices, or partitions such as <c>amd.com/cpx_nps4</c>.</summary>
    public static bool Owns(string resource) => resource == "amd.com/gpu" || Parts(resource) is not null;

    /// <summary>What the labels say of the units of a resource.</summary>
    /// <returns>The match; null when there is no label.</returns>
    public static AcceleratorMatch? Match(string resource, IReadOnlyDictionary<string, string> labels, AcceleratorTable table)
    {
        if (Whole(labels, table) is not { } match) return null;
        if (match is not AcceleratorMatch.Known known || Parts(resource) is not { } parts) return match;
        // A compute partition is one of the device's dies: eight on the MI300X and its successors, six on the MI300A.
        return parts == 1 || known.Facts.Device.Key is "mi300x" or "mi325x" or "mi350x" or "mi355x"
            ? known with { Fraction = parts == 1 ? DeviceFraction.Whole : new DeviceFraction(1.0 / parts, 1.0 / parts, resource[Partition.Length..]) }
            : new AcceleratorMatch.Unknown($"the parts of a {known.Facts.Device.Name} as {resource} are not known", [known.Seen], [known.Facts.Device.Key]);
    }

    private static AcceleratorMatch? Whole(IReadOnlyDictionary<string, string> labels, AcceleratorTable table)
    {
        var memory = s_prefixes.Select(p => LabelText.Vram(labels.Text($"{p}vram"))).FirstOrDefault(static v => v is not null);
        foreach (var (id, seen) in DeviceIds(labels))
        {
            if (table.OfDeviceId($"1002:{id}") is { IsEmpty: false } rows) return Candidates.Choose(rows, memory, DeviceFraction.Whole, seen);
        }

        foreach (var prefix in s_prefixes)
        {
            if (labels.Text($"{prefix}product-name") is { } name) return Candidates.Choose(table.OfProduct(name), memory, DeviceFraction.Whole, $"{prefix}product-name={name}");
        }

        return DeviceIds(labels).FirstOrDefault() is { Id: not null } first
            ? new AcceleratorMatch.Unknown("no accelerator of that device id is in the table", [first.Seen], [])
            : null;
    }

    private static IEnumerable<(string Id, string Seen)> DeviceIds(IReadOnlyDictionary<string, string> labels)
    {
        foreach (var prefix in s_prefixes)
        {
            if (labels.Text($"{prefix}device-id") is { } value && LabelText.Hex4(value) is { } id) yield return (id, $"{prefix}device-id={value}");
        }

        var counted = labels.Keys.Where(static k => k.StartsWith("beta.amd.com/gpu.device-id.", StringComparison.Ordinal))
            .Select(static k => (Id: LabelText.Hex4(k.AsSpan("beta.amd.com/gpu.device-id.".Length)), Key: k)).Where(static k => k.Id is not null).ToList();
        // Two kinds of device in one node: the resource's name cannot tell which one a container gets.
        if (counted.Count == 1) yield return (counted[0].Id!, counted[0].Key);
    }

    private static int? Parts(string resource)
    {
        if (!resource.StartsWith(Partition, StringComparison.Ordinal)) return null;
        var name = resource.AsSpan(Partition.Length);
        if (name.Length != 8 || !name[3..].StartsWith("_nps") || !char.IsAsciiDigit(name[7])) return null;
        return name[..3] switch { "spx" => 1, "dpx" => 2, "qpx" => 4, "cpx" => 8, _ => null };
    }
}
