using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Slipway.Gateway.Recording.Storage;

/// <summary>Reads recordings, while they are written too.</summary>
public static class Recordings
{
    /// <summary>Reads all recordings of a namespace, oldest tapes first.</summary>
    /// <param name="options">Where they are.</param>
    /// <param name="ns">The namespace.</param>
    /// <returns>Lines of JSON: `{"id", "created", "deployment", "url", "request", "response"}`.</returns>
    /// <exception cref="IOException">A tape or the key cannot be read.</exception>
    /// <exception cref="CryptographicException">A tape was changed, or is of another key; the message names it.</exception>
    public static IEnumerable<string> Read(RecorderOptions options, string ns)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(ns);
        var folder = Path.Combine(options.Folder, Path.GetFileName(ns));
        if (!Directory.Exists(folder)) yield break;
        var now = options.Time.GetUtcNow();
        foreach (var file in Directory.GetFiles(folder, "*.tape").Where(f => TapeFormat.Expiry(f) > now).OrderBy(File.GetLastWriteTimeUtc).ThenBy(static f => f, StringComparer.Ordinal))
        {
            foreach (var line in Tape(file, ns, new TapeKey(options.KeyFile))) yield return line;
        }
    }

    private static IEnumerable<string> Tape(string path, string ns, TapeKey key)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var head = new byte[TapeFormat.Head];
        if (file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length) yield break;
        if (!head.AsSpan().StartsWith(TapeFormat.Magic)) throw new IOException($"{path} is no recording of this version");
        using var cipher = key.Cipher(head.AsSpan(TapeFormat.Magic.Length), ns, make: false);
        for (var number = 0L; ; number++)
        {
            if (Next(file, cipher, number, path) is not { } line) yield break;
            yield return line;
        }
    }

    // The last one may not be all there yet, or never be, where the machine went down: then it ends before that.
    private static string? Next(FileStream file, AesGcm cipher, long number, string path)
    {
        Span<byte> begin = stackalloc byte[4 + TapeFormat.Tag];
        Span<byte> nonce = stackalloc byte[TapeFormat.Nonce];
        if (file.ReadAtLeast(begin, begin.Length, throwOnEndOfStream: false) < begin.Length) return null;
        var length = BinaryPrimitives.ReadInt32LittleEndian(begin);
        if (length is < 0 or > TapeFormat.Longest) throw new CryptographicException($"{path} was changed since it was written: its recording {number + 1} has no length that can be");
        var bytes = new byte[length];
        if (file.ReadAtLeast(bytes, length, throwOnEndOfStream: false) < length) return null;
        TapeFormat.Number(nonce, number);
        try
        {
            cipher.Decrypt(nonce, bytes, begin[4..], bytes, begin[..4]);
        }
        catch (AuthenticationTagMismatchException wrong)
        {
            throw new CryptographicException($"{path} cannot be decrypted: its recording {number + 1} was changed, or it was written with another key", wrong);
        }

        return Encoding.UTF8.GetString(bytes);
    }
}
