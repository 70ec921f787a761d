using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Slipway.Gateway.Keys;

/// <summary>What keys look like.</summary>
public static class KeyText
{
    /// <summary>What a key begins with, so that people and scanners of leaked secrets know it for one.</summary>
    public const string Prefix = "slk_";

    private const int Bytes = 32;

    // Longer than any key of ours; what somebody else sends is not hashed whole.
    private const int Longest = 200;

    /// <summary>Draws a key: 256 bits by chance.</summary>
    public static string New() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>The digest that a key is known by.</summary>
    /// <param name="key">The key.</param>
    /// <returns>`sha256:` and 64 hexadecimal digits.</returns>
    public static string Digest(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(key.Length > Longest ? key[..Longest] : key), digest);
        return $"sha256:{Convert.ToHexStringLower(digest)}";
    }

    /// <summary>The key in an `Authorization` header (RFC 6750); null when it holds none.</summary>
    internal static string? Of(string? header) =>
        header is not null && header.Length > 7 && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header[7..].Trim() : null;
}
