using System.Buffers.Binary;
using System.Globalization;

namespace Slipway.Gateway.Recording.Storage;

/// <summary>
/// A tape: `SLIPREC1`, 16 bytes of salt, and then for each recording its length (4 bytes, little-endian), the tag (16 bytes) and the text, encrypted with AES-256-GCM. The key is derived from the one in the key file by HKDF
/// with the salt and the namespace, so that it is of this tape alone; the nonce is the recording's number, so that none can be left out before the last, moved or put in twice. The name says when the tape's time is over:
/// `EXPIRY-SALT.tape`, in seconds since 1970.
/// </summary>
internal static class TapeFormat
{
    public const int Salt = 16, Tag = 16, Nonce = 12, Head = 8 + Salt;

    /// <summary>Longer than any recording.</summary>
    public const int Longest = 64 * 1024 * 1024;

    public static ReadOnlySpan<byte> Magic => "SLIPREC1"u8;

    public static string Name(DateTimeOffset expiry, ReadOnlySpan<byte> salt) =>
        string.Create(CultureInfo.InvariantCulture, $"{expiry.ToUnixTimeSeconds():D12}-{Convert.ToHexStringLower(salt)}.tape");

    /// <summary>When a tape's time is over; null where that is no tape.</summary>
    public static DateTimeOffset? Expiry(string file) =>
        Path.GetExtension(file) == ".tape" && long.TryParse(Path.GetFileName(file).Split('-')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds < 100_000_000_000
            ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    public static void Number(Span<byte> nonce, long number)
    {
        nonce.Clear();
        BinaryPrimitives.WriteInt64LittleEndian(nonce, number);
    }
}
