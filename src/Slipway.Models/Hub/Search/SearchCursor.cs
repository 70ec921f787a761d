using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Slipway.Models.Hub.Search;

/// <summary>Place in one of the hub's lists.</summary>
/// <param name="Cursor">The hub's cursor of the page; null for the first.</param>
/// <param name="Skip">Rows of that page already shown.</param>
/// <param name="Ended">Whether nothing is left.</param>
internal sealed record StreamPlace(string? Cursor = null, int Skip = 0, bool Ended = false);

/// <summary>Where a search goes on: a place in each of its lists, or in the bundled catalogue.</summary>
/// <param name="Streams">One place for each list.</param>
/// <param name="CatalogueRow">Row of the catalogue; null while the hub answers.</param>
internal sealed record SearchCursor(IReadOnlyList<StreamPlace> Streams, int? CatalogueRow = null)
{
    private const int MaxLength = 32 << 10;

    public static SearchCursor Start(int streams) => new([.. Enumerable.Repeat(new StreamPlace(), streams)]);

    public bool AtStart => CatalogueRow is null && Streams.All(static s => s is { Cursor: null, Skip: 0, Ended: false });

    public bool Ended => Streams.All(static s => s.Ended);

    /// <summary>The text that a caller hands back; it holds a mark of the query, so that one of another search is refused.</summary>
    public string Write(IReadOnlyList<string> addresses)
    {
        var places = CatalogueRow is { } row ? [$"c{row}"] : Streams.Select(static s => s.Ended ? "e" : $"s{s.Skip}:{Uri.EscapeDataString(s.Cursor ?? "")}");
        return Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Join('|', places.Prepend(Mark(addresses)))));
    }

    /// <summary>Reads such a text; null when it is none, or of another search.</summary>
    public static SearchCursor? Read(string text, IReadOnlyList<string> addresses)
    {
        if (text.Length > MaxLength || !Base64Url.IsValid(text)) return null;
        var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split('|');
        if (parts[0] != Mark(addresses)) return null;
        if (parts is [_, ['c', .. var row]]) return Number(row) is { } place ? new SearchCursor([], place) : null;
        var streams = parts.Skip(1).Select(Place).ToList();
        return streams.Count == addresses.Count && streams.TrueForAll(static s => s is not null) ? new SearchCursor([.. streams.Select(static s => s!)]) : null;
    }

    private static StreamPlace? Place(string text)
    {
        if (text == "e") return new StreamPlace(Ended: true);
        if (text is not ['s', .. var rest] || rest.Split(':', 2) is not [var skip, var cursor] || Number(skip) is not { } rows) return null;
        return new StreamPlace(cursor.Length == 0 ? null : Uri.UnescapeDataString(cursor), rows);
    }

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= ListingParser.MaxRows ? number : null;

    private static string Mark(IReadOnlyList<string> addresses) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', addresses))))[..16];
}
