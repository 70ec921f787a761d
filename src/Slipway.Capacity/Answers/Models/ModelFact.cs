using System.Collections.Immutable;
using Slipway.Models.Profiles;

namespace Slipway.Capacity.Answers.Models;

/// <summary>A count that is known exactly, or only to lie between two.</summary>
/// <param name="Low">The least that it may be.</param>
/// <param name="High">The most that it may be; the same when it is known exactly.</param>
public sealed record RangeFact(long Low, long High)
{
    internal static RangeFact Of(Bounds bounds) => new(bounds.Low, bounds.High);
}

/// <summary>The experts of a mixture.</summary>
/// <param name="Total">Routed experts in a layer.</param>
/// <param name="ActivePerToken">Routed experts that a token goes through.</param>
/// <param name="Shared">Experts that every token goes through.</param>
public sealed record ExpertsFact(int Total, int ActivePerToken, int Shared);

/// <summary>How weights are packed.</summary>
/// <param name="Method">The method, as in <c>fp8</c>, <c>awq</c>, <c>gguf</c>.</param>
/// <param name="Scheme">What of it, as in <c>Q4_K_M</c>; empty where there is one only.</param>
public sealed record QuantizationFact(string Method, string Scheme);

/// <summary>What a model is, read from its own files and not from its name.</summary>
public sealed record ModelFact
{
    /// <summary>The repository, or <c>local/FOLDER</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The architecture that its configuration names.</summary>
    public required string Architecture { get; init; }

    /// <summary>Layers.</summary>
    public required int Layers { get; init; }

    /// <summary>The kind of attention, as in <c>GQA</c>.</summary>
    public required string Attention { get; init; }

    /// <summary>Parameters.</summary>
    public required RangeFact Parameters { get; init; }

    /// <summary>Parameters that a token goes through.</summary>
    public required RangeFact ActiveParameters { get; init; }

    /// <summary>Its experts; null when it has none.</summary>
    public ExpertsFact? Experts { get; init; }

    /// <summary>Bytes of its weights.</summary>
    public required RangeFact WeightBytes { get; init; }

    /// <summary>What the bytes were read from.</summary>
    public required string WeightSource { get; init; }

    /// <summary>How they are packed; null when they are not.</summary>
    public QuantizationFact? Quantization { get; init; }

    /// <summary>The type in which it computes, as in <c>bfloat16</c>; empty when it does not say.</summary>
    public required string ComputeType { get; init; }

    /// <summary>Bytes of keys and values that a token takes, in 16 bits.</summary>
    public required double KvBytesPerToken { get; init; }

    /// <summary>Most tokens of prompt and answer together; null when it does not say.</summary>
    public long? ContextLength { get; init; }

    /// <summary>Whether it has a template for conversations; null when that is not known.</summary>
    public bool? ChatTemplate { get; init; }

    /// <summary>Whether its template knows tools; null when that is not known.</summary>
    public bool? CallsTools { get; init; }

    /// <summary>Its licence's short name; null when it does not say.</summary>
    public string? Licence { get; init; }

    /// <summary>What is doubtful, in words.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>Of a profile.</summary>
    public static ModelFact Of(ModelProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        var packed = profile.Weights.Quantization;
        return new ModelFact
        {
            Id = profile.Identity.Id,
            Architecture = profile.Identity.Architecture,
            Layers = profile.Shape.Layers,
            Attention = profile.Attention.Kind,
            Parameters = RangeFact.Of(profile.Parameters.Total),
            ActiveParameters = RangeFact.Of(profile.Parameters.Active),
            Experts = profile.Experts is { } e ? new ExpertsFact(e.Total, e.ActivePerToken, e.Shared) : null,
            WeightBytes = RangeFact.Of(profile.Weights.Bytes),
            WeightSource = profile.Weights.Source.ToString(),
            Quantization = packed.IsQuantized ? new QuantizationFact(packed.Method, packed.Scheme) : null,
            ComputeType = profile.Shape.ComputeType,
            KvBytesPerToken = CacheMath.BytesPerToken(profile.Attention, KvCacheType.Bits16),
            ContextLength = profile.Context.Length,
            ChatTemplate = profile.Serving.HasChatTemplate,
            CallsTools = profile.Serving.CallsTools,
            Licence = profile.Serving.Licence,
            Notes = [.. profile.Notes.Select(static n => n.Message)],
        };
    }
}
