using System.Buffers.Text;
using System.Text.Json;

namespace Slipway.Web.Access;

/// <summary>Bearer tokens as text: what may be one, and what one says of itself.</summary>
internal static class TokenText
{
    private const int Longest = 16 * 1024;

    /// <summary>The token in what somebody pasted; null when it cannot be one (RFC 6750, section 2.1).</summary>
    /// <param name="text">What was given, perhaps with line ends and the word Bearer around it.</param>
    public static string? Clean(string? text)
    {
        if (text is null || text.Length > Longest) return null;
        var token = text.Trim();
        if (token.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) token = token["Bearer ".Length..].Trim();
        return token.Length > 0 && token.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '~' or '+' or '/' or '=') ? token : null;
    }

    /// <summary>When a JSON Web Token ends by its own claim (RFC 7519, section 4.1.4); null for other tokens, or when it says nothing. Not verified: it only shortens a session.</summary>
    /// <param name="token">The token.</param>
    public static DateTimeOffset? End(string token)
    {
        if (token.Split('.') is not [_, var claims, _]) return null;
        try
        {
            using var json = JsonDocument.Parse(Base64Url.DecodeFromChars(claims));
            return json.RootElement.ValueKind is JsonValueKind.Object && json.RootElement.TryGetProperty("exp", out var end) && end.ValueKind is JsonValueKind.Number && end.TryGetDouble(out var seconds)
                && seconds is >= 0 and < 253_402_300_800
                ? DateTimeOffset.UnixEpoch.AddSeconds(seconds)
                : null;
        }
        catch (Exception other) when (other is FormatException or JsonException)
        {
            return null;
        }
    }
}
