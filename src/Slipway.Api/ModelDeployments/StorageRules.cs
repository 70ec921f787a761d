namespace Slipway.Api.ModelDeployments;

/// <summary>The rules for the volumes of a model.</summary>
internal static class StorageRules
{
    // Mounting over these would break the container or reach into the node.
    private static readonly string[] s_reserved = ["/dev", "/proc", "/sys", "/etc", "/var/run", "/run", "/bin", "/sbin", "/lib", "/usr"];

    public static void Check(IReadOnlyList<StorageVolume> volumes, List<FieldError> errors)
    {
        var paths = new HashSet<string>(StringComparer.Ordinal);
        foreach (var volume in volumes)
        {
            var at = $"spec.model.storage.volumes[{volume.Name}]";
            Claim(volume, at, errors);
            var path = volume.MountPath ?? DefaultPath(volume.Purpose);
            if (path is null) errors.Add(new($"{at}.mountPath", "is required for a volume of purpose custom"));
            else if (!path.StartsWith('/') || path.Split('/').Contains("..")) errors.Add(new($"{at}.mountPath", "must be an absolute path without \"..\""));
            else if (path == "/" || Array.Exists(s_reserved, r => path == r || path.StartsWith(r + "/", StringComparison.Ordinal)))
                errors.Add(new($"{at}.mountPath", $"{path} belongs to the system: mount elsewhere"));
            else if (!paths.Add(path.TrimEnd('/'))) errors.Add(new($"{at}.mountPath", $"{path} is taken by another volume"));
        }

        foreach (var purpose in new[] { VolumePurpose.ModelCache, VolumePurpose.CompilationCache })
        {
            if (volumes.Count(v => v.Purpose == purpose) > 1)
                errors.Add(new("spec.model.storage.volumes", $"at most one volume may have the purpose {purpose}"));
        }
    }

    private static void Claim(StorageVolume volume, string at, List<FieldError> errors)
    {
        if (volume.Image is not null)
        {
            if (volume.ClaimName is not null || volume.Size is not null) errors.Add(new($"{at}.image", "and a claim exclude each other"));
            if (volume.Purpose is VolumePurpose.CompilationCache) errors.Add(new($"{at}.image", "is read-only, so it cannot be a compilation cache"));
        }
        else if (volume.Size is null)
        {
            if (string.IsNullOrEmpty(volume.ClaimName)) errors.Add(new($"{at}.claimName", "is required unless a size is given"));
            if (volume.StorageClassName is not null) errors.Add(new($"{at}.storageClassName", "counts only together with a size"));
            if (volume.AccessMode is not null) errors.Add(new($"{at}.accessMode", "counts only together with a size"));
        }
        else if (volume.Size.Value.Amount() is not > 0)
        {
            errors.Add(new($"{at}.size", $"must be an amount above 0, such as 100Gi, not {volume.Size}"));
        }
        else if (volume.ReadOnly == true)
        {
            errors.Add(new($"{at}.readOnly", "a claim that Slipway makes starts empty: it cannot be read-only"));
        }
    }

    private static string? DefaultPath(VolumePurpose? purpose) => purpose switch
    {
        VolumePurpose.ModelCache => "/model-cache",
        VolumePurpose.CompilationCache => "/compilation-cache",
        _ => null,
    };
}
