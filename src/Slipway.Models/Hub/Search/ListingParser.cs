using System.Text.Json;

namespace Slipway.Models.Hub.Search;

/// <summary>Rows of a listing.</summary>
/// <param name="Models">The usable ones, in the hub's order.</param>
/// <param name="Unreadable">Rows without a usable id.</param>
/// <param name="Fault">Why the text is no listing; null when it is one.</param>
internal sealed record Listing(IReadOnlyList<FoundModel> Models, int Unreadable, string? Fault = null);

/// <summary>Reads an answer of <c>GET /api/models</c>: an array of objects, of which any field may be absent or of another kind.</summary>
internal static class ListingParser
{
    /// <summary>Most rows of an answer; ten times what is asked for.</summary>
    public const int MaxRows = 10 * QueryFault.MaxLimit;

    /// <summary>Reads a listing. Never throws.</summary>
    /// <param name="json">UTF-8 text.</param>
    /// <param name="endpoint">The hub, for the pages' addresses.</param>
    public static Listing Parse(ReadOnlySpan<byte> json, Uri endpoint)
    {
        try
        {
            return Read(new Utf8JsonReader(json), endpoint);
        }
        catch (JsonException e)
        {
            return new Listing([], 0, $"its list of models is no sound JSON (line {e.LineNumber}, byte {e.BytePositionInLine})");
        }
        catch (InvalidOperationException)
        {
            // Thrown for strings that are not UTF-8, and for half surrogate pairs.
            return new Listing([], 0, "its list of models has text that is not UTF-8");
        }
    }

    private static Listing Read(Utf8JsonReader json, Uri endpoint)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartArray) return new Listing([], 0, "where a list of models belongs there is none");
        var models = new List<FoundModel>();
        var unreadable = 0;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (models.Count + unreadable == MaxRows) return new Listing([], 0, $"its page has more than {MaxRows} models");
            var model = json.TokenType == JsonTokenType.StartObject ? RowParser.Read(ref json, endpoint) : null;
            if (model is not null) models.Add(model);
            else unreadable++;
            if (json.TokenType is JsonTokenType.StartArray) json.Skip();
        }

        // Reads on to the end, where anything but blanks is an error.
        json.Read();
        return new Listing(models, unreadable);
    }
}
