namespace Slipway.Runtimes.Local.Engines;

/// <summary>Names of the folders under <c>engines</c>: one an installed engine, <c>llama.cpp-VERSION</c>, with a note of its source in it.</summary>
internal static class EngineFolders
{
    private const string Prefix = "llama.cpp-";
    private const string SourceFile = "slipway-source.txt";

    /// <summary>Installed engines, newest first.</summary>
    public static IEnumerable<string> Installed(string engines) => Directory.Exists(engines)
        ? Directory.EnumerateDirectories(engines, Prefix + "*").OrderByDescending(Directory.GetCreationTimeUtc)
        : [];

    public static string For(string engines, string version) =>
        Path.Combine(engines, Prefix + string.Concat(version.Select(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '+' or '-' ? c : '_')));

    public static string Source(string folder) =>
        File.Exists(Path.Combine(folder, SourceFile)) ? File.ReadAllText(Path.Combine(folder, SourceFile)).Trim() : "data directory";

    public static void WriteSource(string folder, string source) => File.WriteAllText(Path.Combine(folder, SourceFile), source + "\n");
}
