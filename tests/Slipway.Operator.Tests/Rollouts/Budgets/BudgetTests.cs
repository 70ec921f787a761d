using System.Text.Json;
using Slipway.Api.Meta;
using Slipway.Api.Rollouts;
using Slipway.Evaluation.Chat;
using Slipway.Operator.Rollouts;
using Slipway.Operator.Rollouts.Budgets;
using Slipway.Operator.Rollouts.Preflight;

namespace Slipway.Operator.Tests.Rollouts.Budgets;

/// <summary>What a rollout may spend.</summary>
public sealed class BudgetTests
{
    private static readonly RolloutStep[] s_gate = [new() { Gates = ["answers"] }, RolloutStage.Canary(50)];
    private static readonly Room s_two = new(true, "so it is") { CandidateEach = 2, StableEach = 2, AcceleratorPrice = 3 };

    [Fact]
    public void Used_up_it_waits_keeps_what_was_found_and_one_approval_allows_the_same_again()
    {
        var stage = Gated(new RolloutBudget { Requests = 100 });
        Run(stage, "Running", 30);
        stage.Asked = new Asked(60, 6000);
        Assert.Single(stage.Do().Ask);
        Run(stage, "Running", 48);
        stage.Asked = new Asked(41, 4100);
        var plan = stage.Do();
        Assert.Equal((RolloutPhase.Paused, 0, 101, 10100), (plan.Status.Phase, plan.Ask.Length, plan.Status.BudgetUsed!.Requests, plan.Status.BudgetUsed.Tokens));
        Assert.StartsWith("BudgetExhausted: 101 of 100 requests used, which is no pass.", plan.Status.Message, StringComparison.Ordinal);
        Assert.Equal(("BudgetExhausted", 48), (plan.Status.History![^1].What, plan.Status.Gates![0].Asked));
        stage.Runs.Clear();
        stage.Do();
        Assert.Single(stage.Status.History!, static h => h.What == "BudgetExhausted");

        stage.Rollout = stage.Rollout with { Spec = stage.Rollout.Spec with { Approved = 1 } };
        stage.Do();
        var (_, from) = Assert.Single(stage.Do().Ask);
        Assert.Equal((48, RolloutPhase.Progressing, 1), (from.Asked, stage.Status.Phase, stage.Status.ApprovalsUsed));
        stage.Asked = new Asked(99, 0);
        Assert.Single(stage.Do().Ask);
        stage.Asked = new Asked(1, 0);
        Assert.Equal(RolloutPhase.Paused, stage.Do().Status.Phase);
        Assert.Equal(2, stage.Status.History!.Count(static h => h.What == "BudgetExhausted"));
        stage.Rollout = stage.Rollout with { Spec = stage.Rollout.Spec with { Abort = true } };
        Assert.Equal(RolloutPhase.RollingBack, stage.Do().Status.Phase);
    }

    [Theory]
    [InlineData("Fail", RolloutPhase.RollingBack)]
    [InlineData("Pass", RolloutPhase.Progressing)]
    public void A_verdict_that_was_reached_within_it_counts(string verdict, RolloutPhase phase)
    {
        var stage = Gated(new RolloutBudget { Tokens = 1000 });
        Run(stage, verdict, 60);
        stage.Asked = new Asked(120, 1500);
        Assert.Equal(phase, stage.Do().Status.Phase);
        if (verdict == "Fail") return;
        // What comes next gets nothing of it: no traffic moves.
        var held = stage.Do();
        Assert.Equal((RolloutPhase.Paused, 0, 1), (held.Status.Phase, held.Status.CandidateWeight, held.Status.Step));
    }

