using System.Text.Json;

namespace Slipway.Models.Safetensors;

/// <summary>What model.safetensors.index.json says: which files belong to the model, and how many bytes their tensors have.</summary>
/// <param name="Files">The files that the map names, in order, each once.</param>
/// <param name="TotalBytes"><c>metadata.total_size</c>; null when absent. The field <c>total_parameters</c> beside it is not used: some writers count a tied output layer twice.</param>
public sealed record WeightIndex(IReadOnlyList<string> Files, long? TotalBytes)
{
    /// <summary>The longest index that is read: 92,000 tensors of DeepSeek-V3 take 9 MB.</summary>
    public const int MaxBytes = 64 << 20;

    private const int MaxFiles = 4096;

    /// <summary>Parses an index.</summary>
    /// <returns>The index, or null when the text is none.</returns>
    public static WeightIndex? Parse(ReadOnlySpan<byte> json)
    {
        if (json.Length > MaxBytes) return null;
        try
        {
            var files = new SortedSet<string>(StringComparer.Ordinal);
            long? total = null;
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 16 });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("weight_map"u8)) ReadMap(ref reader, files);
                else if (reader.ValueTextEquals("metadata"u8)) total = ReadTotal(ref reader);
                else Pass(ref reader);
            }

            return files.Count is > 0 and <= MaxFiles ? new WeightIndex([.. files], total) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static void ReadMap(ref Utf8JsonReader reader, SortedSet<string> files)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException("weight_map is no object");
        string? last = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            reader.Read();
            // Neighbours mostly lie in one file: the text is made once for all of them.
            if (last is not null && reader.ValueTextEquals(last)) continue;
            last = reader.GetString() ?? throw new JsonException("a file has no name");
            files.Add(last);
            if (files.Count > MaxFiles) throw new JsonException("too many files");
        }
    }

    private static long? ReadTotal(ref Utf8JsonReader reader)
    {
        long? total = null;
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return null;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var wanted = reader.ValueTextEquals("total_size"u8);
            reader.Read();
            if (wanted && reader.TokenType == JsonTokenType.Number) total = reader.TryGetInt64(out var whole) ? whole : reader.TryGetDouble(out var real) && real is > 0 and < 1e16 ? (long)real : null;
            else reader.Skip();
        }

        return total is > 0 ? total : null;
    }

    private static void Pass(ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
    }
}
