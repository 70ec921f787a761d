using Slipway.Models.Memory;
using Slipway.Models.Profiles;
using Slipway.Models.Speed;

namespace Slipway.Capacity.Planning;

/// <summary>What a model is wanted for.</summary>
/// <param name="Traffic">Prompts, answers, and how many requests at once over all replicas.</param>
public sealed record PlanGoal(Traffic Traffic)
{
    /// <summary>The longest that a first token may take, seconds; null when it does not matter.</summary>
    public double? FirstTokenSeconds { get; init; }

    /// <summary>The longest that a next token may take, seconds; null when it does not matter.</summary>
    public double? InterTokenSeconds { get; init; }

    /// <summary>Tokens of answers a second that are wanted over all replicas; null when the traffic says enough.</summary>
    public double? TokensPerSecond { get; init; }

    /// <summary>The most that a month may cost, in the currency of the prices; null for no limit.</summary>
    public decimal? PerMonth { get; init; }

    /// <summary>By how much estimates of the model are off where it was measured.</summary>
    public Corrections Corrections { get; init; } = Corrections.None;

    /// <summary>The engine and its settings.</summary>
    public EngineSettings Engine { get; init; } = new();

    /// <summary>How keys and values are stored.</summary>
    public KvCacheType Cache { get; init; } = KvCacheType.Bits16;
}
