namespace Slipway.Web.Deployments.Traffic;

/// <summary>What a deployment did in a stretch of time: all that was asked of it, by users and by gates of rollouts.</summary>
public sealed record TrafficStretch
{
    /// <summary>When it begins.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>How long it is; shorter than others where it is not over, or where the deployment was asked for the first time within it.</summary>
    public required double Seconds { get; init; }

    /// <summary>Requests that ended.</summary>
    public long Requests { get; init; }

    /// <summary>Those of them that the deployment failed.</summary>
    public long Failures { get; init; }

    /// <summary>Those whose client went before the answer was whole.</summary>
    public long ClientsGone { get; init; }

    /// <summary>Tokens of prompts.</summary>
    public long TokensIn { get; init; }

    /// <summary>Tokens of answers.</summary>
    public long TokensOut { get; init; }

    /// <summary>Requests with an answer whose tokens nobody counted, so that <see cref="TokensOut"/> is too few.</summary>
    public long Uncounted { get; init; }

    /// <summary>The mean number of requests at once.</summary>
    public double Concurrency { get; init; }

    /// <summary>The largest number of requests at once.</summary>
    public int PeakConcurrency { get; init; }

    /// <summary>How long first tokens took; streams only.</summary>
    public TrafficLatency TimeToFirstToken { get; init; } = TrafficLatency.None;

    /// <summary>The mean time between tokens of each stream.</summary>
    public TrafficLatency InterToken { get; init; } = TrafficLatency.None;

    /// <summary>How long whole answers took, streamed or not.</summary>
    public TrafficLatency Duration { get; init; } = TrafficLatency.None;
}

/// <summary>How long things took.</summary>
/// <param name="Count">How many were timed.</param>
/// <param name="P50Seconds">The median, seconds; null of nothing.</param>
/// <param name="P90Seconds">What nine in ten did not exceed, seconds; null of nothing.</param>
public sealed record TrafficLatency(long Count, double? P50Seconds, double? P90Seconds)
{
    /// <summary>Nothing was timed.</summary>
    public static TrafficLatency None { get; } = new(0, null, null);
}
