using System.Text.Json;

namespace Slipway.Models.Hub.Search;

/// <summary>Reads values that a stranger wrote: what is not of the kind wanted, or too long, is null and is passed over whole.</summary>
internal static class JsonText
{
    /// <summary>A string of at most <paramref name="max"/> characters without control characters.</summary>
    public static string? Text(ref Utf8JsonReader json, int max)
    {
        // An escaped character takes six bytes, so a longer one is no candidate and needs no copy.
        if (json.TokenType != JsonTokenType.String || json.ValueSpan.Length > max * 6)
        {
            json.Skip();
            return null;
        }

        var text = json.GetString()!;
        return text.Length is > 0 && text.Length <= max && !text.Any(char.IsControl) ? text : null;
    }

    /// <summary>A whole number that is not negative.</summary>
    public static long? Count(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.Number) return json.TryGetInt64(out var number) && number >= 0 ? number : null;
        json.Skip();
        return null;
    }

    /// <summary>A finite number.</summary>
    public static double? Number(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.Number) return json.TryGetDouble(out var number) && double.IsFinite(number) ? number : null;
        json.Skip();
        return null;
    }

    /// <summary>A date as ISO 8601 writes it.</summary>
    public static DateTimeOffset? Date(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.String) return json.TryGetDateTimeOffset(out var date) ? date : null;
        json.Skip();
        return null;
    }
}
