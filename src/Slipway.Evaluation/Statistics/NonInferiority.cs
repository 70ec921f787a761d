namespace Slipway.Evaluation.Statistics;

/// <summary>What a test says.</summary>
public enum Verdict
{
    /// <summary>Not yet, or not with so few observations. Never a pass.</summary>
    Undecided,

    /// <summary>It is shown that the candidate is not worse by the margin or more.</summary>
    Pass,

    /// <summary>It is shown that the candidate is worse by more than the margin.</summary>
    Fail,
}

/// <summary>A test's verdict, with what it rests on.</summary>
/// <param name="Verdict">What it says.</param>
/// <param name="Samples">Observations.</param>
/// <param name="Estimate">The estimate: how much better the candidate is, below 0 when it is worse.</param>
/// <param name="LogPass">Evidence for a pass: its logarithm; -ln alpha decides.</param>
/// <param name="LogFail">Evidence for a failure, likewise.</param>
public sealed record Judgement(Verdict Verdict, long Samples, double Estimate, double LogPass, double LogFail)
{
    /// <summary>All that in words.</summary>
    public string Reason => FormattableString.Invariant(Words);

    // Put together when somebody reads it: tests are asked after every pair.
    internal FormattableString Words { get; init; } = $"";
}

/// <summary>
/// Is the candidate no worse than the model as it is, by more than a margin, on the same prompts? That no difference was found is no evidence of that:
/// a pass takes evidence against "worse by the margin", a failure takes evidence against "not worse by more than it", and until then nothing is known.
/// </summary>
/// <remarks>The evidence may be looked at after every pair: see <see cref="Betting"/>.</remarks>
public sealed class NonInferiority
{
    private readonly Betting _pass, _fail;

    // For a pair in which the candidate is better, the same, worse.
    private readonly (double[] Better, double[] Same, double[] Worse) _passGains, _failGains;

    /// <summary>Makes a test.</summary>
    /// <param name="margin">How much worse is still good enough: 0.02 is two prompts in a hundred. Between 0 and 1.</param>
    /// <param name="alpha">The chance of passing a candidate that is worse by the margin.</param>
    /// <param name="alphaFail">The chance of failing one that is not.</param>
    public NonInferiority(double margin, double alpha = 0.05, double alphaFail = 0.05)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(margin, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(margin, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(alpha, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(alpha, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(alphaFail, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(alphaFail, 1);
        (Margin, Alpha, AlphaFail) = (margin, alpha, alphaFail);
        // Of the difference and the margin: the sum is above 0 on average when the candidate is good enough.
        (_pass, _fail) = (new Betting(margin - 1), new Betting(-1 - margin));
        _passGains = (_pass.Gains(1 + margin), _pass.Gains(margin), _pass.Gains(margin - 1));
        _failGains = (_fail.Gains(-1 - margin), _fail.Gains(-margin), _fail.Gains(1 - margin));
    }

    /// <summary>How much worse is still good enough.</summary>
    public double Margin { get; }

    /// <summary>The chance of passing a candidate that is worse by the margin.</summary>
    public double Alpha { get; }

    /// <summary>The chance of failing one that is not worse by more than the margin.</summary>
    public double AlphaFail { get; }

    /// <summary>Judges answers that are right or wrong; the counts are all that there is to keep.</summary>
    /// <param name="counts">The pairs so far.</param>
    /// <param name="least">Pairs before which nothing is decided.</param>
    public Judgement Judge(PairCounts counts, long least = 0)
    {
        var pass = Betting.LogWealth((_passGains.Better, counts.Better), (_passGains.Same, counts.Same), (_passGains.Worse, counts.Worse));
        var fail = Betting.LogWealth((_failGains.Better, counts.Better), (_failGains.Same, counts.Same), (_failGains.Worse, counts.Worse));
        return Judge(counts.Total, counts.Difference, pass, fail, least);
    }

    /// <summary>A test of scores between 0 and 1, at its start.</summary>
    public static ScoreEvidence Start { get; } = new(0, 0, Betting.Start, Betting.Start);

    /// <summary>Takes in a pair of scores.</summary>
    /// <param name="evidence">The evidence so far.</param>
    /// <param name="baseline">The score of the model as it is, 0 to 1.</param>
    /// <param name="candidate">The candidate's.</param>
    public ScoreEvidence After(ScoreEvidence evidence, double baseline, double candidate)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        foreach (var score in (double[])[baseline, candidate])
        {
            // NaN fails both.
            if (score is not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(candidate), score, "Scores lie between 0 and 1.");
        }

        var difference = candidate - baseline;
        return new ScoreEvidence(evidence.Samples + 1, evidence.Sum + difference, _pass.After(evidence.Pass, difference + Margin), _fail.After(evidence.Fail, -difference - Margin)) { Squares = evidence.Squares + (difference * difference) };
    }

    /// <summary>Judges scores between 0 and 1.</summary>
    public Judgement Judge(ScoreEvidence evidence, long least = 0)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        return Judge(evidence.Samples, evidence.Samples == 0 ? 0 : evidence.Sum / evidence.Samples, Betting.LogWealth(evidence.Pass), Betting.LogWealth(evidence.Fail), least);
    }

    private Judgement Judge(long samples, double estimate, double pass, double fail, long least)
    {
        var verdict = samples < least ? Verdict.Undecided : pass >= -Math.Log(Alpha) ? Verdict.Pass : fail >= -Math.Log(AlphaFail) ? Verdict.Fail : Verdict.Undecided;
        FormattableString reason = verdict switch
        {
            Verdict.Pass => $"shown to be less than {Margin * 100:0.##} points worse, after {samples} pairs (measured {estimate * 100:+0.0;-0.0;0.0} points)",
            Verdict.Fail => $"shown to be more than {Margin * 100:0.##} points worse, after {samples} pairs (measured {estimate * 100:+0.0;-0.0;0.0} points)",
            _ => $"not decided after {samples} pairs: measured {estimate * 100:+0.0;-0.0;0.0} points, {Margin * 100:0.##} points worse is still good enough",
        };
        return new Judgement(verdict, samples, estimate, pass, fail) { Words = reason };
    }
}

/// <summary>The evidence of a test of scores: all that there is to keep.</summary>
/// <param name="Samples">Pairs.</param>
/// <param name="Sum">Sum of the differences.</param>
/// <param name="Pass">For each stake the logarithm of the evidence for a pass.</param>
/// <param name="Fail">For each stake the logarithm of the evidence for a failure.</param>
public sealed record ScoreEvidence(long Samples, double Sum, System.Collections.Immutable.ImmutableArray<double> Pass, System.Collections.Immutable.ImmutableArray<double> Fail)
{
    /// <summary>Sum of the squares of the differences, which planned looks go by.</summary>
    public double Squares { get; init; }
}
