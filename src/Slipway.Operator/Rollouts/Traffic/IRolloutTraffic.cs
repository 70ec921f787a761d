using Slipway.Api.Rollouts;
using Slipway.Kubernetes.Objects;

namespace Slipway.Operator.Rollouts.Traffic;

/// <summary>What was seen of users' requests; those of gates do not count.</summary>
public interface IRolloutTraffic
{
    /// <summary>Looks, where what is known is not of this moment: what is asked for after it is.</summary>
    /// <param name="deployments">The deployments that will be asked for.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task LookAsync(IReadOnlyCollection<NamespacedName> deployments, CancellationToken cancellationToken);

    /// <summary>The requests that a deployment answered since this process began to look.</summary>
    /// <param name="deployment">The deployment.</param>
    SeenTraffic Seen(NamespacedName deployment);

    /// <summary>How long a deployment's answers usually take.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="measure">What is timed.</param>
    /// <param name="quantile">The share of answers that take no longer.</param>
    /// <returns>The time, of its last requests; null when there are too few.</returns>
    TimeSpan? Usual(NamespacedName deployment, LatencyMeasure measure, double quantile);

    /// <summary>How long they usually take by the size of the request, where that can be told.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="measure">What is timed.</param>
    /// <param name="quantile">The share of answers that take no longer.</param>
    /// <returns>Smallest first, sizes with too few answers left out; nothing where sizes cannot be told.</returns>
    IReadOnlyList<SizedLimit> UsualBySize(NamespacedName deployment, LatencyMeasure measure, double quantile) => [];

    /// <summary>The limit nearest to one, and no stricter, by which answers can be counted.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="measure">What is timed.</param>
    /// <param name="seconds">The limit that is wanted.</param>
    /// <returns>Seconds; null while it is not known, or where no limit as long as that can be counted by.</returns>
    double? Countable(NamespacedName deployment, LatencyMeasure measure, double seconds);

    /// <summary>How many of a deployment's answers took longer than a limit; counted from the first time that it is asked for.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="limit">The limit.</param>
    SlowAnswers Slower(NamespacedName deployment, LatencyEvidence limit);

    /// <summary>Copies of users' requests that a candidate was asked, which are no requests of users; none where nobody copies.</summary>
    /// <param name="candidate">The candidate.</param>
    /// <param name="limits">The limits by which its answers are counted, from the first time that they are asked for.</param>
    SeenCopies Copies(NamespacedName candidate, IReadOnlyList<LatencyEvidence> limits) => SeenCopies.None;
}

/// <summary>Requests that a deployment answered since this process began to look.</summary>
/// <param name="Requests">Requests.</param>
/// <param name="Failures">Those that came to nothing.</param>
/// <param name="InFlight">Requests that it works on now.</param>
public sealed record SeenTraffic(long Requests, long Failures, int InFlight);

/// <summary>Answers that were timed since this process began to.</summary>
/// <param name="Requests">Answers.</param>
/// <param name="Slower">Those that took longer than the limit.</param>
public sealed record SlowAnswers(long Requests, long Slower);
