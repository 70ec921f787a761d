namespace Slipway.Web.Rollouts;

/// <summary>What a gate found.</summary>
/// <param name="Pairs">What both sides answered, in the order asked.</param>
/// <param name="Course">How the evidence went.</param>
/// <param name="Fault">Why it cannot be read; null when it can.</param>
/// <param name="Note">What is not there and why, where that is as it should be; null for nothing.</param>
public sealed record GateFindings(IReadOnlyList<GatePair> Pairs, IReadOnlyList<CoursePoint> Course, string? Fault = null, string? Note = null);

/// <summary>The evidence after a unit.</summary>
/// <param name="Units">Units so far: prompts, or conversations that count once.</param>
/// <param name="Pass">Evidence for a pass, as a share of what decides it.</param>
/// <param name="Fail">Evidence for a failure, as a share of what decides it.</param>
public sealed record CoursePoint(long Units, double Pass, double Fail);

/// <summary>What both sides made of a prompt.</summary>
/// <param name="Prompt">The prompt's name.</param>
/// <param name="Question">The question.</param>
/// <param name="Baseline">The model as it is.</param>
/// <param name="Candidate">The candidate.</param>
public sealed record GatePair(string Prompt, string Question, PairSide Baseline, PairSide Candidate)
{
    /// <summary>Who did better.</summary>
    public PairOutcome Outcome => (Baseline.Score, Candidate.Score) switch
    {
        (null, _) or (_, null) => PairOutcome.Missing,
        var (a, b) when b > a => PairOutcome.Better,
        var (a, b) when b < a => PairOutcome.Worse,
        _ => PairOutcome.Same,
    };
}

/// <summary>What one side made of a prompt.</summary>
/// <param name="Text">The answer.</param>
/// <param name="Score">From 0 to 1; null when there is none.</param>
/// <param name="Reason">Why that score.</param>
/// <param name="Seconds">How long it took.</param>
public sealed record PairSide(string Text, double? Score, string Reason, double Seconds);

/// <summary>Who did better.</summary>
public enum PairOutcome
{
    /// <summary>The candidate did worse.</summary>
    Worse,

    /// <summary>The candidate did better.</summary>
    Better,

    /// <summary>Both did the same.</summary>
    Same,

    /// <summary>One side or both have no score.</summary>
    Missing,
}
