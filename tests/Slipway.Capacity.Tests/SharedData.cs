using Slipway.Capacity.Tables;

namespace Slipway.Capacity.Tests;

/// <summary>The facts to test against: the folder `shared/data` beside the repository, or under what SLIPWAY_SHARED names.</summary>
internal static class SharedData
{
    public static string Path(params string[] parts) => System.IO.Path.Combine(
        [Environment.GetEnvironmentVariable("SLIPWAY_SHARED") ?? System.IO.Path.Combine(Root(), "..", "shared"), "data", .. parts]);

    public static CsvTable Csv(params string[] parts)
    {
        using var text = new StreamReader(Path(parts));
        return CsvTable.Read(text).Table!;
    }

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "slipway.slnx"))) return folder.FullName;
        }

        throw new InvalidOperationException("The tests run inside the repository: slipway.slnx is in no folder above them.");
    }
}
