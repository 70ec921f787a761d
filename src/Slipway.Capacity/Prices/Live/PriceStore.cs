using System.Collections.Immutable;
using Slipway.Capacity.Prices.Feeds;
using Slipway.Models.Store;

namespace Slipway.Capacity.Prices.Live;

/// <summary>Fetched prices on disk: a CSV for each scope, and the source's mark beside it. A file appears whole, or not at all.</summary>
/// <param name="folder">The folder; it is made when something is kept.</param>
public sealed class PriceStore(string folder)
{
    private const long MaxBytes = 64 << 20;

    /// <summary>Everything that is kept.</summary>
    /// <returns>Rates by provider and scope, and a message for each file that cannot be read, which counts as not there.</returns>
    public (ImmutableArray<KeptPrices> Kept, ImmutableArray<string> Faults) Load()
    {
        var kept = ImmutableArray.CreateBuilder<KeptPrices>();
        var faults = ImmutableArray.CreateBuilder<string>();
        if (!Directory.Exists(folder)) return ([], []);
        foreach (var path in Directory.EnumerateFiles(folder, "*.csv", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var (provider, scope) = (Path.GetFileName(Path.GetDirectoryName(path)!), Path.GetFileNameWithoutExtension(path));
            if (!RegionNames.IsRegion(provider) || !RegionNames.IsRegion(scope)) continue;
            var (rates, fault) = Read(path);
            if (rates is null) faults.Add($"{path}: {fault}");
            else kept.Add(new KeptPrices(provider, scope, [.. rates], Mark(path)));
        }

        return (kept.ToImmutable(), faults.ToImmutable());
    }

    /// <summary>Keeps the prices of a scope.</summary>
    /// <exception cref="IOException">The disk is full, or the folder may not be written.</exception>
    public void Keep(KeptPrices prices)
    {
        ArgumentNullException.ThrowIfNull(prices);
        if (!RegionNames.IsRegion(prices.Provider) || !RegionNames.IsRegion(prices.Scope)) throw new ArgumentException("The provider's or the scope's name could not be a file's.", nameof(prices));
        var path = Path.Combine(folder, prices.Provider, prices.Scope + ".csv");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        // The mark goes first: prices of which we lost the mark are fetched again, and a mark of prices that we lost would hide them.
        File.Delete(path + ".etag");
        WholeFile.WriteText(path, text => RateFile.Write(text, prices.Rates));
        if (prices.ETag.Length > 0) File.WriteAllText(path + ".etag", prices.ETag);
    }

    private static (List<RateRow>? Rates, string? Fault) Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MaxBytes) return (null, "too large for a file of ours");
            using var text = new StreamReader(path);
            return RateFile.Read(text, "kept", default);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, e.Message);
        }
    }

    private static string Mark(string path)
    {
        try
        {
            return File.Exists(path + ".etag") && new FileInfo(path + ".etag").Length < 1024 ? File.ReadAllText(path + ".etag") : "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}

/// <summary>Fetched prices of one scope.</summary>
/// <param name="Provider">The provider.</param>
/// <param name="Scope">A region, or <c>all</c>.</param>
/// <param name="Rates">The rates.</param>
/// <param name="ETag">The source's mark; empty for none.</param>
public sealed record KeptPrices(string Provider, string Scope, ImmutableArray<RateRow> Rates, string ETag);
