using CsCheck;
using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Comparing;
using Slipway.Evaluation.Running;
using Slipway.Evaluation.Statistics;

namespace Slipway.Evaluation.Tests.Comparing;

public sealed class ComparisonTests
{
    private static readonly NonInferiority s_test = new(0.1);

    [Fact]
    public void An_equal_model_passes_and_a_broken_one_fails()
    {
        Assert.Equal(Verdict.Pass, Judge(Enumerable.Repeat((1.0, 1.0), 100)).Verdict);
        Assert.Equal(Verdict.Fail, Judge(Enumerable.Repeat((1.0, 0.0), 100)).Verdict);
        Assert.Equal(Verdict.Undecided, Judge(Enumerable.Repeat((1.0, 1.0), 10)).Verdict);
    }

    [Fact]
    public void The_first_verdict_stands_whatever_comes_after_it()
    {
        var state = Judge(Enumerable.Repeat((1.0, 0.0), 100).Concat(Enumerable.Repeat((0.0, 1.0), 2000)));
        Assert.Equal(Verdict.Fail, state.Verdict);
        Assert.Contains("more than 10 points worse", state.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Scores_between_right_and_wrong_are_judged_as_right_and_wrong_are_when_they_are_that() =>
        Gen.Select(Gen.Bool, Gen.Bool).List[1, 60].Sample(pairs =>
        {
            var binary = new Comparison(s_test);
            // Beginning with half a point on both sides, which is evidence of nothing but another way of keeping it.
            var graded = new Comparison(s_test);
            graded.Add((Result("half", 0.5), Result("half", 0.5)));
            binary.Add((Result("half", 1), Result("half", 1)));
            foreach (var (a, b) in pairs)
            {
                binary.Add((Result("x", a ? 1 : 0), Result("x", b ? 1 : 0)));
                graded.Add((Result("x", a ? 1 : 0), Result("x", b ? 1 : 0)));
            }

            Assert.Null(binary.Evidence.Scores);
            Assert.NotNull(graded.Evidence.Scores);
            Assert.Equal(binary.State.Judgement.LogPass, graded.State.Judgement.LogPass, 9);
            Assert.Equal(binary.State.Judgement.LogFail, graded.State.Judgement.LogFail, 9);
        });

    [Fact]
    public void A_comparison_that_goes_on_from_what_was_kept_finds_the_same() =>
        Gen.Select(Gen.Double[0, 1], Gen.Double[0, 1]).List[2, 60].Sample(pairs =>
        {
            var (whole, first) = (new Comparison(s_test), new Comparison(s_test));
            foreach (var (a, b) in pairs) whole.Add((Result("x", a), Result("x", b)));
            foreach (var (a, b) in pairs.Take(pairs.Count / 2)) first.Add((Result("x", a), Result("x", b)));
            var second = new Comparison(s_test, evidence: first.Evidence);
            foreach (var (a, b) in pairs.Skip(pairs.Count / 2)) second.Add((Result("x", a), Result("x", b)));
            Assert.Equal(whole.State.Judgement.LogPass, second.State.Judgement.LogPass, 9);
            Assert.Equal(whole.Evidence.Units, second.Evidence.Units);
        });

    [Fact]
    public void A_conversation_counts_once()
    {
        var comparison = new Comparison(s_test);
        comparison.Add([.. Enumerable.Range(0, 4).Select(static i => (Result($"{i}", 1), Result($"{i}", i == 0 ? 0 : 1)))]);
        Assert.Equal(1, comparison.Evidence.Units);
        Assert.Equal(-0.25, comparison.State.Judgement.Estimate, 9);
    }

    [Fact]
    public void Too_much_that_is_missing_never_passes_and_is_never_a_failure()
    {
        var comparison = new Comparison(s_test);
        for (var i = 0; i < 200; i++) comparison.Add((Result("x", 1), i % 10 == 0 ? Result("x", null) : Result("x", 1)));
        Assert.Equal(Verdict.Undecided, comparison.State.Verdict);
        Assert.Contains("20 of 200 prompts are missing", comparison.State.Reason, StringComparison.Ordinal);
        var none = new Comparison(s_test);
        for (var i = 0; i < 500; i++) none.Add((Result("x", 1), Result("x", null)));
        Assert.Equal((Verdict.Undecided, 0L, 500L), (none.State.Verdict, none.Evidence.Units, none.Evidence.Missing));
    }

    [Fact]
    public void A_candidate_that_refuses_every_hard_question_by_429_does_not_pass()
    {
        // It answers the easy half, and lets infrastructure take the blame for the rest.
        var comparison = new Comparison(s_test);
        for (var i = 0; i < 400; i++) comparison.Add((Result("x", 1), i % 2 == 0 ? Result("x", 1) : Result("x", null)));
        Assert.Equal(Verdict.Undecided, comparison.State.Verdict);
    }

    [Fact]
    public void Streams_that_break_off_count_against_who_broke_them()
    {
        var comparison = new Comparison(s_test);
        var broken = new PromptResult("x", 0, "broke off", new Answer { Failure = new Failure(FailureKind.Model, "broke off") }, [], default);
        for (var i = 0; i < 40; i++) comparison.Add((Result("x", 1), broken));
        Assert.Equal((Verdict.Fail, 40L, 0L), (comparison.State.Verdict, comparison.Evidence.CandidateFailures, comparison.Evidence.BaselineFailures));
    }

    [Fact]
    public void Nothing_is_decided_before_the_least_number_of_units() =>
        Assert.Equal(Verdict.Undecided, Judge(Enumerable.Repeat((1.0, 0.0), 99), least: 100).Verdict);

    [Theory]
    [InlineData(0.05, 0.05, 149)]
    [InlineData(0.02, 0.10, 1856)]
    public void A_suite_has_to_be_as_large_as_the_test_asks(double margin, double discordance, long pairs)
    {
        Assert.Equal(pairs, Power.PairsToPass(new NonInferiority(margin), discordance)!.Value);
        Assert.Equal(margin, Power.DetectableMargin(pairs, discordance, 0.05), 2);
        Assert.Null(Power.PairsToPass(new NonInferiority(margin), discordance, -margin));
    }

    [Fact]
    public void Where_no_answer_differs_the_number_said_is_enough()
    {
        foreach (var margin in (double[])[0.02, 0.05, 0.1, 0.3])
        {
            var pairs = Power.PairsToPass(new NonInferiority(margin), 0)!.Value;
            Assert.Equal(Verdict.Pass, new NonInferiority(margin).Judge(new PairCounts(0, pairs, 0)).Verdict);
            Assert.Equal(Verdict.Undecided, new NonInferiority(margin).Judge(new PairCounts(0, pairs / 2, 0)).Verdict);
        }
    }

    [Fact]
    public void An_undecided_comparison_says_how_many_more_it_would_take()
    {
        var comparison = new Comparison(s_test);
        for (var i = 0; i < 40; i++) comparison.Add((Result("x", i % 10 == 0 ? 0 : 1), Result("x", i % 10 == 1 ? 0 : 1)));
        Assert.Equal(Verdict.Undecided, comparison.State.Verdict);
        Assert.InRange(Power.More(s_test, comparison.Evidence)!.Value, 50, 150);
        Assert.Null(Power.More(s_test, new PairedEvidence()));
        Assert.Null(Power.More(s_test, new PairedEvidence { Counts = new PairCounts(0, 90, 10), Baseline = 100, Candidate = 90 }));
    }

    private static ComparisonState Judge(IEnumerable<(double Baseline, double Candidate)> pairs, long least = 0)
    {
        var comparison = new Comparison(s_test, least);
        foreach (var (a, b) in pairs) comparison.Add((Result("x", a), Result("x", b)));
        return comparison.State;
    }

    private static PromptResult Result(string id, double? score) => new(id, score, "", new Answer(), [], default);
}
