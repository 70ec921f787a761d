using Slipway.Api.Rollouts;
using Slipway.Kubernetes.Objects;

namespace Slipway.Operator.Rollouts;

/// <summary>What a gateway saw of users' requests; those of gates do not count.</summary>
public interface IRolloutTraffic
{
    /// <summary>The requests that a deployment answered since this process began.</summary>
    /// <param name="deployment">The deployment.</param>
    SeenTraffic Seen(NamespacedName deployment);

    /// <summary>How long a deployment's answers usually take.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="measure">What is timed.</param>
    /// <param name="quantile">The share of answers that take no longer.</param>
    /// <returns>The time, of its last requests; null when there are too few.</returns>
    TimeSpan? Usual(NamespacedName deployment, LatencyMeasure measure, double quantile);

    /// <summary>How many of a deployment's answers took longer than a limit; counted from the first time that it is asked for.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="measure">What is timed.</param>
    /// <param name="limitSeconds">The limit.</param>
    SlowAnswers Slower(NamespacedName deployment, LatencyMeasure measure, double limitSeconds);
}

/// <summary>Requests that a deployment answered since this process began.</summary>
/// <param name="Requests">Requests.</param>
/// <param name="Failures">Those that came to nothing.</param>
/// <param name="InFlight">Requests that it works on now.</param>
public sealed record SeenTraffic(long Requests, long Failures, int InFlight);

/// <summary>Answers that were timed since this process began to.</summary>
/// <param name="Requests">Answers.</param>
/// <param name="Slower">Those that took longer than the limit.</param>
public sealed record SlowAnswers(long Requests, long Slower);
