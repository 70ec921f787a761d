using System.Collections.Immutable;
using Slipway.Models.Speed;

namespace Slipway.Capacity.Answers.Models;

/// <summary>An estimate with its uncertainty.</summary>
/// <param name="Low">The least that is likely.</param>
/// <param name="Estimate">The estimate itself.</param>
/// <param name="High">The most that is likely.</param>
public sealed record BandFact(double Low, double Estimate, double High)
{
    internal static BandFact Of(Band band) => new(band.Low, band.Middle, band.High);
}

/// <summary>A part of the time between two tokens.</summary>
/// <param name="Kind">What takes it.</param>
/// <param name="Seconds">How long.</param>
public sealed record SpeedPartFact(string Kind, double Seconds);

/// <summary>How fast a replica would be; docs/estimates.md derives it.</summary>
/// <param name="FirstTokenSeconds">Seconds to the first token.</param>
/// <param name="InterTokenSeconds">Seconds between two tokens of one answer.</param>
/// <param name="TokensPerSecondPerUser">Tokens a second of one answer.</param>
/// <param name="OutputTokensPerSecond">Tokens of all answers a second.</param>
/// <param name="Running">Requests that run at once; others wait.</param>
/// <param name="Parts">What the time between two tokens is made of.</param>
/// <param name="Outside">In what it lies outside of what was calibrated; the band is wider then.</param>
/// <param name="LearnedFrom">Requests of the running model by whose speed the estimate was corrected; null when by none.</param>
public sealed record SpeedAnswer(
    BandFact FirstTokenSeconds, BandFact InterTokenSeconds, BandFact TokensPerSecondPerUser, BandFact OutputTokensPerSecond, double Running,
    ImmutableArray<SpeedPartFact> Parts, ImmutableArray<string> Outside, long? LearnedFrom)
{
    /// <summary>Of an estimate.</summary>
    public static SpeedAnswer Of(SpeedEstimate speed)
    {
        ArgumentNullException.ThrowIfNull(speed);
        return new SpeedAnswer(
            BandFact.Of(speed.FirstTokenSeconds), BandFact.Of(speed.InterTokenSeconds), BandFact.Of(speed.TokensPerUser), BandFact.Of(speed.OutputTokensPerSecond), speed.Running,
            [.. speed.Parts.Select(static p => new SpeedPartFact(p.Kind.ToString(), p.Seconds))], [.. speed.Outside], speed.Learned?.Requests);
    }
}
