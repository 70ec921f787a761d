using System.Collections.Concurrent;
using Slipway.Api.Meta;
using Slipway.Api.Rollouts;
using Slipway.Evaluation.Chat;
using Slipway.Operator.Rollouts;

namespace Slipway.Operator.Tests.Rollouts;

public sealed class GateRunTests
{
    private readonly ConcurrentQueue<string> _asked = new();

    [Fact]
    public async Task A_gate_is_asked_until_there_is_a_verdict_and_every_pair_is_kept()
    {
        var kept = new List<long>();
        var status = await RunAsync(Setup().Begin(0), static _ => "!", kept);
        Assert.Equal("Pass", status.Verdict);
        Assert.InRange(status.Asked, 40, 80);
        Assert.Equal((status.Asked, status.Same), (status.Prompts, status.Asked));
        Assert.Equal(Enumerable.Range(0, (int)status.Asked).Select(static i => (long)i), kept);
        Assert.Equal(1, status.PassEvidence);
        Assert.Equal("Fail", (await RunAsync(Setup().Begin(0), static _ => "?", [])).Verdict);
    }

    [Fact]
    public async Task After_a_crash_it_asks_what_is_not_written_down_and_nothing_else()
    {
        var whole = await RunAsync(Setup().Begin(0), static p => p.EndsWith('7') ? "?" : "!", []);
        _asked.Clear();
        // As if the process had been killed after 20 units were written down.
        var setup = Setup();
        var twenty = await RunAsync(setup.Begin(0) with { Total = 20 }, static p => p.EndsWith('7') ? "?" : "!", [], setup with { Units = setup.Units[..20] });
        _asked.Clear();
        var rest = await RunAsync(twenty with { Total = 200, Verdict = "Running" }, static p => p.EndsWith('7') ? "?" : "!", []);
        Assert.Equal((whole.Better, whole.Same, whole.Worse, whole.Asked, whole.Verdict), (rest.Better, rest.Same, rest.Worse, rest.Asked, rest.Verdict));
        Assert.Empty(_asked.Intersect(setup.Units.Take(20).Select(static u => u[0].Messages[0].Content)));
    }

    [Fact]
    public async Task Who_refuses_to_be_asked_breaks_the_gate_and_decides_nothing()
    {
        var done = new TaskCompletionSource();
        await using var run = new GateRun(Setup(), Setup().Begin(0), (_, _) => new Model(this, static _ => "!"), new Refusing(), static (_, _, _, _, _) => { }, done.SetResult, TimeProvider.System);
        await done.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Equal(("404: no such model", "Running"), (run.Broken, run.Status.Verdict));
    }

    [Fact]
    public void Graded_evidence_survives_being_written_down()
    {
        var setup = Setup();
        var comparison = new Slipway.Evaluation.Comparing.Comparison(setup.Test);
        foreach (var score in (double[])[0.5, 1, 0.25]) comparison.Add((Result(0.5), Result(score)));
        Assert.Equal(0.3125, comparison.Evidence.Scores!.Squares);
        var read = GateEvidence.Read(GateEvidence.Write(setup.Begin(0), 3, comparison.Evidence, comparison.State));
        var again = new Slipway.Evaluation.Comparing.Comparison(setup.Test, evidence: read);
        Assert.Equal(comparison.State.Judgement.LogPass, again.State.Judgement.LogPass);
        Assert.Equal((3, 0.3125, 3L), (again.Evidence.Units, again.Evidence.Scores!.Squares, again.Evidence.Asked));
    }

    [Theory]
    [InlineData(GateMethod.GroupSequential, null, 80, 5)]
    [InlineData(GateMethod.GroupSequential, 2, 100, 2)]
    [InlineData(GateMethod.Fixed, null, 200, 1)]
    public async Task A_gate_with_planned_looks_ends_at_a_look_wherever_its_process_was_killed(GateMethod method, int? looks, long ends, int planned)
    {
        var setup = Setup(method, looks);
        var whole = await RunAsync(setup.Begin(0), static _ => "!", [], setup);
        Assert.Equal((GateEvidence.Pass, ends, method, planned), (whole.Verdict, whole.Asked, whole.Method, whole.Looks));
        // Killed in the middle of what a look is after, and written down just before it was looked at.
        foreach (var at in (long[])[ends - 1, ends / 2 + 3])
        {
            var kept = setup.Begin(0) with { Asked = at, Same = at, Prompts = at, BaselineSum = at, CandidateSum = at };
            var after = await RunAsync(kept, static _ => "!", [], setup);
            Assert.Equal((whole.Verdict, whole.Asked, whole.Reason), (after.Verdict, after.Asked, after.Reason));
        }
    }

    [Fact]
    public void A_gate_that_plans_otherwise_meanwhile_asks_another_question()
    {
        var begun = Setup(GateMethod.GroupSequential).Begin(0);
        Assert.True(Setup(GateMethod.GroupSequential).Asks(begun));
        foreach (var other in (GateSetup[])[Setup(), Setup(GateMethod.GroupSequential, 4), Setup(GateMethod.Fixed)]) Assert.False(other.Asks(begun));
        Assert.True(Setup(GateMethod.Betting).Asks(Setup().Begin(0)));
    }

    private async Task<GateStatus> RunAsync(GateStatus from, Func<string, string> candidate, List<long> kept, GateSetup? setup = null)
    {
        var done = new TaskCompletionSource();
        await using var run = new GateRun(setup ?? Setup(), from, (_, _) => new Model(this, static _ => "!"), new Model(this, candidate), (unit, _, _, _, _) => kept.Add(unit), done.SetResult, TimeProvider.System);
        await done.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Null(run.Broken);
        return run.Status;
    }

    private static Slipway.Evaluation.Running.PromptResult Result(double score) => new("x", score, "", new Answer(), [], default);

    private static GateSetup Setup(GateMethod? method = null, int? looks = null)
    {
        var suite = new EvaluationSuite
        {
            Metadata = new ObjectMeta { Name = "s" },
            Spec = new EvaluationSuiteSpec
            {
                Graders = [new EvaluationGrader { Type = "exact" }],
                Prompts = [.. Enumerable.Range(0, 200).Select(static i => new EvaluationPrompt { Id = $"{i}", Prompt = $"question {i}", Expected = ["!"] })],
            },
        };
        var gate = new QualityGate { Metadata = new ObjectMeta { Name = "answers" }, Spec = new QualityGateSpec { SuiteRef = new LocalReference { Name = "s" }, Margin = 0.1, Method = method, Looks = looks } };
        return GateSetup.Of("answers", gate, suite, 1).Setup!;
    }

    private sealed class Model(GateRunTests test, Func<string, string> answer) : IChat
    {
        public Task<Answer> AskAsync(Question question, CancellationToken cancellationToken)
        {
            test._asked.Enqueue(question.Messages[^1].Content);
            return Task.FromResult(new Answer { Text = answer(question.Messages[^1].Content), FinishReason = "stop" });
        }
    }

    private sealed class Refusing : IChat
    {
        public Task<Answer> AskAsync(Question question, CancellationToken cancellationToken) => Task.FromResult(new Answer { Failure = new Failure(FailureKind.Setup, "404: no such model") });
    }
}
