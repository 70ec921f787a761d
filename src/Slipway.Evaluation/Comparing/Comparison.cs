using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Running;
using Slipway.Evaluation.Statistics;
using Slipway.Evaluation.Suites;

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
    private readonly long _least;
    private readonly List<(double Baseline, double Candidate)> _open = [];
    private string? _cluster;

    /// <summary>Makes one.</summary>
    /// <param name="test">The test.</param>
    /// <param name="least">Units before which nothing is decided.</param>
    /// <param name="evidence">What an earlier process found; null to begin.</param>
    public Comparison(NonInferiority test, long least = 0, PairedEvidence? evidence = null)
    {
        ArgumentNullException.ThrowIfNull(test);
        (_test, _least) = (test, least);
        Evidence = evidence ?? new PairedEvidence();
        State = Look();
    }

    /// <summary>What was found so far.</summary>
    public PairedEvidence Evidence { get; private set; }

    /// <summary>What it shows.</summary>
    public ComparisonState State { get; private set; }

    /// <summary>Takes in a prompt's results; prompts of one cluster come one after the other.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="baseline">What the model as it is made of it.</param>
    /// <param name="candidate">What the candidate did.</param>
    public ComparisonState Add(Prompt prompt, PromptResult baseline, PromptResult candidate)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentNullException.ThrowIfNull(baseline);
        ArgumentNullException.ThrowIfNull(candidate);
        if (_cluster != prompt.Cluster) Close();
        _cluster = prompt.Cluster;
        Evidence = Evidence with
        {
            Prompts = Evidence.Prompts + 1,
            Missing = Evidence.Missing + (baseline.IsMissing || candidate.IsMissing ? 1 : 0),
            BaselineFailures = Evidence.BaselineFailures + Failed(baseline),
            CandidateFailures = Evidence.CandidateFailures + Failed(candidate),
        };
        if (baseline.Score is { } b && candidate.Score is { } c) _open.Add((b, c));
        // A cluster of one is known to be whole.
        if (prompt.Cluster == prompt.Id) Close();
        return State;
    }

    /// <summary>Takes in the last cluster: nothing more comes.</summary>
    public ComparisonState Finish()
    {
        Close();
        return State = Look();
    }

    private static int Failed(PromptResult result) => result.Answer.Failure is { Kind: not FailureKind.Infrastructure } ? 1 : 0;

    private void Close()
    {
        _cluster = null;
        if (_open.Count == 0) return;
        var (baseline, candidate) = (_open.Average(static o => o.Baseline), _open.Average(static o => o.Candidate));
        _open.Clear();
        var binary = baseline is 0 or 1 && candidate is 0 or 1;
        var scores = Evidence.Scores ?? (binary ? null : FromCounts(Evidence.Counts));
        Evidence = Evidence with
        {
            Counts = binary ? Evidence.Counts.With(baseline is 1, candidate is 1) : Evidence.Counts,
            Scores = scores is null ? null : _test.After(scores, baseline, candidate),
            Baseline = Evidence.Baseline + baseline,
            Candidate = Evidence.Candidate + candidate,
        };
        State = Look();
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
        var judgement = Evidence.Scores is { } scores ? _test.Judge(scores, _least) : _test.Judge(Evidence.Counts, _least);
        // A verdict once reached stands, whatever comes after it.
        if (State is { Verdict: not Verdict.Undecided } decided) return decided with { Judgement = judgement };
        return judgement.Verdict is Verdict.Pass && Evidence.MissingShare > MostMissing
            ? new(judgement, Verdict.Undecided, FormattableString.Invariant($"{Evidence.Missing} of {Evidence.Prompts} prompts are missing, above {MostMissing * 100:0} in 100: what is missing may be just what would have failed"))
            : new(judgement, judgement.Verdict, judgement.Reason);
    }
}
