namespace Slipway.Conformance.Tests.Harness;

/// <summary>Finds what lies beside the repository.</summary>
internal static class Shared
{
    public static string Repository { get; } = FindRepository();

    public static string Path(params string[] parts) => System.IO.Path.Combine(
        [Environment.GetEnvironmentVariable("SLIPWAY_SHARED") ?? System.IO.Path.Combine(Repository, "..", "shared"), .. parts]);

    private static string FindRepository()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
            if (File.Exists(System.IO.Path.Combine(directory.FullName, "slipway.slnx"))) return directory.FullName;
        throw new InvalidOperationException("slipway.slnx is in no folder above the tests");
    }
}
