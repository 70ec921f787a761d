using System.Collections.Immutable;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Rollouts;
using Slipway.Evaluation.Chat;
using Slipway.Operator.Rollouts;
using Slipway.Operator.Rollouts.Parity;
using Slipway.Operator.Rollouts.Traffic;
using Slipway.Operator.Tests.Rollouts.Shadowing;

namespace Slipway.Operator.Tests.Rollouts.Parity;

public sealed class ParityTests
{
    private static readonly ParityStep s_step = new() { SuiteRef = new LocalReference { Name = "s" }, MostDivergence = 0.05, LeastAgreement = 0.9, MostPerplexityRatio = 1.2 };

    [Fact]
    public async Task Equal_models_are_near_and_one_that_is_less_sure_is_not()
    {
        var equal = await RunAsync(s_step, new Model(0.9), new Model(0.9));
        Assert.Equal(("Pass", 0, 400, 400), (equal.Verdict, Math.Round(equal.DivergenceSum, 6), equal.Tokens, equal.Agreed));
        var unsure = await RunAsync(s_step, new Model(0.9), new Model(0.6));
        Assert.Equal("Fail", unsure.Verdict);
        Assert.StartsWith("the divergence is above 0.05, the perplexity ratio is above 1.2: divergence ", unsure.Reason, StringComparison.Ordinal);
        // It holds the same likeliest all the same.
        Assert.Equal("Pass", (await RunAsync(s_step with { MostDivergence = null, MostPerplexityRatio = null }, new Model(0.9), new Model(0.6))).Verdict);
    }

