using System.Security.Cryptography;
using Slipway.Models.Store;

namespace Slipway.Operator.Rollouts.Decisions;

/// <summary>The key that decisions are signed with: made when it is first needed, and kept for its owner alone.</summary>
/// <param name="file">The private key's file; the public part is beside it, as .pub.</param>
public sealed class DecisionKey(string file)
{
    /// <summary>The public key's file, which is for everybody.</summary>
    public string PublicFile => file + ".pub";

    /// <summary>The private key.</summary>
    /// <exception cref="IOException">It cannot be read or written.</exception>
    /// <exception cref="CryptographicException">The file holds no key.</exception>
    public ECDsa Open()
    {
        if (!File.Exists(file)) Make();
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(file));
            return key;
        }
        catch (ArgumentException wrong)
        {
            key.Dispose();
            throw new CryptographicException($"{file} holds no private key", wrong);
        }
    }

    private void Make()
    {
        using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(PublicFile, made.ExportSubjectPublicKeyInfoPem() + "\n");
        WholeFile.Write(file, made.ExportPkcs8PrivateKeyPem() + "\n", mine: true);
    }
}
