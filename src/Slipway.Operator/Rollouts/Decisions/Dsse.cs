using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.Operator.Rollouts.Decisions;

/// <summary>Signs and verifies statements in a DSSE envelope.</summary>
/// <remarks>
/// <see href="https://github.com/secure-systems-lab/dsse/blob/v1.0.2/protocol.md"/>: what is signed is "DSSEv1 SP len(type) SP type SP len(payload) SP payload". Signatures are ECDSA over P-256 with
/// SHA-256 in ASN.1, as cosign and the in-toto tools take them.
/// </remarks>
public static class Dsse
{
    /// <summary>The type of an in-toto statement.</summary>
    public const string InToto = "application/vnd.in-toto+json";

    private const int MaxBytes = 16 << 20;

    /// <summary>Signs.</summary>
    /// <param name="payload">What is stated.</param>
    /// <param name="key">The private key.</param>
    /// <returns>The envelope.</returns>
    public static JsonObject Sign(byte[] payload, ECDsa key)
    {
        ArgumentNullException.ThrowIfNull(payload);
        ArgumentNullException.ThrowIfNull(key);
        var signature = key.SignData(Signed(InToto, payload), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return new JsonObject
        {
            ["payloadType"] = InToto,
            ["payload"] = Convert.ToBase64String(payload),
            ["signatures"] = new JsonArray(new JsonObject { ["keyid"] = KeyId(key), ["sig"] = Convert.ToBase64String(signature) }),
        };
    }

    /// <summary>Reads an envelope, and what it states if the key signed it.</summary>
    /// <param name="envelope">The envelope's text.</param>
    /// <param name="key">The public key.</param>
    /// <returns>The statement; or why it is not to be believed.</returns>
    public static (byte[]? Payload, string? Problem) Verify(string envelope, ECDsa key)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        ArgumentNullException.ThrowIfNull(key);
        try
        {
            if (envelope.Length > MaxBytes) return (null, "it is too large to be a record");
            var read = JsonNode.Parse(envelope) as JsonObject;
            if (read is null || (string?)read["payloadType"] != InToto || (string?)read["payload"] is not { } payload || read["signatures"] is not JsonArray signatures)
                return (null, "it is no DSSE envelope of an in-toto statement");
            var bytes = Convert.FromBase64String(payload);
            var signed = Signed(InToto, bytes);
            var valid = signatures.Any(s => (string?)s?["sig"] is { } sig && key.VerifyData(signed, Convert.FromBase64String(sig), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
            return valid ? (bytes, null) : (null, $"no signature in it was made by the key {KeyId(key)[..16]}, or what it states was changed");
        }
        catch (Exception wrong) when (wrong is JsonException or FormatException or InvalidOperationException)
        {
            return (null, $"it cannot be read: {wrong.Message}");
        }
    }

    /// <summary>The name of a key: the SHA-256 of its public part.</summary>
    public static string KeyId(ECDsa key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));
    }

    private static byte[] Signed(string type, byte[] payload) =>
        [.. Encoding.UTF8.GetBytes(FormattableString.Invariant($"DSSEv1 {Encoding.UTF8.GetByteCount(type)} {type} {payload.Length} ")), .. payload];
}
