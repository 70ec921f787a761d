namespace Slipway.Operator.Load;

/// <summary>How busy a deployment was at a moment, and what it cost; what is not known is null.</summary>
/// <param name="Running">Requests that its engines work on.</param>
/// <param name="Waiting">Requests that wait in them.</param>
/// <param name="CacheUse">The share of their key-value caches that is in use, 0 to 1.</param>
/// <param name="PerHour">What it costs an hour.</param>
public readonly record struct LoadSample(double? Running, double? Waiting, double? CacheUse, decimal? PerHour);

/// <summary>The same of a stretch of time.</summary>
/// <param name="Start">When it begins.</param>
/// <param name="Length">How long it is.</param>
/// <param name="Mean">The mean of each.</param>
/// <param name="PeakWaiting">Most requests that waited at a time.</param>
/// <param name="PeakCacheUse">The largest share of the caches.</param>
public sealed record LoadPoint(DateTimeOffset Start, TimeSpan Length, LoadSample Mean, double? PeakWaiting, double? PeakCacheUse);
