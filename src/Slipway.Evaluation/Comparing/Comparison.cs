using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Running;
using Slipway.Evaluation.Statistics;

namespace Slipway.Evaluation.Comparing;

/// <summary>What a comparison shows at one moment.</summary>
/// <param name="Judgement">What the test says.</param>
/// <param name="Verdict">The verdict that counts: the first one that was reached. A test may be looked at all the time because it ends there.</param>
/// <param name="Reason">Why, in words; of the moment of the verdict.</param>
public sealed record ComparisonState(Judgement Judgement, Verdict Verdict, string Reason);

/// <summary>Compares two models on the same prompts, as they come in.</summary>
public sealed class Comparison
{
    /// <summary>Above this share of missing prompts nothing passes: what is missing may be just what would have failed.</summary>
    public const double MostMissing = 0.05;

    private readonly NonInferiority _test;
    private readonly PlannedLooks? _looks;
    private readonly long _least;

    /// <summary>Makes one.</summary>
    /// <param name="test">The test.</param>
    /// <param name="least">Units before which nothing is decided.</param>
    /// <param name="evidence">What an earlier process found; null to begin.</param>
    /// <param name="looks">When it is looked at; null for a test by betting, after every unit.</param>
    public Comparison(NonInferiority test, long least = 0, PairedEvidence? evidence = null, PlannedLooks? looks = null)
    {
        ArgumentNullException.ThrowIfNull(test);
        (_test, _least, _looks) = (test, least, looks);
        Evidence = evidence ?? new PairedEvidence();
        State = Look();
    }

    /// <summary>What was found so far.</summary>
    public PairedEvidence Evidence { get; private set; }

    /// <summary>What it shows.</summary>
    public ComparisonState State { get; private set; }

    /// <summary>Takes in a unit: what both made of a prompt, or of all prompts of a cluster, which count once by the mean of those that have scores on both sides.</summary>
    /// <param name="unit">The results.</param>
    public ComparisonState Add(params IReadOnlyCollection<(PromptResult Baseline, PromptResult Candidate)> unit)
    {
        ArgumentNullException.ThrowIfNull(unit);
        Evidence = Evidence with
        {
            Asked = Evidence.Asked + 1,
            Prompts = Evidence.Prompts + unit.Count,
            Missing = Evidence.Missing + unit.Count(static p => p.Baseline.IsMissing || p.Candidate.IsMissing),
            BaselineFailures = Evidence.BaselineFailures + unit.Count(static p => Failed(p.Baseline)),
            CandidateFailures = Evidence.CandidateFailures + unit.Count(static p => Failed(p.Candidate)),
        };
        var scored = unit.Where(static p => !p.Baseline.IsMissing && !p.Candidate.IsMissing).ToArray();
        if (scored.Length > 0) Take(scored.Average(static p => p.Baseline.Score!.Value), scored.Average(static p => p.Candidate.Score!.Value));
        return State = Look();
    }

    private static bool Failed(PromptResult result) => result.Answer.Failure is { Kind: not FailureKind.Infrastructure };

    private void Take(double baseline, double candidate)
    {
        var binary = baseline is 0 or 1 && candidate is 0 or 1;
        var scores = Evidence.Scores ?? (binary ? null : FromCounts(Evidence.Counts));
        Evidence = Evidence with
        {
            Counts = binary ? Evidence.Counts.With(baseline is 1, candidate is 1) : Evidence.Counts,
            Scores = scores is null ? null : _test.After(scores, baseline, candidate),
            Baseline = Evidence.Baseline + baseline,
            Candidate = Evidence.Candidate + candidate,
        };
    }

    private ScoreEvidence FromCounts(PairCounts counts)
    {
        var evidence = NonInferiority.Start;
        for (var i = 0L; i < counts.Better; i++) evidence = _test.After(evidence, 0, 1);
        for (var i = 0L; i < counts.Same; i++) evidence = _test.After(evidence, 0, 0);
        for (var i = 0L; i < counts.Worse; i++) evidence = _test.After(evidence, 1, 0);
        return evidence;
    }

    private ComparisonState Look()
    {
        var judgement = _looks is { } plan ? plan.Judge(Evidence) : Evidence.Scores is { } scores ? _test.Judge(scores, _least) : _test.Judge(Evidence.Counts, _least);
        // A verdict once reached stands, whatever comes after it.
        if (State is { Verdict: not Verdict.Undecided } decided) return decided with { Judgement = judgement };
        // Load that meets one side alone, for one.
        if (judgement.Verdict is Verdict.Pass && Evidence.BaselineFailures > MostMissing * Evidence.Prompts)
            return new(judgement, Verdict.Undecided, FormattableString.Invariant($"{Evidence.BaselineFailures} of {Evidence.Prompts} requests of the model as it is came to nothing, above {MostMissing * 100:0} in 100: to be better than one that does not answer shows nothing"));
        return judgement.Verdict is Verdict.Pass && Evidence.MissingShare > MostMissing
            ? new(judgement, Verdict.Undecided, FormattableString.Invariant($"{Evidence.Missing} of {Evidence.Prompts} prompts are missing, above {MostMissing * 100:0} in 100: what is missing may be just what would have failed"))
            : new(judgement, judgement.Verdict, judgement.Reason);
    }
}
