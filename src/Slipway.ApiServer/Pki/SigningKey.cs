using System.Buffers.Text;
using System.Security.Cryptography;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Pki;

/// <summary>The key that signs the tokens of service accounts, kept in the pki folder so that tokens outlive the process.</summary>
internal sealed class SigningKey : IDisposable
{
    public const string Algorithm = "ES256";

    private readonly ECDsa _key;

    // An ECDsa object promises nothing about use by two threads. Verified tokens are remembered, so nobody waits here for long.
    private readonly Lock _lock = new();

    private SigningKey(ECDsa key)
    {
        _key = key;
        // As upstream names its keys: from the public half alone, and so that it cannot be found from the name.
        Id = Base64Url.EncodeToString(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));
    }

    /// <summary>Gets the name by which tokens and the key set refer to the key.</summary>
    public string Id { get; }

    public static SigningKey Open(string directory)
    {
        var path = Path.Combine(directory, "serviceaccounts.pem");
        if (Read(path) is { } known) return new(known);
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        PrivateFile.Write(path, key.ExportPkcs8PrivateKeyPem() + "\n");
        return new(key);
    }

    public byte[] Sign(ReadOnlySpan<byte> data)
    {
        lock (_lock) return _key.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        lock (_lock) return _key.VerifyData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    /// <summary>Gets the public half as a JSON Web Key (RFC 7517, RFC 7518 section 6.2).</summary>
    public JsonMap ToJson()
    {
        ECParameters parameters;
        lock (_lock) parameters = _key.ExportParameters(includePrivateParameters: false);
        return new()
        {
            ["use"] = "sig",
            ["kty"] = "EC",
            ["kid"] = Id,
            ["crv"] = "P-256",
            ["alg"] = Algorithm,
            ["x"] = Base64Url.EncodeToString(parameters.Q.X),
            ["y"] = Base64Url.EncodeToString(parameters.Q.Y),
        };
    }

    public void Dispose() => _key.Dispose();

    private static ECDsa? Read(string path)
    {
        if (!File.Exists(path)) return null;
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(path));
            if (key.KeySize == 256) return key;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            // Not a key: made anew, as a certificate would be.
        }

        key.Dispose();
        return null;
    }
}
