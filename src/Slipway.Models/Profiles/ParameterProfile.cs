namespace Slipway.Models.Profiles;

/// <summary>How many weights a model has, counted as numbers (a 4-bit weight is one), in parts that add up to the total.</summary>
public sealed record ParameterProfile
{
    /// <summary>All weights of the model that serves: a draft layer for multi-token prediction, and copies in other formats, left out.</summary>
    public required Bounds Total { get; init; }

    /// <summary>Weights that one token passes through: everything but the experts that are not chosen and the input embedding's other rows are still counted.</summary>
    public required Bounds Active { get; init; }

    /// <summary>Weights of the input embedding table; with tied embeddings the output layer is the same.</summary>
    public long Embedding { get; init; }

    /// <summary>Weights of an output layer of its own; 0 with tied embeddings.</summary>
    public long OutputLayer { get; init; }

    /// <summary>Weights of all routed experts together; 0 for a dense model.</summary>
    public long RoutedExperts { get; init; }

    /// <summary>Weights of vision and audio towers with their projectors.</summary>
    public long Encoders { get; init; }

    /// <summary>Weights of a draft layer for multi-token prediction that lies beside the model; not part of <see cref="Total"/>. <c>null</c> when unknown.</summary>
    public long? Draft { get; init; }

    /// <summary>Whether the counts come from the weight files, or are computed from the architecture's numbers.</summary>
    public required ParameterSource Source { get; init; }
}

/// <summary>Where a count of weights comes from.</summary>
public enum ParameterSource
{
    /// <summary>Summed over the tensors of the weight files' headers.</summary>
    WeightFiles,

    /// <summary>Computed from config.json for an architecture whose tensors are known one by one.</summary>
    Architecture,

    /// <summary>Bounded from config.json, since the architecture is not known.</summary>
    Bounded,
}
