namespace Slipway.Models.Gguf;

/// <summary>What a GGUF file says about the model in it, read from its header alone.</summary>
/// <remarks>The format: <see href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md"/>. A value that the file does not state is null.</remarks>
public sealed record GgufSummary
{
    /// <summary>Version of the container format: 2 or 3.</summary>
    public required uint Version { get; init; }

    /// <summary>Number of tensors in this file.</summary>
    public required long TensorCount { get; init; }

    /// <summary>Number of weights in this file: the sum of the tensors' elements.</summary>
    public required long ParameterCount { get; init; }

    /// <summary>Bytes that the tensors occupy, without header and padding.</summary>
    public required long TensorBytes { get; init; }

    /// <summary><c>general.architecture</c>, for example <c>llama</c> or <c>qwen3</c>.</summary>
    public string? Architecture { get; init; }

    /// <summary><c>general.name</c>.</summary>
    public string? Name { get; init; }

    /// <summary>The quantisation that the file as a whole claims, for example <c>Q4_K_M</c> (<c>general.file_type</c>).</summary>
    public string? Quantization { get; init; }

    /// <summary>Tokens of context that the model was trained for.</summary>
    public long? ContextLength { get; init; }

    /// <summary>Width of the hidden state.</summary>
    public long? EmbeddingLength { get; init; }

    /// <summary>Number of layers.</summary>
    public long? BlockCount { get; init; }

    /// <summary>Attention heads a layer.</summary>
    public long? HeadCount { get; init; }

    /// <summary>Key-value heads a layer; fewer than <see cref="HeadCount"/> with grouped-query attention.</summary>
    public long? HeadCountKv { get; init; }

    /// <summary>Number of tokens in the vocabulary.</summary>
    public long? VocabularySize { get; init; }

    /// <summary>Whether the file carries a chat template.</summary>
    public bool HasChatTemplate { get; init; }

    /// <summary>The chat template; <c>null</c> when there is none, or it is longer than 64 kB.</summary>
    public string? ChatTemplate { get; init; }

    /// <summary><c>general.license</c>.</summary>
    public string? Licence { get; init; }

    /// <summary>Every whole number of the metadata by its key, the architecture's own among them.</summary>
    public IReadOnlyDictionary<string, long> Numbers { get; init; } = new Dictionary<string, long>(StringComparer.Ordinal);

    /// <summary>Short lists of numbers by their key: hybrid models give a value a layer.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<long>> Lists { get; init; } = new Dictionary<string, IReadOnlyList<long>>(StringComparer.Ordinal);

    /// <summary>The tensors added up by type and part.</summary>
    public GgufParts Parts { get; init; } = new();

    /// <summary>Number of files that the model is split over; null or 1 when it is whole.</summary>
    public int? SplitCount { get; init; }
}
