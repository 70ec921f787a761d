using Slipway.Evaluation.Statistics;

namespace Slipway.Evaluation.Comparing;

/// <summary>
/// What a comparison has found so far; all that there is to keep, small enough for a status. A unit is a cluster: a prompt that stands alone, or a conversation, which counts once by
/// the mean of its scores.
/// </summary>
public sealed record PairedEvidence
{
    /// <summary>Units whose answers were all right or wrong.</summary>
    public PairCounts Counts { get; init; }

    /// <summary>The evidence of all units, once any had a score between right and wrong; null before: the counts say it all.</summary>
    public ScoreEvidence? Scores { get; init; }

    /// <summary>Prompts that have no score on one side or both.</summary>
    public long Missing { get; init; }

    /// <summary>Prompts asked, those that are missing among them.</summary>
    public long Prompts { get; init; }

    /// <summary>Sum of the units' scores of the model as it is.</summary>
    public double Baseline { get; init; }

    /// <summary>Sum of the units' scores of the candidate.</summary>
    public double Candidate { get; init; }

    /// <summary>Requests of the model as it is that came to nothing.</summary>
    public long BaselineFailures { get; init; }

    /// <summary>Requests of the candidate that came to nothing.</summary>
    public long CandidateFailures { get; init; }

    /// <summary>Units asked, those without a score among them.</summary>
    public long Asked { get; init; }

    /// <summary>Units judged.</summary>
    public long Units => Scores?.Samples ?? Counts.Total;

    /// <summary>The share of prompts that are missing.</summary>
    public double MissingShare => Prompts == 0 ? 0 : Missing / (double)Prompts;
}
