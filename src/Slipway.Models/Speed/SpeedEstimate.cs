using System.Runtime.InteropServices;
using Slipway.Models.Speed.Learning;

namespace Slipway.Models.Speed;

/// <summary>How fast a replica will be, with a band and its reasons.</summary>
public sealed record SpeedEstimate
{
    /// <summary>Seconds until the first token of an answer, with the wait behind other prompts; without the queue that forms when more is asked than fits.</summary>
    public required Band FirstTokenSeconds { get; init; }

    /// <summary>Seconds between two tokens of an answer, other prompts' share included.</summary>
    public required Band InterTokenSeconds { get; init; }

    /// <summary>Tokens a second that one user sees while an answer is written.</summary>
    public Band TokensPerUser => InterTokenSeconds.Inverse();

    /// <summary>Tokens of answers a second that the replica gives.</summary>
    public required Band OutputTokensPerSecond { get; init; }

    /// <summary>Tokens of prompts a second that the replica takes in at the same time.</summary>
    public required Band PromptTokensPerSecond { get; init; }

    /// <summary>Sequences that run at once: fewer than asked when memory holds no more, and then the others wait.</summary>
    public required int Running { get; init; }

    /// <summary>Seconds that the replica is busy for one token of a prompt; what a price for input tokens stands on.</summary>
    public required double SecondsPerPromptToken { get; init; }

    /// <summary>Seconds that the replica is busy for one token of an answer; what a price for output tokens stands on.</summary>
    public required double SecondsPerOutputToken { get; init; }

    /// <summary>What a step spends its time on, largest first.</summary>
    public required IReadOnlyList<SpeedPart> Parts { get; init; }

    /// <summary>Why the estimate lies outside of what was calibrated; empty when it does not. The band is wider then.</summary>
    public IReadOnlyList<string> Outside { get; init; } = [];

    /// <summary>By what measurements of the running model the estimate was corrected; null when by none.</summary>
    public SpeedCorrection? Learned { get; init; }
}

/// <summary>A figure with the range that held the truth nine times in ten where it could be checked.</summary>
/// <param name="Low">Lower end.</param>
/// <param name="Middle">The estimate.</param>
/// <param name="High">Upper end.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Band(double Low, double Middle, double High)
{
    /// <summary>A band of so many times less and more.</summary>
    public static Band Around(double middle, double factor) => new(middle / factor, middle, middle * factor);

    /// <summary>The same as a rate.</summary>
    public Band Inverse() => new(1 / High, 1 / Middle, 1 / Low);
}

/// <summary>A part of the time between two tokens.</summary>
/// <param name="Kind">What it is spent on.</param>
/// <param name="Seconds">Seconds.</param>
public sealed record SpeedPart(SpeedPartKind Kind, double Seconds);

/// <summary>What time is spent on.</summary>
public enum SpeedPartKind
{
    /// <summary>Reading weights from memory.</summary>
    Weights,

    /// <summary>Reading keys, values and states from memory.</summary>
    Cache,

    /// <summary>Arithmetic that reading does not hide.</summary>
    Compute,

    /// <summary>Exchanges between devices.</summary>
    Exchange,

    /// <summary>Launches, routing, sampling, scheduling.</summary>
    Overhead,

    /// <summary>The prompts of other requests.</summary>
    Prompts,
}
