namespace Slipway.Models.Speed.Learning;

/// <summary>By how much the estimates of a model are off where it runs.</summary>
/// <param name="InterToken">Measured over estimated time between tokens.</param>
/// <param name="FirstToken">Measured over estimated time to the first token.</param>
/// <param name="Requests">Requests behind it.</param>
/// <param name="Last">When the last of them was seen.</param>
public sealed record SpeedCorrection(double InterToken, double FirstToken, long Requests, DateTimeOffset Last);
