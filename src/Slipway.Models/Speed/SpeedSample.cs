namespace Slipway.Models.Speed;

/// <summary>One measurement to fit constants to.</summary>
/// <param name="Terms">The work.</param>
/// <param name="InterTokenSeconds">What was measured between two tokens, seconds.</param>
/// <param name="Weight">How much it counts; measurements of one model and engine say much the same, so they share a weight.</param>
public sealed record SpeedSample(StepTerms Terms, double InterTokenSeconds, double Weight);
