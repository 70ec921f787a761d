using Slipway.ApiServer.Schemas;

namespace Slipway.ApiServer.Kinds.Storage;

/// <summary>The rules of what a claim asks for, in claims and in the templates of claims.</summary>
internal static class ClaimRules
{
    private static readonly string[] s_modes = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];

    public static void CheckSpec(Spot spec)
    {
        if (spec.Value.List("accessModes") is null or { Count: 0 }) spec.Required("accessModes", "at least 1 access mode is required");
        AccessModes(spec);
        var storage = spec.Map("resources")?.Map("requests")?.Value.Text("storage");
        if (storage is null) spec.Required("resources[storage]");
        else if (Amount.Parse(storage) is { Nanos.Sign: <= 0 }) spec.Invalid("resources[storage]", storage, "must be greater than zero");
        spec.Fits("storageClassName", Names.SubdomainFault);
        spec.OneOf("volumeMode", "Block", "Filesystem");
    }

    public static void AccessModes(Spot spec)
    {
        var modes = spec.Texts("accessModes").Select(m => m.Text).ToList();
        foreach (var mode in modes)
            if (!s_modes.Contains(mode)) spec.NotSupported("accessModes", mode, s_modes);
        if (modes.Contains("ReadWriteOncePod") && modes.Distinct(StringComparer.Ordinal).Count() > 1)
            spec.Forbidden("accessModes", "may not use ReadWriteOncePod with other access modes");
    }
}
