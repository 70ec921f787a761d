namespace Slipway.Runtimes.Storage;

/// <summary>The kinds that volumes and downloads are made of.</summary>
public static class StorageKinds
{
    /// <summary>The label of a download's pods, with the deployment's name: not the engines' own, by which Services and pickers find what serves.</summary>
    public const string DownloadLabel = "slipway.dev/download-for";

    /// <summary>A claim to a volume. It outlives what is rendered: nothing deletes one while its deployment stands.</summary>
    public static RuntimeObject Claim { get; } = new("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims") { IsCustom = false };

    /// <summary>What downloads a model.</summary>
    public static RuntimeObject Job { get; } = new("batch", "v1", "Job", "jobs") { IsCustom = false };
}
