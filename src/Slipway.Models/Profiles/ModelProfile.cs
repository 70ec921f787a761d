namespace Slipway.Models.Profiles;

/// <summary>What a model is, as its own files say: enough to tell memory, speed and cost before it runs.</summary>
/// <remarks>Immutable. Read by the profiler from config.json, weight headers and tokenizer files; never concluded from the model's name.</remarks>
public sealed record ModelProfile
{
    /// <summary>Which model, and what it is made for.</summary>
    public required ModelIdentity Identity { get; init; }

    /// <summary>Layers and widths.</summary>
    public required ModelShape Shape { get; init; }

    /// <summary>Heads, and what each layer keeps of a sequence.</summary>
    public required AttentionProfile Attention { get; init; }

    /// <summary>Experts; <c>null</c> for a dense model.</summary>
    public ExpertProfile? Experts { get; init; }

    /// <summary>How many weights.</summary>
    public required ParameterProfile Parameters { get; init; }

    /// <summary>How many bytes of them.</summary>
    public required WeightProfile Weights { get; init; }

    /// <summary>How long a sequence it takes.</summary>
    public ContextProfile Context { get; init; } = new();

    /// <summary>Vision and audio towers.</summary>
    public IReadOnlyList<EncoderProfile> Encoders { get; init; } = [];

    /// <summary>Chat template, tools, licence.</summary>
    public ServingTraits Serving { get; init; } = new();

    /// <summary>What is bounded, unknown or was left out, and why.</summary>
    public IReadOnlyList<ProfileNote> Notes { get; init; } = [];
}
