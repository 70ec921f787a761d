using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace Slipway.Models.Safetensors;

/// <summary>Reads the header of a safetensors file: 8 bytes of length, then JSON that names each tensor's type, shape and place.</summary>
/// <remarks>
/// The format: <see href="https://huggingface.co/docs/safetensors/index#format"/>; it allows headers up to 100 MB. Safe on hostile input: every
/// claim is compared with the file's length, and no more than the header itself is allocated a few times over.
/// </remarks>
public static class SafetensorsHeader
{
    /// <summary>The longest header that is read. One file of 5 GB has some hundred tensors and 20 kB; 40,000 experts in one file take 6 MB.</summary>
    public const int MaxHeaderBytes = 32 << 20;

    private const int MaxTensors = 500_000;
    private const int MaxNameLength = 512;

    /// <summary>Reads a header from a file's first bytes.</summary>
    /// <param name="prefix">The first bytes, at least 8.</param>
    /// <param name="fileLength">Length of the whole file.</param>
    public static SafetensorsResult Read(ReadOnlySpan<byte> prefix, long fileLength)
    {
        if (fileLength < 8) return new SafetensorsResult.Unsound($"The file has {fileLength} bytes; a safetensors file has at least 8.");
        if (prefix.Length < 8) return new SafetensorsResult.NeedsMore(8);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > MaxHeaderBytes || (long)length > fileLength - 8)
            return new SafetensorsResult.Unsound($"The header claims {length} bytes of a file of {fileLength}; it is no safetensors file, or a part of one (a Git LFS pointer, a page of a proxy).");
        var end = 8 + (int)length;
        if (prefix.Length < end) return new SafetensorsResult.NeedsMore(end);
        try
        {
            return ReadJson(prefix[8..end], fileLength - end);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or DecoderFallbackException)
        {
            return new SafetensorsResult.Unsound($"The header is not what the format says: {e.Message}");
        }
    }

    private static SafetensorsResult ReadJson(ReadOnlySpan<byte> json, long dataLength)
    {
        var tensors = new List<TensorEntry>();
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 8 });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw new JsonException("it does not start with an object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (name == "__metadata__")
            {
                reader.Skip();
                continue;
            }

            if (tensors.Count >= MaxTensors) throw new JsonException($"it names more than {MaxTensors} tensors");
            if (name.Length > MaxNameLength) throw new JsonException("a tensor's name is longer than 512 characters");
            tensors.Add(ReadTensor(ref reader, name, dataLength));
        }

        return new SafetensorsResult.Sound(tensors);
    }

    private static TensorEntry ReadTensor(ref Utf8JsonReader reader, string name, long dataLength)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException($"'{name}' is not an object");
        var type = "";
        var elements = 1.0;
        long begin = -1, end = -1;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("dtype"u8))
            {
                reader.Read();
                type = reader.GetString() is { Length: <= 16 } text ? text : throw new JsonException($"'{name}' has no type");
            }
            else if (reader.ValueTextEquals("shape"u8))
            {
                reader.Read();
                elements = ReadShape(ref reader, name);
            }
            else if (reader.ValueTextEquals("data_offsets"u8))
            {
                reader.Read();
                (begin, end) = ReadOffsets(ref reader, name);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        if (begin < 0 || end < begin || end > dataLength) throw new JsonException($"'{name}' lies at {begin}..{end} of {dataLength} bytes");
        var bits = StoredTypes.Bits(type);
        // A type newer than this table still has a place in the file.
        if (bits is { } width && Math.Abs((elements * width / 8) - (end - begin)) >= 1) throw new JsonException($"'{name}' has {elements} elements of {type} in {end - begin} bytes");
        return new TensorEntry(name, type, (long)elements, end - begin);
    }

    private static double ReadShape(ref Utf8JsonReader reader, string name)
    {
        var product = 1.0;
        if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException($"'{name}' has no shape");
        while (reader.Read() && reader.TokenType == JsonTokenType.Number)
        {
            product *= reader.TryGetInt64(out var size) && size >= 0 ? size : throw new JsonException($"'{name}' has an impossible shape");
            if (product > 1e15) throw new JsonException($"'{name}' is impossibly large");
        }

        return product;
    }

    private static (long Begin, long End) ReadOffsets(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType == JsonTokenType.StartArray && reader.Read() && reader.TryGetInt64(out var begin) && reader.Read() && reader.TryGetInt64(out var end)
            && reader.Read() && reader.TokenType == JsonTokenType.EndArray) return (begin, end);
        throw new JsonException($"'{name}' has no place");
    }
}
