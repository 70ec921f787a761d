using System.Globalization;
using System.Text;

namespace Slipway.Models.Hub.Search;

/// <summary>An answer of the hub as it lies on disk: four lines of text, then the body as it came.</summary>
/// <param name="Asked">When the hub last said so.</param>
/// <param name="ETag">The answer's entity tag; null when it had none.</param>
/// <param name="NextCursor">Where the next page begins; null at the last one.</param>
/// <param name="Body">The JSON text.</param>
internal sealed record CachedListing(DateTimeOffset Asked, string? ETag, string? NextCursor, byte[] Body)
{
    private const string Magic = "slipway-listing-1";
    private const int MaxLine = 8192;

    /// <summary>The file's bytes.</summary>
    public byte[] ToBytes() =>
        [.. Encoding.UTF8.GetBytes($"{Magic}\n{Asked.ToUnixTimeMilliseconds()}\n{ETag}\n{(NextCursor is null ? "" : Uri.EscapeDataString(NextCursor))}\n"), .. Body];

    /// <summary>Reads a file's bytes; null when they are none of ours, or cut off before the body.</summary>
    public static CachedListing? Read(ReadOnlySpan<byte> file)
    {
        if (Line(ref file) != Magic) return null;
        var (time, etag, cursor) = (Line(ref file), Line(ref file), Line(ref file));
        // 9999-12-31, the last date there is, in milliseconds.
        if (!long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var ms) || ms > 253_402_300_799_999 || etag is null || cursor is null) return null;
        return new CachedListing(
            DateTimeOffset.FromUnixTimeMilliseconds(ms),
            etag.Length == 0 || etag.Any(char.IsControl) ? null : etag,
            cursor.Length == 0 ? null : Uri.UnescapeDataString(cursor),
            file.ToArray());
    }

    private static string? Line(ref ReadOnlySpan<byte> file)
    {
        var end = file.IndexOf((byte)'\n');
        if (end is < 0 or > MaxLine * 4) return null;
        var line = Encoding.UTF8.GetString(file[..end]);
        file = file[(end + 1)..];
        return line;
    }
}
