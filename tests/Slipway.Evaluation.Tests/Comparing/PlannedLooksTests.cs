using CsCheck;
using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Comparing;
using Slipway.Evaluation.Running;
using Slipway.Evaluation.Statistics;

namespace Slipway.Evaluation.Tests.Comparing;

/// <summary>Comparisons that are looked at when it was planned, and not before.</summary>
public sealed class PlannedLooksTests
{
    private static readonly NonInferiority s_test = new(0.1);

    [Fact]
    public void Between_looks_there_is_no_verdict_whatever_was_found()
    {
        var comparison = Plan(5, 100);
        for (var i = 1; i < 20; i++) Assert.Equal(Verdict.Undecided, Add(comparison, 1, 0));
        Assert.Contains("look 1 of 5 comes after 20", comparison.State.Reason, StringComparison.Ordinal);
        Assert.Equal(Verdict.Fail, Add(comparison, 1, 0));
        Assert.Equal("shown to be more than 10 points worse, at look 1 of 5, after 20 pairs (measured -100.0 points)", comparison.State.Reason);
    }

    [Fact]
    public void A_test_fixed_beforehand_decides_at_its_end_alone()
    {
        var comparison = Plan(1, 60);
        for (var i = 1; i < 60; i++) Assert.Equal(Verdict.Undecided, Add(comparison, 1, 1));
        Assert.Equal(Verdict.Pass, Add(comparison, 1, 1));
    }

    [Fact]
    public void At_its_end_a_plan_that_shows_nothing_is_no_pass_and_not_gone_on_with()
    {
        var comparison = Plan(2, 40);
        for (var i = 0; i < 40; i++) Add(comparison, i % 4 == 0 ? 0 : 1, i % 4 == 1 ? 0 : 1);
        Assert.Equal(Verdict.Undecided, comparison.State.Verdict);
        Assert.StartsWith("not decided at the last of 2 planned looks, after 40 pairs", comparison.State.Reason, StringComparison.Ordinal);
        for (var i = 0; i < 400; i++) Assert.Equal(Verdict.Undecided, Add(comparison, 1, 1));
    }

    [Fact]
    public void A_unit_without_a_score_brings_the_look_nearer_all_the_same_and_too_many_of_them_keep_it_from_passing()
    {
        var (few, many) = (Plan(1, 100), Plan(1, 100));
        for (var i = 0; i < 100; i++)
        {
            few.Add((Result(1), Result(i < 5 ? null : 1)));
            many.Add((Result(1), Result(i < 6 ? null : 1)));
        }

        Assert.Equal((Verdict.Pass, Verdict.Undecided), (few.State.Verdict, many.State.Verdict));
        Assert.Contains("6 of 100 prompts are missing", many.State.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_process_that_goes_on_from_what_was_kept_looks_when_the_first_would_have() =>
        Gen.Select(Gen.Int[0, 2].Select(static i => 1 + (2 * i)), Gen.Int[0, 4].Select(static i => i / 4.0).Array[1, 60], Gen.Int[0, 60]).Sample((looks, scores, at) =>
        {
            var (whole, parted) = (Plan(looks, scores.Length), Plan(looks, scores.Length));
            for (var i = 0; i < scores.Length; i++)
            {
                if (i == at) parted = new Comparison(s_test, evidence: parted.Evidence, looks: new PlannedLooks(s_test, looks, scores.Length));
                Assert.Equal(Add(whole, 0.5, scores[i]), Add(parted, 0.5, scores[i]));
                if (whole.State.Verdict is not Verdict.Undecided) return;
            }
        });

    // The likeliest way to be fooled: a candidate that is worse by exactly the margin. 2,000 runs each have an error of half a point; bench/results/evaluation.md has 10,000.
    [Theory]
    [InlineData(5, 0.2, 1)]
    [InlineData(5, 0.4, 0.5)]
    [InlineData(1, 0.4, 0.5)]
    public void A_candidate_that_is_worse_by_the_margin_passes_no_more_often_than_was_allowed(int looks, double discordance, double step)
    {
        const int Runs = 2_000;
        var (plan, passed, better) = (new PlannedLooks(s_test, looks, 150), 0, (discordance - (0.1 / step)) / 2);
        for (var run = 0; run < Runs; run++)
        {
            var (random, counts, sum) = (new SeededRandom((ulong)run), default(PairCounts), 0.0);
            for (var i = 1; i <= 150; i++)
            {
                var u = random.NextDouble();
                counts = u < better ? counts with { Better = counts.Better + 1 } : u < discordance ? counts with { Worse = counts.Worse + 1 } : counts with { Same = counts.Same + 1 };
                sum = step * (counts.Better - counts.Worse);
                if (i % 30 != 0) continue;
                var scores = step == 1 ? null : new ScoreEvidence(i, sum, [], []) { Squares = step * step * (counts.Better + counts.Worse) };
                var verdict = plan.Judge(new PairedEvidence { Asked = i, Counts = counts, Scores = scores }).Verdict;
                if (verdict is Verdict.Pass) passed++;
                if (verdict is not Verdict.Undecided) break;
            }
        }

        Assert.InRange(passed / (double)Runs, 0.02, 0.062);
    }

    [Fact]
    public void Planned_looks_take_fewer_pairs_than_betting()
    {
        var (betting, five, one) = (Power.PairsToPass(s_test, 0.2), Power.PairsToPass(s_test, 0.2, 0, TestMethod.GroupSequential), Power.PairsToPass(s_test, 0.2, 0, TestMethod.Fixed));
        Assert.Equal((149, 131, 124), (betting, five, one));
        var least = Power.PairsToPass(s_test, 0, 0, TestMethod.Fixed)!.Value;
        Assert.InRange(GroupSequential.Z(new PairCounts(0, least, 0), 0.1), 1.6449, 1.7);
        Assert.Null(Power.Short(s_test, five!.Value, 0.2, TestMethod.GroupSequential));
        Assert.Equal(131, Power.Short(s_test, 130, 0.2, TestMethod.GroupSequential)!.Needed);
    }

    private static Comparison Plan(int looks, long total) => new(s_test, looks: new PlannedLooks(s_test, looks, total));

    private static Verdict Add(Comparison to, double baseline, double candidate) => to.Add((Result(baseline), Result(candidate))).Verdict;

    private static PromptResult Result(double? score) => new("x", score, "", new Answer(), [], default);
}
