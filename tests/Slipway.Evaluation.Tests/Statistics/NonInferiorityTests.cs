using CsCheck;
using Slipway.Evaluation.Statistics;

namespace Slipway.Evaluation.Tests.Statistics;

public sealed class NonInferiorityTests
{
    [Fact]
    public void Without_data_nothing_is_passed()
    {
        var none = new NonInferiority(0.02).Judge(default(PairCounts));
        Assert.Equal((Verdict.Undecided, 0L, 0.0, 0.0), (none.Verdict, none.Samples, none.LogPass, none.LogFail));
        Assert.Equal(Verdict.Undecided, new NonInferiority(0.02).Judge(NonInferiority.Start).Verdict);
    }

    [Fact]
    public void The_same_answers_pass_and_no_sooner_than_there_is_evidence()
    {
        var test = new NonInferiority(0.05);
        var first = Enumerable.Range(1, 1000).First(n => test.Judge(new PairCounts(0, n, 0)).Verdict is Verdict.Pass);
        // The best stake alone would take ln 20 / ln 1.05 = 62 pairs; spread over 24 it is some more.
        Assert.InRange(first, 62, 130);
        Assert.Equal(Verdict.Undecided, test.Judge(new PairCounts(0, first, 0), least: first + 1).Verdict);
        Assert.Contains("less than 5 points worse", test.Judge(new PairCounts(0, first, 0)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_candidate_that_is_plainly_worse_fails_soon()
    {
        var failed = new NonInferiority(0.02).Judge(new PairCounts(2, 60, 38));
        Assert.Equal(Verdict.Fail, failed.Verdict);
        Assert.Contains("more than 2 points worse, after 100 pairs (measured -36.0 points)", failed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Right_and_wrong_are_scores_of_one_and_nought() => Gen.Select(Gen.Bool, Gen.Bool).Array[0, 200].Sample(static pairs =>
    {
        var test = new NonInferiority(0.03);
        var counts = pairs.Aggregate(default(PairCounts), static (c, p) => c.With(p.Item1, p.Item2));
        var evidence = pairs.Aggregate(NonInferiority.Start, (e, p) => test.After(e, p.Item1 ? 1 : 0, p.Item2 ? 1 : 0));
        var (a, b) = (test.Judge(counts), test.Judge(evidence));
        return a.Verdict == b.Verdict && a.Samples == b.Samples && Math.Abs(a.LogPass - b.LogPass) < 1e-9 && Math.Abs(a.LogFail - b.LogFail) < 1e-9 && Math.Abs(a.Estimate - b.Estimate) < 1e-12;
    });

    [Fact]
    public void More_answers_that_are_right_never_speak_against_a_candidate() => Gen.Select(Gen.Long[0, 300], Gen.Long[0, 300], Gen.Long[1, 300]).Sample(static (better, same, worse) =>
    {
        var test = new NonInferiority(0.02);
        var (before, after) = (test.Judge(new PairCounts(better, same, worse)), test.Judge(new PairCounts(better + 1, same, worse - 1)));
        return after.LogPass >= before.LogPass && after.LogFail <= before.LogFail;
    });

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    public void What_is_no_score_is_refused(double score) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new NonInferiority(0.02).After(NonInferiority.Start, 1, score));

    [Theory]
    [InlineData(0, 0.05)]
    [InlineData(1, 0.05)]
    [InlineData(0.02, 0)]
    [InlineData(0.02, 1)]
    public void A_test_that_makes_no_sense_is_refused(double margin, double alpha) => Assert.Throws<ArgumentOutOfRangeException>(() => new NonInferiority(margin, alpha));

    // At the boundary: the candidate is worse by exactly the margin, and somebody looks after every pair.
    [Fact]
    public void Looking_after_every_pair_passes_no_more_than_the_level_and_the_naive_test_many_times_it()
    {
        const int Runs = 2000, Pairs = 1000;
        var (test, random) = (new NonInferiority(0.05), new SeededRandom(7));
        var (passed, fooled) = (0, 0);
        for (var run = 0; run < Runs; run++)
        {
            var (counts, byBetting, byPeeking) = (default(PairCounts), false, false);
            for (var i = 0; i < Pairs; i++)
            {
                var u = random.NextDouble();
                // A tenth of the pairs differ, and five in a hundred more of them against the candidate.
                counts = u < 0.025 ? counts with { Better = counts.Better + 1 } : u < 0.1 ? counts with { Worse = counts.Worse + 1 } : counts with { Same = counts.Same + 1 };
                if (i % 10 != 9) continue;
                byBetting |= test.Judge(counts).Verdict is Verdict.Pass;
                byPeeking |= i >= 50 && GroupSequential.Z(counts, 0.05) >= 1.6449;
            }

            if (byBetting) passed++;
            if (byPeeking) fooled++;
        }

        Assert.True(passed <= 0.05 * Runs, $"{passed} of {Runs} passed");
        Assert.True(fooled > 0.2 * Runs, $"the naive test was fooled {fooled} times of {Runs}");
    }
}
