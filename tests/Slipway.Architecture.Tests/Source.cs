namespace Slipway.Architecture.Tests;

/// <summary>The source tree that these tests are about.</summary>
internal static class Source
{
    public static string Folder { get; } = Path.Combine(Root(), "src");

    public static IEnumerable<string> Files() => Directory.EnumerateFiles(Folder, "*.cs", SearchOption.AllDirectories)
        .Concat(Directory.EnumerateFiles(Folder, "*.razor", SearchOption.AllDirectories));

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "slipway.slnx"))) return folder.FullName;
        }

        throw new InvalidOperationException("slipway.slnx is in no folder above the tests.");
    }
}
