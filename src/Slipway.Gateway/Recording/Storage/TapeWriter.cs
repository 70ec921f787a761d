using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Slipway.Gateway.Recording.Storage;

/// <summary>Writes one tape; see <see cref="TapeFormat"/>.</summary>
internal sealed class TapeWriter : IDisposable
{
    private readonly FileStream _file;
    private readonly AesGcm _cipher;
    private long _number;

    public TapeWriter(string folder, string ns, TapeKey key, DateTimeOffset started, DateTimeOffset expiry)
    {
        Started = started;
        Span<byte> salt = stackalloc byte[TapeFormat.Salt];
        RandomNumberGenerator.Fill(salt);
        _cipher = key.Cipher(salt, ns, make: true);
        PrivateFiles.MakeFolder(folder);
        _file = new FileStream(Path.Combine(folder, TapeFormat.Name(expiry, salt)), PrivateFiles.Options(FileMode.CreateNew));
        _file.Write(TapeFormat.Magic);
        _file.Write(salt);
    }

    /// <summary>When its first recording was made.</summary>
    public DateTimeOffset Started { get; }

    public string File => _file.Name;

    public long Bytes => _file.Position;

    public void Write(ReadOnlySpan<byte> line)
    {
        Span<byte> nonce = stackalloc byte[TapeFormat.Nonce];
        TapeFormat.Number(nonce, _number++);
        var length = 4 + TapeFormat.Tag + line.Length;
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            BinaryPrimitives.WriteInt32LittleEndian(buffer, line.Length);
            _cipher.Encrypt(nonce, line, buffer.AsSpan(4 + TapeFormat.Tag, line.Length), buffer.AsSpan(4, TapeFormat.Tag), buffer.AsSpan(0, 4));
            _file.Write(buffer, 0, length);
            _file.Flush();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public void Dispose()
    {
        _file.Dispose();
        _cipher.Dispose();
    }
}
