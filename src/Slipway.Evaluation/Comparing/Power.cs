using Slipway.Evaluation.Statistics;

namespace Slipway.Evaluation.Comparing;

/// <summary>What a comparison of so many prompts can show, said before and after it.</summary>
public static class Power
{
    /// <summary>The share of pairs that are taken to differ before any are known: between what equal copies show at temperature 0 and what another quantisation does.</summary>
    public const double AssumedDiscordance = 0.05;

    // Pairs that the test by betting takes at the median, beside a test fixed beforehand: bench/results/evaluation.md.
    private const double Betting = 1.2;

    // What several looks cost beside one, likewise.
    private const double Looks = 1.05;

    // Where hardly any pair differs, it is the equal answers that have to pass; the smallest number that does.
    private static long LeastPairs(double margin, double alpha, TestMethod method, int? looks)
    {
        // The z of n equal pairs is sqrt(n m / (1 - m)): see GroupSequential.Z.
        if (method is not TestMethod.Betting) return (long)Math.Ceiling(Math.Pow(GroupSequential.Of(PlannedLooks.Count(method, looks), alpha).Constant, 2) * (1 - margin) / margin);
        var test = new NonInferiority(Math.Min(margin, 0.999), alpha);
        var (low, high) = (0L, 1L);
        while (test.Judge(new PairCounts(0, high, 0)).Verdict is not Verdict.Pass) (low, high) = (high, high * 2);
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            if (test.Judge(new PairCounts(0, middle, 0)).Verdict is Verdict.Pass) high = middle;
            else low = middle;
        }

        return high;
    }

    /// <summary>Pairs that it takes to show that a candidate is no worse, when it is so much better or worse.</summary>
    /// <param name="test">The test.</param>
    /// <param name="discordance">The share of pairs that differ.</param>
    /// <param name="difference">The true difference.</param>
    /// <param name="method">How it is decided.</param>
    /// <param name="looks">Looks that are planned, where the method asks.</param>
    /// <returns>The pairs; null when no number will do, since the candidate is at the margin or beyond.</returns>
    public static long? PairsToPass(NonInferiority test, double discordance, double difference = 0, TestMethod method = TestMethod.Betting, int? looks = null)
    {
        ArgumentNullException.ThrowIfNull(test);
        if (test.Margin + difference <= 0) return null;
        var factor = method switch { TestMethod.Betting => Betting, TestMethod.GroupSequential => Looks, _ => 1 };
        var spread = factor * SampleSize.Pairs(Math.Max(discordance, difference * difference), test.Margin, difference, test.Alpha);
        return (long)Math.Ceiling(Math.Max(spread, LeastPairs(test.Margin + difference, test.Alpha, method, looks)));
    }

    /// <summary>The smallest margin that so many pairs can show, when both are equally good.</summary>
    /// <param name="pairs">Pairs.</param>
    /// <param name="discordance">The share that differ.</param>
    /// <param name="alpha">The chance of a false pass.</param>
    /// <param name="method">How it is decided.</param>
    /// <param name="looks">Looks that are planned, where the method asks.</param>
    public static double DetectableMargin(long pairs, double discordance, double alpha, TestMethod method = TestMethod.Betting, int? looks = null)
    {
        var (low, high) = (0.0001, 0.9999);
        for (var i = 0; i < 40; i++)
        {
            var middle = (low + high) / 2;
            if (PairsToPass(new NonInferiority(middle, alpha), discordance, 0, method, looks) <= pairs) high = middle;
            else low = middle;
        }

        return high;
    }

    /// <summary>What a comparison lacks to show what it asks for.</summary>
    /// <param name="test">The test.</param>
    /// <param name="pairs">The pairs that there are.</param>
    /// <param name="discordance">The share that differ; null for <see cref="AssumedDiscordance"/>.</param>
    /// <param name="method">How it is decided.</param>
    /// <param name="looks">Looks that are planned, where the method asks.</param>
    /// <returns>What it lacks; null when the pairs are enough.</returns>
    public static Shortfall? Short(NonInferiority test, long pairs, double? discordance = null, TestMethod method = TestMethod.Betting, int? looks = null)
    {
        var share = discordance ?? AssumedDiscordance;
        var needed = PairsToPass(test, share, 0, method, looks)!.Value;
        // Up, so that the margin that is named is one that will do.
        return needed <= pairs ? null : new Shortfall(needed, Math.Ceiling(DetectableMargin(pairs, share, test.Alpha, method, looks) * 1000) / 1000);
    }

    /// <summary>How many more pairs a comparison would take that was not decided.</summary>
    /// <param name="test">The test.</param>
    /// <param name="evidence">What it found.</param>
    /// <returns>The pairs; null when what was measured is too near the margin to ever tell.</returns>
    public static long? More(NonInferiority test, PairedEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(test);
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Units == 0) return null;
        var difference = (evidence.Candidate - evidence.Baseline) / evidence.Units;
        var discordance = Math.Max(0.01, evidence.Counts.Total == 0 ? 0.25 : evidence.Counts.Discordance);
        var distance = Math.Abs(test.Margin + difference);
        // Nearer than a tenth of the margin, it would take a hundred times what the margin itself takes.
        if (distance < test.Margin / 10) return null;
        var pairs = Betting * SampleSize.Pairs(Math.Max(discordance, difference * difference), distance, 0, difference > -test.Margin ? test.Alpha : test.AlphaFail);
        return Math.Max(1, (long)Math.Ceiling(pairs) - evidence.Units);
    }
}

/// <summary>What a comparison lacks.</summary>
/// <param name="Needed">Pairs that it would take for its margin.</param>
/// <param name="Margin">The smallest margin that the pairs can show, in thousandths.</param>
public sealed record Shortfall(long Needed, double Margin);
