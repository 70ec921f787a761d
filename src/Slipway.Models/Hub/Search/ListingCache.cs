using System.Security.Cryptography;
using System.Text;
using Slipway.Models.Store;

namespace Slipway.Models.Hub.Search;

/// <summary>Answers of the hub on disk, in a folder beside the hub cache. Bounded; the oldest go first.</summary>
/// <remarks>It is a help and no more: a disk that cannot be read or written costs the copies, never the search.</remarks>
internal sealed class ListingCache(ModelStoreOptions options)
{
    /// <summary>Most answers kept.</summary>
    public const int MaxFiles = 200;

    /// <summary>Most bytes kept.</summary>
    public const long MaxBytes = 64L << 20;

    private const int MaxFileBytes = HubListings.MaxPageBytes + (64 << 10);

    /// <summary>The folder: the hub cache's name with <c>-search</c>. Inside it other Hugging Face tools would take it for a damaged repository.</summary>
    public string Folder { get; } = Path.TrimEndingDirectorySeparator(options.CacheDirectory) + "-search";

    /// <summary>The copy of an address's answer; null when there is none that can be read.</summary>
    public CachedListing? Find(string address)
    {
        try
        {
            var file = new FileInfo(PathOf(address));
            return file.Exists && file.Length <= MaxFileBytes ? CachedListing.Read(File.ReadAllBytes(file.FullName)) : null;
        }
        catch (Exception e) when (LocalFaults.IsLocal(e))
        {
            return null;
        }
    }

    /// <summary>Keeps an answer.</summary>
    public void Keep(string address, CachedListing listing)
    {
        try
        {
            // Private models may be in it.
            WholeFile.Write(PathOf(address), listing.ToBytes(), mine: true);
            Prune();
        }
        catch (Exception e) when (LocalFaults.IsLocal(e))
        {
            // Said in the remarks: the search goes on without a copy.
        }
    }

    private void Prune()
    {
        long bytes = 0;
        var kept = 0;
        foreach (var file in new DirectoryInfo(Folder).GetFiles().OrderByDescending(static f => f.LastWriteTimeUtc))
        {
            bytes += file.Length;
            if (++kept > MaxFiles || bytes > MaxBytes) file.Delete();
        }
    }

    /// <summary>A name made of the hub, the address and the account: what a token may see is not shown to another.</summary>
    private string PathOf(string address) =>
        Path.Combine(Folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{options.Endpoint}\n{address}\n{options.Token}"))));
}
