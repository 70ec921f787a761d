using Slipway.Models.Speed.Learning;

namespace Slipway.Capacity.Learning;

/// <summary>One look at one replica.</summary>
/// <param name="Replica">Which, unlike every other.</param>
/// <param name="Subject">What it is.</param>
/// <param name="Counters">What it has counted since it began.</param>
public sealed record ReplicaLook(string Replica, SpeedSubject Subject, EngineCounters Counters);
