using System.Security.Cryptography;
using Slipway.Models.Store;

namespace Slipway.Operator.Rollouts.Decisions;

/// <summary>The key of a Slipway on one machine, in a file.</summary>
/// <param name="file">The private key's file; the public part is beside it, as .pub.</param>
public sealed class DecisionKey(string file) : IDecisionKey
{
    /// <summary>The public key's file, which is for everybody.</summary>
    public string PublicFile => file + ".pub";

    /// <inheritdoc/>
    public async Task<ECDsa> OpenAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(file)) Make();
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(await File.ReadAllTextAsync(file, cancellationToken));
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
