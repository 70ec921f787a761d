using Slipway.Api.Rollouts;
using Slipway.Evaluation.Comparing;
using Slipway.Evaluation.Statistics;

namespace Slipway.Operator.Rollouts;

/// <summary>The evidence of a comparison as a rollout's status keeps it, and back. Pure.</summary>
internal static class GateEvidence
{
    public const string Running = "Running", Pass = "Pass", Fail = "Fail", Undecided = "Undecided";

    /// <summary>When a gate is looked at; null for one that is decided by betting.</summary>
    public static PlannedLooks? Looks(GateStatus status, NonInferiority test) => PlannedLooks.Of(status.Method.Test(), status.Looks, test, status.Total);

    public static PairedEvidence Read(GateStatus status) => new()
    {
        Counts = new PairCounts(status.Better, status.Same, status.Worse),
        Scores = status is { GradedSamples: { } samples, GradedSum: { } sum, GradedPass: { } pass, GradedFail: { } fail } ? new ScoreEvidence(samples, sum, [.. pass], [.. fail]) { Squares = status.GradedSquares ?? 0 } : null,
        Asked = status.Asked,
        Missing = status.Missing,
        Prompts = status.Prompts,
        Baseline = status.BaselineSum,
        Candidate = status.CandidateSum,
        BaselineFailures = status.BaselineFailures,
        CandidateFailures = status.CandidateFailures,
    };

    /// <param name="status">The status so far.</param>
    /// <param name="asked">Units that are behind it.</param>
    /// <param name="evidence">What they showed.</param>
    /// <param name="state">What that comes to.</param>
    public static GateStatus Write(GateStatus status, long asked, PairedEvidence evidence, ComparisonState state) => status with
    {
        Asked = asked,
        Better = evidence.Counts.Better,
        Same = evidence.Counts.Same,
        Worse = evidence.Counts.Worse,
        Missing = evidence.Missing,
        Prompts = evidence.Prompts,
        BaselineSum = evidence.Baseline,
        CandidateSum = evidence.Candidate,
        BaselineFailures = evidence.BaselineFailures,
        CandidateFailures = evidence.CandidateFailures,
        GradedSamples = evidence.Scores?.Samples,
        GradedSum = evidence.Scores?.Sum,
        GradedSquares = evidence.Scores?.Squares,
        GradedPass = evidence.Scores?.Pass.ToArray(),
        GradedFail = evidence.Scores?.Fail.ToArray(),
        PassEvidence = Share(state.Judgement.LogPass, status.Alpha),
        FailEvidence = Share(state.Judgement.LogFail, status.AlphaFail),
        Verdict = state.Verdict switch
        {
            Verdict.Pass => Pass,
            Verdict.Fail => Fail,
            _ => asked >= status.Total ? Undecided : Running,
        },
        Reason = state.Reason,
    };

    /// <summary>Evidence as a share of what decides.</summary>
    public static double Share(double log, double alpha) => Math.Round(Math.Clamp(log / -Math.Log(alpha), 0, 1), 3);
}
