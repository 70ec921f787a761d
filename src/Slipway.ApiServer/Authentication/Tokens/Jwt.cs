using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Pki;

namespace Slipway.ApiServer.Authentication.Tokens;

/// <summary>JSON Web Tokens in the compact form, signed by one key with one algorithm (RFC 7515, RFC 7519).</summary>
internal static class Jwt
{
    // Longer than any token that this server makes, and short enough to be looked at without thought.
    private const int MaxLength = 32 * 1024;

    public static string Sign(JsonMap claims, SigningKey key)
    {
        var header = new JsonMap { ["alg"] = SigningKey.Algorithm, ["kid"] = key.Id };
        var signed = $"{Base64Url.EncodeToString(JsonText.Bytes(header))}.{Base64Url.EncodeToString(JsonText.Bytes(claims))}";
        return $"{signed}.{Base64Url.EncodeToString(key.Sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    /// <returns>
    /// The claims, or <see langword="null"/> when the key did not sign them. The header decides nothing: an algorithm other than
    /// the key's own is refused, "none" among them.
    /// </returns>
    public static JsonMap? Verify(ReadOnlySpan<char> token, SigningKey key)
    {
        if (token.Length > MaxLength) return null;
        var first = token.IndexOf('.');
        var last = token.LastIndexOf('.');
        if (first <= 0 || last <= first || token[(first + 1)..last].Contains('.')) return null;
        if (Part(token[..first]) is not { } header || header.Text("alg") != SigningKey.Algorithm || header.ContainsKey("crit")) return null;
        if (header.Text("kid") is { Length: > 0 } id && id != key.Id) return null;
        if (Decode(token[(last + 1)..]) is not { } signature) return null;
        var signed = new byte[last];
        return Ascii(token[..last], signed) && key.Verify(signed, signature) ? Part(token[(first + 1)..last]) : null;
    }

    /// <returns>What a token claims without any proof, for a word about why it is refused; <see langword="null"/> when it is none.</returns>
    public static JsonMap? Claims(ReadOnlySpan<char> token)
    {
        if (token.Length > MaxLength || token.Count('.') != 2) return null;
        return Part(token[(token.IndexOf('.') + 1)..token.LastIndexOf('.')]);
    }

    private static bool Ascii(ReadOnlySpan<char> text, Span<byte> into) =>
        System.Text.Ascii.FromUtf16(text, into, out _) == System.Buffers.OperationStatus.Done;

    private static JsonMap? Part(ReadOnlySpan<char> text)
    {
        try
        {
            return Decode(text) is { } bytes ? JsonParser.Parse(bytes) as JsonMap : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static byte[]? Decode(ReadOnlySpan<char> text)
    {
        if (!Base64Url.IsValid(text)) return null;
        return Base64Url.DecodeFromChars(text);
    }
}
