using Slipway.Evaluation.Statistics;

namespace Slipway.Evaluation.Comparing;

/// <summary>
/// A comparison that is looked at only when that was planned: after so many units, evenly spaced, the last look after the last of them. Between looks there is no verdict, whatever was found. Which
/// look is due is told by the units asked alone, so that a process that goes on from what was kept looks neither twice nor later.
/// </summary>
/// <remarks>Each look has the boundary of O'Brien and Fleming; the chance of a false pass at any of them is alpha, for many pairs: bench/results/evaluation.md.</remarks>
public sealed class PlannedLooks
{
    /// <summary>Looks where nobody says how many.</summary>
    public const int Usual = 5;

    // Of what decides, at the most, while nothing is decided.
    private const double Nearly = 0.99;

    private readonly NonInferiority _test;
    private readonly GroupSequential _pass, _fail;

    /// <summary>Makes a plan.</summary>
    /// <param name="test">The margin, and the chances of a false pass and a false failure.</param>
    /// <param name="looks">How often it is looked at, from 1 to 20.</param>
    /// <param name="total">Units that are asked in all.</param>
    public PlannedLooks(NonInferiority test, int looks, long total)
    {
        ArgumentNullException.ThrowIfNull(test);
        ArgumentOutOfRangeException.ThrowIfLessThan(total, 1);
        (_test, Looks, Total) = (test, looks, total);
        _pass = GroupSequential.Of(looks, test.Alpha);
        _fail = GroupSequential.Of(looks, test.AlphaFail);
    }

    /// <summary>The plan of a method; null for betting, which needs none.</summary>
    /// <param name="method">The method.</param>
    /// <param name="looks">How often it is looked at, where the method asks; null for <see cref="Usual"/>.</param>
    /// <param name="test">The margin, and the chances.</param>
    /// <param name="total">Units that are asked in all; where there are none there is no plan.</param>
    public static PlannedLooks? Of(TestMethod method, int? looks, NonInferiority test, long total) => method is TestMethod.Betting || total == 0 ? null : new PlannedLooks(test, Count(method, looks), total);

    /// <summary>How often a method looks.</summary>
    internal static int Count(TestMethod method, int? looks) => method is TestMethod.Fixed ? 1 : looks ?? Usual;

    /// <summary>How often it is looked at.</summary>
    public int Looks { get; }

    /// <summary>Units that are asked in all.</summary>
    public long Total { get; }

    /// <summary>After how many units a look comes.</summary>
    /// <param name="look">The look, from 1.</param>
    public long At(int look) => ((look * Total) + Looks - 1) / Looks;

    /// <summary>Judges.</summary>
    /// <param name="evidence">What was found so far.</param>
    public Judgement Judge(PairedEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        var (z, estimate) = evidence.Scores is { } scores ? (Z(scores), scores.Samples == 0 ? 0 : scores.Sum / scores.Samples) : (GroupSequential.Z(evidence.Counts, _test.Margin), evidence.Counts.Difference);
        var passed = (int)Math.Min(Looks, evidence.Asked * Looks / Total);
        var due = passed > 0 && evidence.Asked <= Total && (evidence.Asked - 1) * Looks / Total < passed;
        var look = due ? passed : Math.Min(passed + 1, Looks);
        var (pass, fail) = (z / _pass.Boundaries[look - 1], -z / _fail.Boundaries[look - 1]);
        var verdict = !due ? Verdict.Undecided : pass >= 1 ? Verdict.Pass : fail >= 1 ? Verdict.Fail : Verdict.Undecided;
        var (points, measured, units) = (_test.Margin * 100, estimate * 100, evidence.Units);
        FormattableString words = verdict switch
        {
            Verdict.Pass => $"shown to be less than {points:0.##} points worse, at look {look} of {Looks}, after {units} pairs (measured {measured:+0.0;-0.0;0.0} points)",
            Verdict.Fail => $"shown to be more than {points:0.##} points worse, at look {look} of {Looks}, after {units} pairs (measured {measured:+0.0;-0.0;0.0} points)",
            _ when evidence.Asked >= Total => $"not decided at the last of {Looks} planned looks, after {units} pairs: measured {measured:+0.0;-0.0;0.0} points, {points:0.##} points worse is still good enough",
            _ => $"not decided after {units} pairs: measured {measured:+0.0;-0.0;0.0} points, {points:0.##} points worse is still good enough; look {passed + 1} of {Looks} comes after {At(passed + 1)}",
        };
        return new Judgement(verdict, units, estimate, Log(pass, _test.Alpha, verdict is Verdict.Pass), Log(fail, _test.AlphaFail, verdict is Verdict.Fail)) { Words = words };
    }

    // In the measure of the evidence by betting, so that it is shown in the same picture: as near to what decides as z is to the boundary of the look that comes.
    private static double Log(double share, double alpha, bool decided) => -Math.Log(alpha) * (decided ? Math.Max(share, 1) : Math.Clamp(share, 0, Nearly));

    // Scores between right and wrong. As with Tango's test the variance is that of candidates that are worse by exactly the margin, and never less than where each difference is a whole answer.
    private double Z(ScoreEvidence scores)
    {
        if (scores.Samples == 0) return 0;
        var (n, m, mean) = (scores.Samples, _test.Margin, scores.Sum / scores.Samples);
        var square = (scores.Squares / n) + (2 * m * mean) + (m * m);
        return (mean + m) * Math.Sqrt(n / Math.Max(square, m * (1 - m)));
    }
}
