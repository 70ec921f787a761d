using System.IO.Compression;

namespace Slipway.Capacity.Tables;

/// <summary>The data files inside this assembly.</summary>
internal static class Resources
{
    /// <summary>Opens a data file; one whose name ends in <c>.gz</c> is unpacked on the way.</summary>
    public static Stream Open(string name)
    {
        var stream = typeof(Resources).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is no data file of {typeof(Resources).Assembly.GetName().Name}.");
        return name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(stream, CompressionMode.Decompress) : stream;
    }
}
