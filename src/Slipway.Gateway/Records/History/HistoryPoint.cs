namespace Slipway.Gateway.Records.History;

/// <summary>
/// What a deployment did in a stretch of time: all that was asked of it, users and gates alike. A request counts where it ended; what it had running counts where it ran.
/// </summary>
public sealed record HistoryPoint
{
    /// <summary>When the stretch begins.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>How long it is: shorter than others where it is not over, or where the deployment became known within it. Divide counts by this.</summary>
    public required TimeSpan Length { get; init; }

    /// <summary>Requests that ended.</summary>
    public long Requests { get; init; }

    /// <summary>Those of them that the deployment failed (<see cref="RequestOutcomes.IsFailure"/>).</summary>
    public long Failures { get; init; }

    /// <summary>Those whose client went before the answer was whole.</summary>
    public long ClientsGone { get; init; }

    /// <summary>Tokens of prompts, where engines said how many.</summary>
    public long TokensIn { get; init; }

    /// <summary>Tokens of answers, as said by engines or counted by events.</summary>
    public long TokensOut { get; init; }

    /// <summary>Requests with an answer whose tokens nobody counted, so that <see cref="TokensOut"/> is too few.</summary>
    public long Uncounted { get; init; }

    /// <summary>The mean number of requests that were in work at once.</summary>
    public double Concurrency { get; init; }

    /// <summary>The largest number of requests that were in work at once.</summary>
    public int PeakConcurrency { get; init; }

    /// <summary>How long first tokens took: streams.</summary>
    public Latencies TimeToFirstToken { get; init; } = Latencies.None;

    /// <summary>The mean time between tokens of each stream.</summary>
    public Latencies InterToken { get; init; } = Latencies.None;

    /// <summary>How long whole answers took, streamed or not: those without failure.</summary>
    public Latencies Duration { get; init; } = Latencies.None;
}
