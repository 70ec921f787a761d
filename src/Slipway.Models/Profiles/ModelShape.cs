namespace Slipway.Models.Profiles;

/// <summary>The widths of a model's language part. A width that the files do not state is <c>null</c>.</summary>
public sealed record ModelShape
{
    /// <summary>Layers, of whatever kind; a draft layer for multi-token prediction is not one of them.</summary>
    public required int Layers { get; init; }

    /// <summary>Width of the hidden state.</summary>
    public int? HiddenSize { get; init; }

    /// <summary>Rows of the embedding table: the width of the logits.</summary>
    public int? VocabularySize { get; init; }

    /// <summary>Inner width of a dense feed-forward block.</summary>
    public int? IntermediateSize { get; init; }

    /// <summary>Whether the output layer is the embedding table itself, held once; <c>null</c> when the files do not say.</summary>
    public bool? TiedEmbeddings { get; init; }

    /// <summary>The type that the model computes in, as in <c>bfloat16</c>; empty when the files do not say.</summary>
    public string ComputeType { get; init; } = "";
}
