using System.Security.Cryptography;
using System.Text;

namespace Slipway.Gateway.Recording.Storage;

/// <summary>The key of all recordings: 32 bytes by chance, made when first needed, in a file for its owner alone. Without it, whoever has the files has nothing.</summary>
/// <param name="file">The file.</param>
public sealed class TapeKey(string file)
{
    private const int Length = 32;

    /// <summary>The cipher of one tape, whose key is derived for it alone.</summary>
    /// <param name="salt">The tape's own.</param>
    /// <param name="ns">The namespace that it is of.</param>
    /// <param name="make">Whether a key is made where there is none.</param>
    /// <exception cref="IOException">The file cannot be read or made, or holds no key.</exception>
    internal AesGcm Cipher(ReadOnlySpan<byte> salt, string ns, bool make)
    {
        if (make && !File.Exists(file)) Make();
        var key = File.ReadAllBytes(file);
        if (key.Length != Length) throw new IOException($"{file} holds no key: it has {key.Length} bytes and not {Length}");
        Span<byte> derived = stackalloc byte[Length];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, derived, salt, Encoding.UTF8.GetBytes($"slipway recording {ns}"));
        CryptographicOperations.ZeroMemory(key);
        var cipher = new AesGcm(derived, AesGcm.TagByteSizes.MaxSize);
        CryptographicOperations.ZeroMemory(derived);
        return cipher;
    }

    private void Make()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        var partial = $"{file}.{Environment.ProcessId}.partial";
        using (var stream = new FileStream(partial, PrivateFiles.Options(FileMode.Create))) stream.Write(RandomNumberGenerator.GetBytes(Length));
        File.Move(partial, file);
    }
}
