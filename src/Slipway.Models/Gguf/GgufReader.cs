namespace Slipway.Models.Gguf;

/// <summary>Reads and checks the header of a GGUF file. Safe on hostile input: time is linear in the header's bytes, memory is bounded.</summary>
public static class GgufReader
{
    private const uint Magic = 0x46554747; // "GGUF", little-endian
    private const int MaxDimensions = 4; // GGML_MAX_DIMS in ggml.h
    private const int MaxNameBytes = 1024; // longer keys and tensor names are refused; ggml itself stops at 64
    // The largest real headers (256k-token vocabularies) take some 20 MB; a sparse file must not buy hours of reading.
    private const long MaxHeaderBytes = 512L << 20;

    /// <summary>Reads a file's header and checks that the file is as long as its tensors say.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The summary, or the fault with its place.</returns>
    /// <exception cref="IOException">The file cannot be opened or read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static GgufResult Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        return Read(stream);
    }

    /// <summary>Reads a header from a seekable stream that starts at the file's first byte.</summary>
    /// <param name="stream">The stream; it is left open, somewhere after the header.</param>
    /// <returns>The summary, or the fault with its place.</returns>
    public static GgufResult Read(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        try
        {
            return new GgufResult.Sound(ReadHeader(new GgufCursor(stream, stream.Length)));
        }
        catch (GgufException fault)
        {
            return new GgufResult.Unsound(fault.Fault, fault.Message);
        }
    }

    /// <summary>Reads a header from a file's first bytes, as they are fetched from afar.</summary>
    /// <param name="prefix">The first bytes.</param>
    /// <param name="fileLength">Length of the whole file.</param>
    /// <returns>The outcome, or <c>null</c> when the header goes on behind the prefix: come back with twice as much.</returns>
    public static GgufResult? ReadPrefix(byte[] prefix, long fileLength)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        using var stream = new MemoryStream(prefix, writable: false);
        try
        {
            return new GgufResult.Sound(ReadHeader(new GgufCursor(stream, fileLength, isPrefix: true)));
        }
        catch (GgufPrefixException)
        {
            return null;
        }
        catch (GgufException fault)
        {
            return new GgufResult.Unsound(fault.Fault, fault.Message);
        }
    }

    private static GgufSummary ReadHeader(GgufCursor cursor)
    {
        if (cursor.Length == 0) throw new GgufException(GgufFault.Truncated, "The file is empty.");
        if (cursor.Length < 4 || cursor.ReadUInt32() != Magic)
            throw new GgufException(GgufFault.NotGguf, "The file does not start with the letters GGUF.");
        var version = cursor.ReadUInt32();
        if (version is not (2 or 3))
        {
            throw new GgufException(GgufFault.UnsupportedVersion, (version & 0xFFFF) == 0
                ? "The file is written in big-endian byte order, which is not supported."
                : $"GGUF version {version} is not supported; versions 2 and 3 are.");
        }

        // The least tensor info has an empty name, one dimension: 8 + 4 + 8 + 4 + 8 bytes; the least pair has 8 + 4 + 1.
        var tensorCount = cursor.ReadCount(32);
        var pairCount = cursor.ReadCount(13);
        var metadata = new GgufMetadata();
        for (var i = 0L; i < pairCount; i++) ReadPair(cursor, metadata);
        var tensors = ReadTensors(cursor, tensorCount, metadata.Alignment());
        return metadata.Summarize(version, tensorCount, tensors.Elements, tensors.Bytes) with { Parts = tensors.Parts };
    }

    private static void ReadPair(GgufCursor cursor, GgufMetadata metadata)
    {
        CheckHeaderSize(cursor);
        var key = cursor.ReadString(MaxNameBytes) ?? throw GgufException.Corrupt($"A metadata key before byte {cursor.Position} is too long.");
        var type = (GgufValueType)cursor.ReadUInt32();
        switch (type)
        {
            case GgufValueType.String:
                metadata.AddText(key, cursor.ReadString(key == "tokenizer.chat_template" ? GgufMetadata.MaxTemplateBytes : GgufMetadata.MaxTextBytes));
                break;
            case GgufValueType.Array:
                ReadArray(cursor, key, metadata);
                break;
            default:
                if (GgufTypes.FixedSize(type) == 0)
                    throw GgufException.Corrupt($"Metadata key '{key}' has the unknown type {(uint)type} (before byte {cursor.Position}).");
                metadata.AddNumber(key, cursor.ReadNumber(type));
                break;
        }
    }

    private static void CheckHeaderSize(GgufCursor cursor)
    {
        if (cursor.Position > MaxHeaderBytes) throw GgufException.Corrupt($"The header is longer than {MaxHeaderBytes} bytes.");
    }

    /// <summary>Counts an array; keeps the numbers of a short one, which are a value a layer.</summary>
    private static void ReadArray(GgufCursor cursor, string key, GgufMetadata metadata)
    {
        var type = (GgufValueType)cursor.ReadUInt32();
        if (GgufTypes.FixedSize(type) is > 0 and var size && cursor.ReadCount(size) is var count)
        {
            if (count > GgufMetadata.MaxNumbers)
            {
                cursor.Skip(count * size);
            }
            else
            {
                var numbers = new long[count];
                for (var i = 0; i < count; i++) numbers[i] = cursor.ReadNumber(type) ?? 0;
                metadata.AddNumbers(key, numbers);
            }

            metadata.AddArray(key, count);
            return;
        }

        metadata.AddArray(key, SkipArray(cursor, key, type));
    }

    private static long SkipArray(GgufCursor cursor, string key, GgufValueType type)
    {
        if (type == GgufValueType.String)
        {
            var strings = cursor.ReadCount(8);
            for (var i = 0L; i < strings; i++)
            {
                cursor.Skip(cursor.ReadCount(1));
                CheckHeaderSize(cursor);
            }

            return strings;
        }

        throw GgufException.Corrupt($"Metadata key '{key}' is an array of the unsupported type {(uint)type}.");
    }

    private static (long Elements, long Bytes, GgufParts Parts) ReadTensors(GgufCursor cursor, long count, uint alignment)
    {
        Int128 elements = 0, bytes = 0, end = 0;
        var parts = new GgufTally();
        var last = "";
        for (var i = 0L; i < count; i++)
        {
            var tensor = ReadTensor(cursor);
            elements += tensor.Elements;
            bytes += tensor.Bytes;
            parts.Add(tensor.Name, tensor.Type, (long)tensor.Elements, (long)Int128.Min(tensor.Bytes, long.MaxValue));
            if (tensor.Offset % alignment != 0)
                throw GgufException.Corrupt($"Tensor '{tensor.Name}' starts at {tensor.Offset}, which is not a multiple of {alignment}.");
            if (tensor.Offset + tensor.Bytes < end) continue;
            end = tensor.Offset + tensor.Bytes;
            last = tensor.Name;
        }

        var dataStart = ((Int128)cursor.Position + alignment - 1) / alignment * alignment;
        if (count > 0 && dataStart + end > cursor.Length)
        {
            throw new GgufException(GgufFault.Truncated,
                $"The file has {cursor.Length} bytes, but its tensors need {dataStart + end} (the last is '{last}'). The download or copy is incomplete.");
        }

        return ((long)Int128.Min(elements, long.MaxValue), (long)Int128.Min(bytes, long.MaxValue), parts.Finish());
    }

    private static Tensor ReadTensor(GgufCursor cursor)
    {
        CheckHeaderSize(cursor);
        var name = cursor.ReadString(MaxNameBytes) ?? throw GgufException.Corrupt($"A tensor name before byte {cursor.Position} is too long.");
        var dimensions = cursor.ReadUInt32();
        if (dimensions is 0 or > MaxDimensions)
            throw GgufException.Corrupt($"Tensor '{name}' has {dimensions} dimensions; 1 to {MaxDimensions} are possible.");
        Int128 elements = 1;
        var row = 0UL;
        for (var d = 0; d < dimensions; d++)
        {
            var size = cursor.ReadUInt64();
            if (d == 0) row = size;
            elements *= size;
            if (elements > long.MaxValue) throw GgufException.Corrupt($"Tensor '{name}' is impossibly large.");
        }

        var type = cursor.ReadUInt32();
        var offset = cursor.ReadUInt64();
        if (offset > long.MaxValue) throw GgufException.Corrupt($"Tensor '{name}' starts at the impossible offset {offset}.");
        // A type newer than this table still has a place in the file; only its length stays unknown.
        if (GgufTypes.Block(type) is not { } block) return new Tensor(name, type, elements, 0, offset);
        if (row % (ulong)block.Elements != 0)
            throw GgufException.Corrupt($"Tensor '{name}' has rows of {row} elements, which its type packs in blocks of {block.Elements}.");
        return new Tensor(name, type, elements, elements / block.Elements * block.Bytes, offset);
    }

    private readonly record struct Tensor(string Name, uint Type, Int128 Elements, Int128 Bytes, Int128 Offset);
}
