using Slipway.Runtimes.Local.Engines;

namespace Slipway.Runtimes.Local.Debian;

/// <summary>A folder with unpacked packages, whose programs run beside an older system's libraries without touching them.</summary>
/// <remarks>A program is started through the folder's own loader, because the C library of a newer release does not work with an older loader.</remarks>
public static class DebianPrefix
{
    /// <summary>How to start a program of the folder; null when it or the loader is missing.</summary>
    /// <param name="prefix">The folder.</param>
    /// <param name="program">Path of the program in it, for example <c>usr/bin/llama-server</c>.</param>
    public static (string Path, IReadOnlyList<string> LeadingArguments)? Start(string prefix, string program)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        var file = Path.Combine(prefix, program);
        var libraries = LibraryFolder(prefix);
        if (libraries is null || !File.Exists(file)) return null;
        var loader = Directory.EnumerateFiles(libraries, "ld-linux*.so.*").Order(StringComparer.Ordinal).FirstOrDefault();
        if (loader is null) return null;
        string[] path = [libraries, .. PrivateFolders(libraries)];
        return (loader, ["--library-path", string.Join(':', path), file]);
    }

    /// <summary>Puts ggml's backends where ggml finds them when its program runs from this folder.</summary>
    /// <remarks>
    /// ggml looks in a path fixed at build time, which is the system's, and beside the executable, which is here the loader: so each backend
    /// gets a link beside the loader. Without one llama-server has no device at all ("no backends are loaded"). ggml then picks the best for
    /// this processor by itself, which GGML_BACKEND_PATH would not: it names one file.
    /// </remarks>
    public static void LinkBackends(string prefix)
    {
        if (LibraryFolder(prefix) is not { } libraries) return;
        var ggml = Path.Combine(libraries, "ggml");
        if (!Directory.Exists(ggml)) return;
        foreach (var backend in Directory.EnumerateFiles(ggml, "libggml-*.so", SearchOption.AllDirectories))
        {
            var link = Path.Combine(libraries, Path.GetFileName(backend));
            if (!File.Exists(link)) File.CreateSymbolicLink(link, Path.GetRelativePath(libraries, backend));
        }
    }

    /// <summary>How an installed folder answers as an engine; null when it holds none.</summary>
    internal static EngineCandidate? Engine(string prefix, string source) => Start(prefix, "usr/bin/llama-server") is { } start
        ? new EngineCandidate(start.Path, start.LeadingArguments, source)
        : null;

    private static string? LibraryFolder(string prefix)
    {
        var lib = Path.Combine(prefix, "usr", "lib");
        // One folder an architecture, for example x86_64-linux-gnu; a prefix has one.
        return Directory.Exists(lib)
            ? Directory.EnumerateDirectories(lib, "*-linux-gnu*").FirstOrDefault(static d => Directory.EnumerateFiles(d, "libc.so.6").Any())
            : null;
    }

    /// <summary>Folders of libraries that only their own package's programs use, found by an absolute RUNPATH that is wrong here.</summary>
    private static IEnumerable<string> PrivateFolders(string libraries) =>
        Directory.EnumerateDirectories(libraries, "llama*").Order(StringComparer.Ordinal);
}
