namespace Slipway.Capacity.Accelerators;

/// <summary>
/// What GPU feature discovery says of a node: <c>nvidia.com/gpu.product</c>, with <c>-MIG-1g.5gb</c> where every GPU is cut alike
/// (strategy <c>single</c>) and <c>-SHARED</c> where units are offered more than once; <c>nvidia.com/gpu.memory</c> in MiB.
/// </summary>
/// <remarks>Labels: <see href="https://github.com/NVIDIA/k8s-device-plugin/tree/main/docs/gpu-feature-discovery"/>.</remarks>
internal static class NvidiaLabels
{
    private const string Shared = "-SHARED";
    private const string Mig = "-MIG-";
    private const string MigResource = "nvidia.com/mig-";

    /// <summary>Whether a resource is one of the NVIDIA plugin's: whole GPUs, shared ones, or slices.</summary>
    public static bool Owns(string resource) =>
        resource is "nvidia.com/gpu" or "nvidia.com/gpu.shared" || (resource.StartsWith(MigResource, StringComparison.Ordinal) && ProfileOf(resource) is not null);

    /// <summary>What the labels say of the units of a resource.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="units">How many units of it the node has; 0 when that is not known.</param>
    /// <param name="labels">The node's labels.</param>
    /// <param name="table">The table of accelerators.</param>
    /// <returns>The match; null when there is no product label.</returns>
    public static AcceleratorMatch? Match(string resource, long units, IReadOnlyDictionary<string, string> labels, AcceleratorTable table)
    {
        if (labels.Text("nvidia.com/gpu.product") is not { } product) return null;
        var seen = $"nvidia.com/gpu.product={product}";
        var (name, cut) = Split(product);
        var profile = cut is null ? ProfileOf(resource) : MigProfile.Parse(cut);
        if (cut is not null && profile is null) return new AcceleratorMatch.Unknown($"'{cut}' is no MIG profile", [seen], []);

        // Where every GPU is cut alike, gpu.memory is a slice's.
        var memory = cut is null ? labels.Mebibytes("nvidia.com/gpu.memory") : null;
        var match = Candidates.Choose(table.OfProduct(name), memory, DeviceFraction.Whole, seen);
        return match is AcceleratorMatch.Known known ? Cut(known, profile, Sharing(resource, units, labels)) : match;
    }

    /// <summary>A known device, cut by a profile and offered more than once.</summary>
    public static AcceleratorMatch Cut(AcceleratorMatch.Known known, MigProfile? profile, DeviceFraction sharing)
    {
        if (profile is null) return known with { Fraction = sharing };
        return profile.On(known.Facts) is { } slice
            ? known with { Fraction = sharing.Of(slice) }
            : new AcceleratorMatch.Unknown($"{known.Facts.Device.Name} has no MIG profile {profile.Name}", [known.Seen], [known.Facts.Device.Key]);
    }

    /// <summary>The product without suffixes, and the MIG profile that it names.</summary>
    public static (string Name, string? Profile) Split(string product)
    {
        if (product.EndsWith(Shared, StringComparison.Ordinal)) product = product[..^Shared.Length];
        var cut = product.LastIndexOf(Mig, StringComparison.Ordinal);
        return cut < 0 ? (product, null) : (product[..cut], product[(cut + Mig.Length)..]);
    }

    private static MigProfile? ProfileOf(string resource)
    {
        if (!resource.StartsWith(MigResource, StringComparison.Ordinal)) return null;
        var name = resource[MigResource.Length..];
        return MigProfile.Parse(name.EndsWith(".shared", StringComparison.Ordinal) ? name[..^".shared".Length] : name);
    }

    private static DeviceFraction Sharing(string resource, long units, IReadOnlyDictionary<string, string> labels)
    {
        // For nvidia.com/gpu.shared the labels are those of nvidia.com/gpu.
        var stem = resource.EndsWith(".shared", StringComparison.Ordinal) ? resource[..^".shared".Length] : resource;
        if (labels.Whole($"{stem}.replicas") is { } replicas and > 1 and <= 10_000)
            return DeviceFraction.Shared((int)replicas, labels.Text($"{stem}.sharing-strategy") ?? "time-slicing");
        // Other sharers (HAMi) offer a GPU as ten and write no such label; the number of GPUs gives them away.
        return stem == "nvidia.com/gpu" && labels.Whole("nvidia.com/gpu.count") is { } gpus && units > gpus && units / gpus <= 10_000
            ? DeviceFraction.Shared((int)((units + gpus - 1) / gpus), $"{units} units of {gpus} GPUs")
            : DeviceFraction.Whole;
    }
}
