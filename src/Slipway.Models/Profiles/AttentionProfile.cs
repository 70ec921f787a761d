namespace Slipway.Models.Profiles;

/// <summary>How a model looks back at earlier tokens: what each layer keeps for it.</summary>
public sealed record AttentionProfile
{
    /// <summary>Query heads of an attention layer. Tensor parallelism must divide them.</summary>
    public required int Heads { get; init; }

    /// <summary>Key-value heads of an attention layer, the most of any; equal to <see cref="Heads"/> without grouping.</summary>
    public required int KvHeads { get; init; }

    /// <summary>Elements of one head's key; stated in the files, or hidden size divided by heads.</summary>
    public required int HeadDim { get; init; }

    /// <summary>What each layer keeps, first to last.</summary>
    public required IReadOnlyList<LayerMemory> Layers { get; init; }

    /// <summary>The family, in the field's words: <c>MHA</c>, <c>GQA</c>, <c>MQA</c>, <c>MLA</c>, or <c>hybrid</c> when layers differ.</summary>
    public string Kind
    {
        get
        {
            var kinds = Layers.Where(static l => l is not LayerMemory.None).Select(static l => l.GetType()).Distinct().Count();
            if (kinds > 1) return "hybrid";
            if (Layers.Any(static l => l is LayerMemory.Latent)) return "MLA";
            return KvHeads == Heads ? "MHA" : KvHeads == 1 ? "MQA" : "GQA";
        }
    }
}
