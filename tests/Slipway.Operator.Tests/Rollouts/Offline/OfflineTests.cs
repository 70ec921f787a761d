using System.Collections.Concurrent;
using Slipway.Api.Meta;
using Slipway.Api.Rollouts;
using Slipway.Evaluation.Chat;
using Slipway.Kubernetes.Objects;
using Slipway.Operator.Rollouts;
using Slipway.Operator.Rollouts.Budgets;
using Slipway.Operator.Rollouts.Offline;
using Slipway.Testing;

namespace Slipway.Operator.Tests.Rollouts.Offline;

/// <summary>Both sides judged one after the other, where there is no room for both.</summary>
public sealed class OfflineTests : IDisposable
{
    private static readonly RolloutCapacity s_offline = new() { Strategy = CapacityStrategy.ShadowOffline, AllowDowntime = true };
    private static readonly RolloutStep[] s_gate = [new() { Gates = ["answers"] }];

    private readonly TempDirectory _folder = new();
    private readonly ConcurrentQueue<string> _asked = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Pass", RolloutPhase.Promoting, 0)]
    [InlineData("Fail", RolloutPhase.RolledBack, 2)]
    [InlineData("Undecided", RolloutPhase.RolledBack, 2)]
    public void The_model_as_it_is_makes_way_once_its_answers_are_there_and_comes_back_unless_the_candidate_passes(string verdict, RolloutPhase end, int replicas)
    {
        var stage = Stage();
        Assert.Equal(RolloutPhase.Provisioning, stage.Do().Status.Phase);
        var gathers = stage.Do();
        Assert.Equal(("answers", null), (Assert.Single(gathers.Gather).Name, gathers.Create));
        stage.Gathered = new GatherState(120, 200, null);
        Assert.Equal("m answers the gates' prompts before it makes way: 120 of 200", stage.Do().Status.Message);
        Assert.Equal(2, stage.Stable!.Status!.Replicas!.Desired);

        stage.Gathered = new GatherState(200, 200, null);
        var way = stage.Do();
        Assert.Equal(("Gathered", 0, 0), (way.Status.History![^1].What, way.Status.Capacity!.StableReplicas, way.Gather.Length));
        Assert.Equal(0, stage.Stable.Status!.Replicas!.Desired);
        stage.Gathered = null;
        stage.Until(static s => s.Gates is { Count: > 0 });
        stage.Runs["answers"] = new GateRunState(stage.Status.Gates![0] with { Asked = 60, Verdict = verdict, Reason = "so it is" }, null);
        stage.Until(s => s.Phase == end);
        stage.Do();
        Assert.Equal((replicas, end is RolloutPhase.RolledBack), (stage.Stable.Status!.Replicas!.Desired, stage.Candidate is null));
        if (verdict == "Undecided") Assert.Contains("is no pass, and users wait meanwhile", stage.Status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_budget_that_is_used_up_in_the_gap_ends_it_since_users_wait()
    {
        var stage = Stage();
        stage.Rollout = stage.Rollout with { Spec = stage.Rollout.Spec with { Budget = new RolloutBudget { Requests = 100 } } };
        stage.Do();
        stage.Gathered = new GatherState(200, 200, null);
        stage.Until(static s => s.Gates is { Count: > 0 });
        stage.Asked = new Asked(200, 0);
        Assert.Equal(RolloutPhase.RollingBack, stage.Do().Status.Phase);
        Assert.Contains("BudgetExhausted: 200 of 100 requests used", stage.Status.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Refused => new()
    {
        { "downtime", "Allow it with spec.capacity.allowDowntime: true" },
        { "gates", "no step has any: add one" },
        { "shadow", "parity and shadow steps ask both" },
        { "pause", "would keep users waiting for whoever approves" },
        { "canary", "leaves nobody for the other 50 of 100 requests" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_cannot_be_judged_in_a_gap_is_refused_before_anything_is_done(string how, string why)
    {
        var stage = Stage(how is "downtime" ? s_offline with { AllowDowntime = null } : s_offline, how switch
        {
            "gates" => [RolloutStage.Canary(100)],
            "shadow" => [.. s_gate, new RolloutStep { Shadow = new ShadowStep { Source = ShadowSource.Live, Percent = 10 } }],
            "pause" => [.. s_gate, new RolloutStep { Pause = new PauseStep() }],
            "canary" => [.. s_gate, RolloutStage.Canary(50)],
            _ => s_gate,
        });
        Assert.Equal((RolloutPhase.Pending, null), (stage.Pass().Status.Phase, stage.Status.CandidateName));
        Assert.Contains(why, stage.Status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_gathered_is_not_asked_again_and_a_line_that_a_crash_broke_off_is()
    {
        var (setup, file) = (Setup(), _folder["a/gathered.jsonl"]);
        var kept = new GatheredAnswers(file);
        await GatherAsync(setup, kept);
        Assert.Equal(200, _asked.Count);
        Assert.Equal(200, kept.Read("u", setup).Count);

        var lines = await File.ReadAllLinesAsync(file, Token);
        await File.WriteAllTextAsync(file, string.Join('\n', lines.Take(51)) + "\n" + lines[51][..20], Token);
        Assert.Equal(50, kept.Read("u", setup).Count);
        _asked.Clear();
        await GatherAsync(setup, kept);
        Assert.Equal(150, _asked.Count);
        Assert.Equal(lines.Length, (await File.ReadAllLinesAsync(file, Token)).Length);

        // Of another rollout, or of another suite, it is no answer.
        Assert.Empty(kept.Read("another", setup));
        Assert.Empty(kept.Read("u", Setup("another question")));
    }

    [Fact]
    public async Task The_candidate_is_held_against_what_was_kept_and_against_nothing_when_that_is_lost()
    {
        var (setup, key) = (Setup(), new NamespacedName("default", "r"));
        var runs = new OfflineRuns(_folder.Path, static _ => { }, TimeProvider.System);
        var rollout = Stage().Rollout;
        var file = GatheredAnswers.File(_folder.Path, "default", "r", "answers");
        await GatherAsync(setup, new GatheredAnswers(file), "uid");
        _asked.Clear();
        Assert.Equal(("Fail", null), await GateAsync(setup, runs.Answers(rollout, key, setup), "?"));
        Assert.Equal(("Pass", null), await GateAsync(setup, runs.Answers(rollout, key, setup), "!"));
        // The candidate alone was asked.
        Assert.DoesNotContain(_asked, static q => q.StartsWith("stable:", StringComparison.Ordinal));
        File.Delete(file);
        var (verdict, broken) = await GateAsync(setup, runs.Answers(rollout, key, setup), "!");
        Assert.Equal("Running", verdict);
        Assert.Contains("what m answered to its prompts is lost", broken, StringComparison.Ordinal);
    }

    private async Task GatherAsync(GateSetup setup, GatheredAnswers kept, string uid = "u")
    {
        var done = new TaskCompletionSource();
        await using var run = new GatherRun(uid, [(setup, kept, new Model(_asked, "!", "stable:"))], done.SetResult, TimeProvider.System);
        await done.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Token);
        Assert.Equal((true, null), (run.State.IsDone, run.State.Broken));
    }

    private async Task<(string Verdict, string? Broken)> GateAsync(GateSetup setup, Func<long, int, IChat> baseline, string says)
    {
        var done = new TaskCompletionSource();
        await using var run = new GateRun(setup, setup.Begin(0), baseline, new Model(_asked, says, ""), static (_, _, _, _, _) => { }, done.SetResult, TimeProvider.System);
        await done.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Token);
        return (run.Status.Verdict, run.Broken);
    }

    private static RolloutStage Stage(RolloutCapacity? capacity = null, RolloutStep[]? steps = null) => new(2, steps ?? s_gate, capacity ?? s_offline) { Gate = (Setup(), null) };

    private static GateSetup Setup(string question = "question")
    {
        var suite = new EvaluationSuite
        {
            Metadata = new ObjectMeta { Name = "s" },
            Spec = new EvaluationSuiteSpec
            {
                Graders = [new EvaluationGrader { Type = "exact" }],
                Prompts = [.. Enumerable.Range(0, 200).Select(i => new EvaluationPrompt { Id = $"{i}", Prompt = $"{question} {i}", Expected = ["!"] })],
            },
        };
        var gate = new QualityGate { Metadata = new ObjectMeta { Name = "answers" }, Spec = new QualityGateSpec { SuiteRef = new LocalReference { Name = "s" }, Margin = 0.1 } };
        return GateSetup.Of("answers", gate, suite, 1).Setup!;
    }

    private sealed class Model(ConcurrentQueue<string> asked, string says, string who) : IChat
    {
        public Task<Answer> AskAsync(Question question, CancellationToken cancellationToken)
        {
            asked.Enqueue(who + question.Messages[^1].Content);
            return Task.FromResult(new Answer { Text = says, FinishReason = "stop" });
        }
    }
}
