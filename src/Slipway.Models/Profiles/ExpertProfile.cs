namespace Slipway.Models.Profiles;

/// <summary>The experts of a mixture-of-experts model.</summary>
public sealed record ExpertProfile
{
    /// <summary>Routed experts of a layer. All must be in memory.</summary>
    public required int Total { get; init; }

    /// <summary>Routed experts that one token passes through in a layer.</summary>
    public required int ActivePerToken { get; init; }

    /// <summary>Experts of a layer that every token passes through.</summary>
    public int Shared { get; init; }

    /// <summary>Layers that have experts; the others are dense.</summary>
    public required int Layers { get; init; }

    /// <summary>Weights of one routed expert; <c>null</c> when unknown.</summary>
    public long? ParametersPerExpert { get; init; }
}
