namespace Slipway.Testing;

/// <summary>Finds the repository and the upstream schemas and manifests beside it.</summary>
public static class Repository
{
    public static string Root { get; } = Find();

    /// <summary>A path in the folder `shared` beside the repository, or what SLIPWAY_SHARED names.</summary>
    public static string Shared(string path) => Path.Combine(
        Environment.GetEnvironmentVariable("SLIPWAY_SHARED") ?? Path.Combine(Root, "..", "shared"), path);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "slipway.slnx"))) return folder.FullName;
        }

        throw new InvalidOperationException("The tests run inside the repository: slipway.slnx is in no folder above them.");
    }
}