    [Fact]
    public async Task Who_cannot_be_compared_is_named_and_passes_nothing()
    {
        var silent = await RunAsync(s_step, new Model(0.9), new Model(null));
        Assert.Equal(("Undecided", "the two cannot be compared token by token: the engine of the candidate gives no logprobs"), (silent.Verdict, silent.Reason));
        var other = await RunAsync(s_step, new Model(0.9), new Model(0.9) { Prompt = 9 });
        Assert.Contains("cuts a prompt into 9 tokens that were 8: its tokenizer or its chat template is another one", other.Reason, StringComparison.Ordinal);
        var down = await RunAsync(s_step, new Model(0.9), new Model(0.9) { Failure = new Failure(FailureKind.Model, "500") });
        Assert.Equal("Undecided", down.Verdict);
        Assert.Contains("nothing is known of 100 of 100 prompts", down.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_crash_no_prompt_is_counted_twice()
    {
        var whole = await RunAsync(s_step, new Model(0.9), new Model(0.8));
        var setup = Setup(s_step);
        var some = await RunAsync(s_step, new Model(0.9), new Model(0.8), setup with { Prompts = setup.Prompts[..40] });
        var rest = await RunAsync(s_step, new Model(0.9), new Model(0.8), from: some with { Verdict = "Running", Total = 100 });
        Assert.Equal((whole.Tokens, whole.Asked, Math.Round(whole.DivergenceSum, 6)), (rest.Tokens, rest.Asked, Math.Round(rest.DivergenceSum, 6)));
    }

    [Fact]
    public void It_is_not_begun_without_its_suite_and_ends_as_its_verdict_says()
    {
        var rollout = Rollout();
        var pending = Plan(rollout, null, new StepView { Parity = static s => ParitySetup.Of(s, null) });
        Assert.Equal(RolloutPhase.Pending, pending.Phase);
        Assert.Contains("The parity step names the EvaluationSuite s, which does not exist", pending.Message, StringComparison.Ordinal);
        Assert.Equal((RolloutPhase.Progressing, 1), Ended("Pass"));
        Assert.Equal((RolloutPhase.RollingBack, 0), Ended("Fail"));
        Assert.Equal((RolloutPhase.Paused, 0), Ended("Undecided"));

        (RolloutPhase?, int?) Ended(string verdict)
        {
            var (setup, going) = (Setup(s_step), Rollout());
            ModelDeployment? candidate = null;
            var view = new StepView { Parity = _ => (setup, null) };
            for (var i = 0; i < 3; i++)
            {
                going = going with { Status = Plan(going, candidate, view) };
                if (i == 1) candidate = new ModelDeployment { Metadata = new ObjectMeta { Name = going.Status!.CandidateName }, Spec = new ModelDeploymentSpec { Model = new ModelSpec { Id = "x/y" } }, Status = new ModelDeploymentStatus { Phase = DeploymentPhase.Running } };
            }

            Assert.Equal("Parity: 0 of 100 prompts compared; nothing compared yet", going.Status!.Message);
            var end = Plan(going, candidate, view with { Compared = new ParityRunState(going.Status.Parity![0] with { Verdict = verdict, Asked = 100 }, null) });
            Assert.Equal($"Parity{(verdict == "Pass" ? "Passed" : verdict == "Fail" ? "Failed" : verdict)}", end.History!.First(static h => h.What.StartsWith("Parity", StringComparison.Ordinal)).What);
            return (end.Phase, end.Step);
        }
    }

    private static ModelRollout Rollout()
    {
        var made = Tape.Rollout(new ShadowStep { Source = ShadowSource.Recorded });
        return made with { Spec = made.Spec with { Steps = [new RolloutStep { Parity = s_step }] } };
    }

    private static ModelRolloutStatus Plan(ModelRollout rollout, ModelDeployment? candidate, StepView steps)
    {
        var stable = new ModelDeployment { Metadata = new ObjectMeta { Name = "m", Namespace = "default", Uid = "m" }, Spec = new ModelDeploymentSpec { Model = new ModelSpec { Id = "org/m" } }, Status = new ModelDeploymentStatus { Phase = DeploymentPhase.Running } };
        return RolloutPlanner.Plan(new RolloutView(
            rollout, stable, candidate, [], static _ => (null, null), new Dictionary<string, GateRunState>(), new SeenTraffic(0, 0, 0), [], static (_, _) => null, static (_, s) => s, static _ => null, DateTimeOffset.UnixEpoch)
        { Steps = steps }).Status;
    }

    private static ParitySetup Setup(ParityStep step) => ParitySetup.Of(step with { Sample = 100 }, new EvaluationSuite
    {
        Metadata = new ObjectMeta { Name = "s" },
        Spec = new EvaluationSuiteSpec { Graders = [new EvaluationGrader { Type = "exact" }], Prompts = [.. Enumerable.Range(0, 120).Select(static i => new EvaluationPrompt { Id = $"{i}", Prompt = $"{i}?", Expected = ["!"] })] },
    }).Setup!;

    private static async Task<ParityStatus> RunAsync(ParityStep step, IChat baseline, IChat candidate, ParitySetup? setup = null, ParityStatus? from = null)
    {
        setup ??= Setup(step);
        var done = new TaskCompletionSource();
        await using var run = new ParityRun(new ParityAsk(setup, from ?? setup.Begin(0)), baseline, candidate, done.SetResult);
        await done.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Null(run.State.Broken);
        return run.State.Status;
    }

    // Says "abcd", each letter with the same probability, and else "z".
    private sealed class Model(double? sure) : IChat
    {
        public int Prompt { get; init; } = 8;

        public Failure? Failure { get; init; }

        public Task<Answer> AskAsync(Question question, CancellationToken cancellationToken) => Task.FromResult(new Answer
        {
            Text = "abcd",
            FinishReason = "stop",
            PromptTokens = Prompt,
            Failure = Failure,
            Logprobs = sure is { } p ? [.. "abcd".Select(c => new TokenLogprob($"{c}", Math.Log(p), [($"{c}", Math.Log(p)), ("z", Math.Log(1 - p))]))] : ImmutableArray<TokenLogprob>.Empty,
        });
    }
}