    [Fact]
    public void Accelerators_are_counted_as_long_as_they_are_there_whoever_looks_and_when()
    {
        var stage = new RolloutStage(1, s_gate, budget: new RolloutBudget { AcceleratorSeconds = 7200, Money = 100 }) { Room = s_two, Gate = Setup() };
        stage.Until(static s => s.Phase is RolloutPhase.Progressing);
        stage.Candidate = stage.Candidate! with { Status = stage.Candidate.Status! with { Replicas = new() { Desired = 1, Ready = 1 } } };
        // An hour in which nobody looked: 2 accelerators, at 3 USD each.
        stage.Now = stage.Candidate.Metadata.CreationTimestamp!.Value + TimeSpan.FromMinutes(30);
        stage.Do();
        Assert.Equal((3600, 3.0), (stage.Status.BudgetUsed!.AcceleratorSeconds, Math.Round(stage.Status.BudgetUsed.Money, 6)));
        stage.Now += TimeSpan.FromSeconds(3);
        stage.Do();
        Assert.Equal(3600, stage.Status.BudgetUsed!.AcceleratorSeconds);
        stage.Now += TimeSpan.FromMinutes(30);
        stage.Do();
        Assert.Equal(RolloutPhase.Paused, stage.Status.Phase);
        Assert.Equal(7206, stage.Status.BudgetUsed!.AcceleratorSeconds);
        Assert.Contains("6.01 of 100 USD, 7206 of 7200 accelerator seconds used", stage.Status.Message, StringComparison.Ordinal);
        // It is there while it waits, and while it goes.
        stage.Rollout = stage.Rollout with { Spec = stage.Rollout.Spec with { Abort = true } };
        stage.Now += TimeSpan.FromSeconds(10);
        stage.Do();
        stage.Now += TimeSpan.FromSeconds(20);
        stage.Do();
        Assert.Equal(7266, stage.Status.BudgetUsed!.AcceleratorSeconds);
    }

    [Fact]
    public void What_costs_too_much_before_it_answers_waits_too_and_comes_up_once_more_is_approved()
    {
        var stage = new RolloutStage(1, s_gate, budget: new RolloutBudget { Money = 1 }) { Room = s_two, Gate = Setup() };
        stage.Until(static s => s.CandidateName is not null);
        stage.Do();
        stage.Candidate = stage.Candidate! with { Status = new() { Phase = Api.ModelDeployments.DeploymentPhase.Deploying } };
        stage.Now += TimeSpan.FromHours(1);
        stage.Do();
        Assert.Equal(RolloutPhase.Paused, stage.Status.Phase);
        stage.Rollout = stage.Rollout with { Spec = stage.Rollout.Spec with { Approved = 1 } };
        stage.Do();
        Assert.Equal(RolloutPhase.Provisioning, stage.Status.Phase);
        stage.Candidate = RolloutStage.Running(stage.Candidate);
        Assert.Single(stage.Do().Ask);
    }

    [Theory]
    [InlineData(10, 20, null, 30)]
    // An engine that does not count: no less than it can have been.
    [InlineData(null, null, null, 261)]
    [InlineData(10, null, FailureKind.Model, 266)]
    [InlineData(null, null, FailureKind.Infrastructure, 0)]
    public async Task Each_request_counts_once_and_its_tokens_as_the_engine_says(int? prompt, int? completion, FailureKind? failure, long tokens)
    {
        var meter = new AskMeter();
        var answer = new Answer { PromptTokens = prompt, CompletionTokens = completion, Failure = failure is { } kind ? new Failure(kind, "so it is") : null };
        await new MeteredChat(new Fixed(answer), meter).AskAsync(new Question([new Message("user", "héy?")], new RequestSettings { MaxTokens = 256 }), TestContext.Current.CancellationToken);
        Assert.Equal(new Asked(1, tokens), meter.Now);
    }

    private static RolloutStage Gated(RolloutBudget budget)
    {
        var stage = new RolloutStage(1, s_gate, budget: budget) { Gate = Setup() };
        stage.Until(static s => s.Gates is not null);
        return stage;
    }

    private static void Run(RolloutStage stage, string verdict, long asked) =>
        stage.Runs["answers"] = new GateRunState(stage.Status.Gates![0] with { Verdict = verdict, Reason = "so it is", Asked = asked, Same = asked, Prompts = asked }, null);

    private static (GateSetup?, string?) Setup() => GateSetup.Of(
        "answers", new QualityGate { Metadata = new ObjectMeta { Name = "answers" }, Spec = new QualityGateSpec { SuiteRef = new LocalReference { Name = "s" }, Margin = 0.1 } },
        new EvaluationSuite
        {
            Metadata = new ObjectMeta { Name = "s" },
            Spec = new EvaluationSuiteSpec
            {
                Graders = [JsonSerializer.Deserialize("""{"type":"exact"}""", Slipway.Api.SlipwayJson.Default.EvaluationGrader)!],
                Prompts = [.. Enumerable.Range(0, 200).Select(static i => new EvaluationPrompt { Id = $"{i}", Prompt = "?", Expected = ["!"] })],
            },
        },
        2);

    private sealed class Fixed(Answer answer) : IChat
    {
        public Task<Answer> AskAsync(Question question, CancellationToken cancellationToken) => Task.FromResult(answer);
    }
}
