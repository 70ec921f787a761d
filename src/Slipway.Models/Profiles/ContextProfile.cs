namespace Slipway.Models.Profiles;

/// <summary>How long a sequence the model takes.</summary>
public sealed record ContextProfile
{
    /// <summary>Tokens that the model takes as it is configured; <c>null</c> when the files do not say.</summary>
    public long? Length { get; init; }

    /// <summary>Tokens before scaling, where rope scaling is configured; otherwise <c>null</c>.</summary>
    public long? OriginalLength { get; init; }

    /// <summary>How rotary positions are stretched: <c>yarn</c>, <c>llama3</c>, <c>linear</c>, <c>dynamic</c>, <c>longrope</c>; empty when they are not.</summary>
    public string RopeScaling { get; init; } = "";

    /// <summary>By how much; <c>null</c> when not stated.</summary>
    public double? RopeFactor { get; init; }
}
