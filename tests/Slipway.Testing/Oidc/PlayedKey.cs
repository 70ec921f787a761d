using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Slipway.Testing.Oidc;

/// <summary>A key of a provider (RFC 7515, RFC 7517).</summary>
public sealed class PlayedKey
{
    private readonly JsonObject _json;
    private readonly Func<byte[], byte[]> _sign;

    private PlayedKey(string id, string algorithm, JsonObject json, Func<byte[], byte[]> sign)
    {
        (Id, Algorithm, _json, _sign) = (id, algorithm, json, sign);
        (json["kid"], json["use"]) = (id, "sig");
    }

    /// <summary>Its <c>kid</c>.</summary>
    public string Id { get; }

    /// <summary>Its <c>alg</c>.</summary>
    public string Algorithm { get; }

    public static PlayedKey Rsa(string id)
    {
        var rsa = RSA.Create(2048);
        var parts = rsa.ExportParameters(includePrivateParameters: false);
        return new PlayedKey(id, "RS256", new JsonObject { ["kty"] = "RSA", ["n"] = Base64Url.EncodeToString(parts.Modulus), ["e"] = Base64Url.EncodeToString(parts.Exponent) },
            text => rsa.SignData(text, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    public static PlayedKey Elliptic(string id)
    {
        var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var parts = ec.ExportParameters(includePrivateParameters: false);
        return new PlayedKey(id, "ES256", new JsonObject { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = Base64Url.EncodeToString(parts.Q.X), ["y"] = Base64Url.EncodeToString(parts.Q.Y) }, text => ec.SignData(text, HashAlgorithmName.SHA256));
    }

    /// <summary>What signs nothing.</summary>
    public static PlayedKey None(string id) => new(id, "none", [], static _ => []);

    /// <summary>What takes another key's public half for a secret, which everybody has (the confusion of algorithms).</summary>
    public static PlayedKey Confused(PlayedKey other) => new(other.Id, "HS256", [], text => HMACSHA256.HashData(Base64Url.DecodeFromChars((string)other._json["n"]!), text));

    public JsonObject ToJson() => _json.DeepClone().AsObject();

    public string Sign(JsonObject claims)
    {
        static string Part(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));
        var text = $"{Part(new JsonObject { ["alg"] = Algorithm, ["kid"] = Id, ["typ"] = "JWT" })}.{Part(claims)}";
        return $"{text}.{Base64Url.EncodeToString(_sign(Encoding.ASCII.GetBytes(text)))}";
    }
}
