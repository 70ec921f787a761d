namespace Slipway.Models.Profiles;

/// <summary>The bytes that a model's weights take in memory, in parts that add up.</summary>
public sealed record WeightProfile
{
    /// <summary>Bytes resident for the model that serves, before an engine's own layout; exact when read from headers.</summary>
    public required Bounds Bytes { get; init; }

    /// <summary>Bytes of the input embedding table.</summary>
    public long EmbeddingBytes { get; init; }

    /// <summary>Bytes of an output layer of its own; 0 with tied embeddings.</summary>
    public long OutputLayerBytes { get; init; }

    /// <summary>Bytes of all routed experts.</summary>
    public long RoutedExpertBytes { get; init; }

    /// <summary>Bytes of vision and audio towers, which engines hold whole on every rank.</summary>
    public long EncoderBytes { get; init; }

    /// <summary>Bytes of a draft layer that lies in the same files and is not loaded unless asked; not part of <see cref="Bytes"/>.</summary>
    public long DraftBytes { get; init; }

    /// <summary>Bytes of the files that belong to the chosen set; <c>null</c> when none were seen.</summary>
    public long? FileBytes { get; init; }

    /// <summary>Shares by stored type, largest first; empty when no header was read.</summary>
    public IReadOnlyList<TypeShare> Types { get; init; } = [];

    /// <summary>What the bytes were read from.</summary>
    public required WeightSource Source { get; init; }

    /// <summary>The weights' format and packing.</summary>
    public QuantizationProfile Quantization { get; init; } = QuantizationProfile.None;
}

/// <summary>Tensors of one stored type.</summary>
/// <param name="Type">The type as the file names it: <c>BF16</c>, <c>F8_E4M3</c>, <c>Q4_K</c>.</param>
/// <param name="Elements">Stored elements; a packed type holds several weights in one.</param>
/// <param name="Bytes">Bytes.</param>
public sealed record TypeShare(string Type, long Elements, long Bytes);

/// <summary>What weight bytes were read from.</summary>
public enum WeightSource
{
    /// <summary>Headers of the safetensors files: exact.</summary>
    SafetensorsHeaders,

    /// <summary>The total in model.safetensors.index.json.</summary>
    SafetensorsIndex,

    /// <summary>Header of the GGUF file: exact.</summary>
    GgufHeader,

    /// <summary>Sizes in the file listing, for formats without a readable header.</summary>
    FileSizes,

    /// <summary>Computed from the architecture's numbers.</summary>
    Architecture,
}
