using Slipway.Models.Speed.Learning;

namespace Slipway.Capacity.Answers.Models;

/// <summary>How fast a model was where it runs, under one load.</summary>
/// <param name="Device">The key of the accelerator, or of whatever else it ran on.</param>
/// <param name="Engine">The engine.</param>
/// <param name="Devices">Devices of a replica.</param>
/// <param name="PromptTokens">Mean tokens of a prompt.</param>
/// <param name="OutputTokens">Mean tokens of an answer.</param>
/// <param name="Running">Requests that a replica worked on at once.</param>
/// <param name="FirstTokenSeconds">Mean seconds to the first token; null where the engine does not count them.</param>
/// <param name="InterTokenSeconds">Mean seconds between two tokens of one answer.</param>
/// <param name="TokensPerSecondPerUser">Tokens a second of one answer.</param>
/// <param name="Requests">Requests behind it.</param>
/// <param name="Last">When the last of them was seen.</param>
public sealed record MeasuredFact(
    string Device, string Engine, int Devices, double PromptTokens, double OutputTokens, double Running, double? FirstTokenSeconds, double InterTokenSeconds, double TokensPerSecondPerUser,
    long Requests, DateTimeOffset Last)
{
    /// <summary>Of an observation.</summary>
    public static MeasuredFact Of(SpeedObservation seen)
    {
        ArgumentNullException.ThrowIfNull(seen);
        return new(
            seen.Device, seen.Engine.ToString(), seen.Layout.Devices, seen.PromptTokens, seen.OutputTokens, seen.Running, seen.FirstTokenSeconds, seen.InterTokenSeconds, 1 / seen.InterTokenSeconds,
            seen.Requests, seen.Last);
    }
}
