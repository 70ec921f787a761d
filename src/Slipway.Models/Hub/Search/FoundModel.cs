using Slipway.Models.Memory;

namespace Slipway.Models.Hub.Search;

/// <summary>A model as a listing describes it. What the listing does not say is null: unknown, not zero.</summary>
public sealed record FoundModel
{
    /// <summary>Repository, for example <c>Qwen/Qwen3-8B</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Its page on the hub.</summary>
    public required Uri PageAddress { get; init; }

    /// <summary>The hub's name of its task (<c>pipeline_tag</c>), for example <c>text-generation</c>.</summary>
    public string? Task { get; init; }

    /// <summary>Library that it is made for, for example <c>transformers</c>.</summary>
    public string? Library { get; init; }

    /// <summary>Tags; empty when none are listed.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Licence's short name on the hub.</summary>
    public string? Licence { get; init; }

    /// <summary>Downloads of the last 30 days, as the hub counts.</summary>
    public long? Downloads { get; init; }

    /// <summary>Likes.</summary>
    public long? Likes { get; init; }

    /// <summary>The hub's measure of recent interest; only its order means something.</summary>
    public double? TrendingScore { get; init; }

    /// <summary>When the repository was made.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>When it last changed.</summary>
    public DateTimeOffset? Modified { get; init; }

    /// <summary>Who may download it.</summary>
    public ModelAccess Access { get; init; }

    /// <summary>First entry of <c>architectures</c> in its config.json, for example <c>Qwen3ForCausalLM</c>.</summary>
    public string? Architecture { get; init; }

    /// <summary>How its weights are quantised: <c>quant_method</c> of its config.json, or <c>gguf</c>; null when not listed.</summary>
    public string? Quantisation { get; init; }

    /// <summary>Parameters, from the place that <see cref="ParametersSource"/> names.</summary>
    public long? Parameters { get; init; }

    /// <summary>Where <see cref="Parameters"/> is from, for example <c>safetensors.total</c>; null when unknown.</summary>
    public string? ParametersSource { get; init; }

    /// <summary>Bytes of the weights: elements times the size of their type, or as published; null when the types pack several weights into an element, or are not listed.</summary>
    public long? WeightBytes { get; init; }

    /// <summary>Bytes of its weights as listed, or two for each parameter where it is not packed (float16, bfloat16); null when neither is known, since how tightly others are packed is in no listing.</summary>
    public long? LeastBytes => WeightBytes ?? (Quantisation is null ? Parameters * 2 : null);

    /// <summary>What the user has to do before a download; null when nothing, or when the listing does not say.</summary>
    public string? ToDo => Access switch
    {
        ModelAccess.GatedAuto => $"Accept the terms at {PageAddress} with the account of your token (HF_TOKEN); access is given at once.",
        ModelAccess.GatedManual => $"Ask for access at {PageAddress} with the account of your token (HF_TOKEN), and wait until the author grants it.",
        ModelAccess.Private => "It is private: the token that downloads it (HF_TOKEN, or secrets.huggingFaceToken in the manifest) must be of a member.",
        _ => null,
    };

    /// <summary>Whether the weights are of a format that an engine reads: GGUF for llama.cpp, safetensors for the others.</summary>
    /// <returns>Null when no tags are listed. That the engine knows the architecture is not said by it.</returns>
    public bool? HasFormatFor(ServingEngine engine) => Tags.Count == 0 ? null : Tags.Contains(engine == ServingEngine.LlamaCpp ? "gguf" : "safetensors");
}
