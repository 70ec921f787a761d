using System.Buffers.Binary;
using System.Text;

namespace Slipway.Models.Gguf;

/// <summary>Reads a header forwards, never past the end and never allocating more than the caller's limit.</summary>
/// <remarks>Every length in the file is a claim by a stranger: it is compared with what is left of the file before it is used.</remarks>
internal sealed class GgufCursor(Stream stream, long length, bool isPrefix = false)
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;

    /// <summary>Offset of the next byte.</summary>
    public long Position { get; private set; }

    /// <summary>Length of the file in bytes.</summary>
    public long Length => length;

    /// <summary>Bytes left.</summary>
    public long Remaining => length - Position;

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong ReadUInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    /// <summary>A number of any fixed-size type; floating point and out-of-range values give null.</summary>
    public long? ReadNumber(GgufValueType type)
    {
        var bytes = Take(GgufTypes.FixedSize(type));
        return type switch
        {
            GgufValueType.UInt8 or GgufValueType.Bool => bytes[0],
            GgufValueType.Int8 => (sbyte)bytes[0],
            GgufValueType.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            GgufValueType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(bytes),
            GgufValueType.UInt32 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            GgufValueType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(bytes),
            GgufValueType.UInt64 when BinaryPrimitives.ReadUInt64LittleEndian(bytes) is var n and <= long.MaxValue => (long)n,
            GgufValueType.Int64 => BinaryPrimitives.ReadInt64LittleEndian(bytes),
            _ => null,
        };
    }

    /// <summary>Length of a string or array, checked against what is left.</summary>
    /// <param name="elementSize">Least bytes of one element.</param>
    public long ReadCount(int elementSize)
    {
        var at = Position;
        var count = ReadUInt64();
        if (count > (ulong)(Remaining / elementSize)) throw GgufException.PastTheEnd(at, count, Remaining, length);
        return (long)count;
    }

    /// <summary>A string, or null when it is longer than <paramref name="limit"/> bytes (it is skipped then).</summary>
    public string? ReadString(int limit)
    {
        var count = ReadCount(1);
        if (count <= limit) return Encoding.UTF8.GetString(Take((int)count));
        Skip(count);
        return null;
    }

    /// <summary>Moves forwards; the caller has checked that so much is left.</summary>
    public void Skip(long count)
    {
        if (count > Remaining) throw GgufException.PastTheEnd(Position, (ulong)count, Remaining, length);
        var buffered = _end - _start;
        if (count <= buffered)
        {
            _start += (int)count;
        }
        else
        {
            stream.Seek(count - buffered, SeekOrigin.Current);
            _start = _end = 0;
        }

        Position += count;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > Remaining) throw GgufException.PastTheEnd(Position, (ulong)count, Remaining, length);
        while (_end - _start < count) Fill(count);
        var bytes = _buffer.AsSpan(_start, count);
        _start += count;
        Position += count;
        return bytes;
    }

    private void Fill(int needed)
    {
        if (_buffer.Length - _start < needed)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        var read = stream.Read(_buffer, _end, _buffer.Length - _end);
        if (read == 0 && isPrefix) throw new GgufPrefixException(Position + needed);
        // The file became shorter while it was read.
        if (read == 0) throw GgufException.PastTheEnd(Position, (ulong)needed, _end - _start, length);
        _end += read;
    }
}
