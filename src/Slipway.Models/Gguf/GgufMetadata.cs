using System.Numerics;

namespace Slipway.Models.Gguf;

/// <summary>The few metadata values that a summary needs, kept while the rest is passed over.</summary>
internal sealed class GgufMetadata
{
    /// <summary>Longer texts are noted as present and not kept.</summary>
    public const int MaxTextBytes = 1024;

    /// <summary>A chat template is searched for what it renders; the longest seen has 30 kB.</summary>
    public const int MaxTemplateBytes = 64 * 1024;

    /// <summary>Arrays of numbers up to this length are kept: they have a value a layer.</summary>
    public const int MaxNumbers = 1024;

    private const int MaxKeptArrays = 64;

    // Real files have some forty keys; a file with more than this keeps the first ones.
    private const int MaxKept = 1024;

    private readonly Dictionary<string, long> _numbers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _arrays = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string?> _texts = new(StringComparer.Ordinal);

    private readonly Dictionary<string, IReadOnlyList<long>> _lists = new(StringComparer.Ordinal);

    public void AddNumbers(string key, IReadOnlyList<long> values)
    {
        if (_lists.Count < MaxKeptArrays) _lists[key] = values;
    }

    public void AddNumber(string key, long? value)
    {
        if (value is { } number && _numbers.Count < MaxKept) _numbers[key] = number;
    }

    public void AddText(string key, string? value)
    {
        if (_texts.Count < MaxKept) _texts[key] = value;
    }

    public void AddArray(string key, long count)
    {
        if (_arrays.Count < MaxKept) _arrays[key] = count;
    }

    /// <summary><c>general.alignment</c>: a power of two, 32 when not stated.</summary>
    public uint Alignment()
    {
        if (!_numbers.TryGetValue("general.alignment", out var alignment)) return 32;
        if (alignment is < 1 or > 1 << 20 || !BitOperations.IsPow2(alignment))
            throw GgufException.Corrupt($"general.alignment is {alignment}, which is not a sensible power of two.");
        return (uint)alignment;
    }

    public GgufSummary Summarize(uint version, long tensorCount, long parameters, long tensorBytes)
    {
        var architecture = Text("general.architecture");
        return new GgufSummary
        {
            Version = version,
            TensorCount = tensorCount,
            ParameterCount = parameters,
            TensorBytes = tensorBytes,
            Architecture = architecture,
            Name = Text("general.name"),
            Quantization = Number("general.file_type") is { } type ? GgufTypes.FileType(type) : null,
            ContextLength = Number($"{architecture}.context_length"),
            EmbeddingLength = Number($"{architecture}.embedding_length"),
            BlockCount = Number($"{architecture}.block_count"),
            HeadCount = Number($"{architecture}.attention.head_count"),
            HeadCountKv = Number($"{architecture}.attention.head_count_kv"),
            VocabularySize = _arrays.TryGetValue("tokenizer.ggml.tokens", out var tokens) ? tokens : null,
            HasChatTemplate = _texts.ContainsKey("tokenizer.chat_template"),
            ChatTemplate = _texts.GetValueOrDefault("tokenizer.chat_template"),
            Licence = Text("general.license"),
            Numbers = _numbers,
            Lists = _lists,
            SplitCount = Number("split.count") is { } splits and >= 0 and <= int.MaxValue ? (int)splits : null,
        };
    }

    private string? Text(string key) => _texts.GetValueOrDefault(key);

    private long? Number(string key) => _numbers.TryGetValue(key, out var value) ? value : null;
}
