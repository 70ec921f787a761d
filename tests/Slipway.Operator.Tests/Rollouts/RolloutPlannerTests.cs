using System.Text.Json;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Rollouts;
using Slipway.Operator.Rollouts;
using Slipway.Operator.Rollouts.Traffic;

namespace Slipway.Operator.Tests.Rollouts;

public sealed class RolloutPlannerTests
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly Dictionary<string, GateRunState> _runs = new(StringComparer.Ordinal);
    private DateTimeOffset _now = s_start;
    private ModelRollout _rollout = Rollout([new RolloutStep { Gates = ["answers"] }, new RolloutStep { Canary = new CanaryStep { Weight = 20, MinSeconds = 30 } }]);
    private ModelDeployment? _stable = Deployment("m", DeploymentPhase.Running);
    private ModelDeployment? _candidate;
    private ModelRollout[] _others = [];
    private SeenTraffic _traffic = new(0, 0, 0);
    private SlowAnswers[] _slower = [];
    private TimeSpan? _usual;
    private SizedLimit[] _sizes = [];
    private Func<double, double?> _countable = static seconds => seconds;
    private string? _obstacle;
    private (GateSetup?, string?) _gate = GateSetup.Of("answers", Gate(), Suite(200), 2);

    [Fact]
    public void A_candidate_that_is_good_enough_goes_through_all_steps_to_the_place()
    {
        var plan = Step();
        Assert.Equal((RolloutPhase.Provisioning, 0, 0), (plan.Status.Phase, plan.Status.Step, plan.Status.CandidateWeight));
        plan = Step();
        var made = plan.Create!;
        Assert.Equal(("org/better", "m", made.Metadata.Name), (made.Spec.Model.Id, made.Spec.Model.ServedName, made.Spec.Gateway!.ModelName));
        _candidate = made with { Status = new ModelDeploymentStatus { Phase = DeploymentPhase.Deploying } };
        Assert.Equal(RolloutPhase.Provisioning, Step().Status.Phase);
        _candidate = made with { Status = new ModelDeploymentStatus { Phase = DeploymentPhase.Running } };
        plan = Step();
        Assert.Equal((RolloutPhase.Progressing, "answers"), (plan.Status.Phase, Assert.Single(plan.Ask).Setup.Name));

        Judge("Pass");
        plan = Step();
        Assert.Equal((1, 0), (plan.Status.Step, plan.Status.CandidateWeight));
        Assert.Equal("GatePassed", plan.Status.History![^1].What);
        plan = Step();
        Assert.Equal((20, "Shifted"), (plan.Status.CandidateWeight, plan.Status.History![^1].What));
        _traffic = new SeenTraffic(100, 0, 1);
        Assert.Equal(1, Step().Status.Step);
        plan = Step();
        Assert.Equal(200, plan.Status.Traffic!.Requests);
        _traffic = new SeenTraffic(0, 0, 0);
        _now += TimeSpan.FromSeconds(31);
        Assert.Equal(2, Step().Status.Step);
        plan = Step();
        Assert.Equal((RolloutPhase.Promoting, 100), (plan.Status.Phase, plan.Status.CandidateWeight));

        Assert.False(Step().HandOver);
        _now += TimeSpan.FromSeconds(601);
        Assert.True(Step().HandOver);
        _stable = _stable! with { Metadata = _stable.Metadata with { Annotations = new Dictionary<string, string> { [ModelRollout.ReplacedByAnnotation] = "x" } } };
        plan = Step();
        Assert.Equal((RolloutPhase.Promoted, true), (plan.Status.Phase, plan.Finished));
        Assert.Equal(["Started", "GatePassed", "Shifted", "CanaryPassed", "Promoting", "Promoted"], plan.Status.History!.Select(static h => h.What));
    }

    [Fact]
    public void A_gate_that_fails_takes_everything_back_and_the_candidate_goes_once_nobody_needs_it()
    {
        Gates();
        Judge("Fail", "shown to be more than 10 points worse");
        var plan = Step();
        Assert.Equal((RolloutPhase.RollingBack, 0), (plan.Status.Phase, plan.Status.CandidateWeight));
        Assert.Contains("gate answers failed", plan.Status.Message, StringComparison.Ordinal);
        Assert.False(Step().Delete);
        _now += TimeSpan.FromSeconds(61);
        _traffic = new SeenTraffic(0, 0, 2);
        Assert.False(Step().Delete);
        _traffic = new SeenTraffic(0, 0, 0);
        Assert.True(Step().Delete);
        _candidate = null;
        plan = Step();
        Assert.Equal((RolloutPhase.RolledBack, true), (plan.Status.Phase, plan.Finished));
    }

    [Fact]
    public void Requests_that_fail_end_a_share_of_the_traffic_without_any_judge()
    {
        Canary();
        _traffic = new SeenTraffic(40, 12, 0);
        var plan = Step();
        Assert.Equal((RolloutPhase.RollingBack, 0), (plan.Status.Phase, plan.Status.CandidateWeight));
        Assert.Contains("requests fail: 12 of 40", plan.Status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_traffic_is_no_evidence()
    {
        Canary();
        _now += TimeSpan.FromHours(1);
        var plan = Step();
        Assert.Equal((1, 20), (plan.Status.Step, plan.Status.CandidateWeight));
        Assert.Contains("failed: 0 of 0, about ", plan.Status.Message, StringComparison.Ordinal);
        _now += TimeSpan.FromHours(2);
        Assert.Contains("not through after 7200 s", Step().Status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gate_without_a_verdict_waits_for_somebody_and_an_approval_is_used_once()
    {
        Gates();
        Judge("Undecided", "not decided");
        Assert.Equal((RolloutPhase.Paused, 0, 0), (Step().Status.Phase, _rollout.Status!.Step, _rollout.Status.CandidateWeight));
        Assert.Contains("which is no pass", _rollout.Status!.Message, StringComparison.Ordinal);
        _rollout = _rollout with { Spec = _rollout.Spec with { Approved = 1 } };
        var plan = Step();
        Assert.Equal((1, 1, "Approved"), (plan.Status.Step, plan.Status.ApprovalsUsed, plan.Status.History![^1].What));
        _rollout = _rollout with { Spec = _rollout.Spec with { Steps = [.. _rollout.Spec.Steps.Take(1), new RolloutStep { Pause = new PauseStep { Message = "Look at it" } }] } };
        Assert.Equal((RolloutPhase.Paused, 1), (Step().Status.Phase, _rollout.Status!.Step));
    }

    [Fact]
    public void A_verdict_that_is_written_down_stays_whatever_is_found_after()
    {
        Gates();
        Judge("Undecided", "not decided");
        Step();
        Judge("Pass");
        Assert.Equal(RolloutPhase.Paused, Step().Status.Phase);
        Assert.Equal("Undecided", Assert.Single(_rollout.Status!.Gates!).Verdict);
    }

    [Fact]
    public void A_process_that_takes_over_goes_on_from_what_is_written_down_and_counts_nothing_twice()
    {
        Gates();
        Judge("Running", asked: 37, same: 37);
        Step();
        _runs.Clear();
        var (_, from) = Assert.Single(Step().Ask);
        Assert.Equal((37, 37), (from.Asked, from.Same));
        // What an older run says is not taken over what is written down.
        Judge("Running", asked: 12, same: 12);
        Step();
        Assert.Equal(37, Assert.Single(_rollout.Status!.Gates!).Asked);
    }

    public static TheoryData<string, string> Ends => new()
    {
        { "abort", "spec.abort was set" },
        { "stable changed", "was changed meanwhile" },
        { "stable gone", "m is gone" },
        { "candidate changed", "spec.candidate was changed meanwhile" },
        { "candidate fails", "the candidate cannot run: no memory" },
        { "candidate gone", "the candidate is gone" },
        { "deadline", "not through after" },
        { "deleted", "the rollout is being deleted" },
        { "suite changed", "was changed meanwhile: evidence of one question" },
        { "gate broken", "cannot be asked: 404" },
        { "gate gone", "There is no QualityGate" },
    };

    [Theory]
    [MemberData(nameof(Ends))]
    public void What_ends_a_rollout_takes_the_traffic_back_and_says_why(string how, string why)
    {
        Gates();
        Judge("Running", asked: 5, same: 5);
        Step();
        switch (how)
        {
            case "abort": _rollout = _rollout with { Spec = _rollout.Spec with { Abort = true } }; break;
            case "stable changed": _stable = _stable! with { Spec = _stable.Spec with { Model = new ModelSpec { Id = "org/else" } } }; break;
            case "stable gone": _stable = null; break;
            case "candidate changed": _rollout = _rollout with { Spec = _rollout.Spec with { Candidate = Json("""{"model":{"id":"org/third"}}""") } }; break;
            case "candidate fails": _candidate = _candidate! with { Status = new ModelDeploymentStatus { Phase = DeploymentPhase.Failed, Message = "no memory" } }; break;
            case "candidate gone": _candidate = null; break;
            case "deadline": _now += TimeSpan.FromHours(3); break;
            case "deleted": _rollout = _rollout with { Metadata = _rollout.Metadata with { DeletionTimestamp = _now } }; break;
            case "suite changed": _gate = GateSetup.Of("answers", Gate(), Suite(201), 2); break;
            case "gate broken": _runs["answers"] = _runs["answers"] with { Broken = "404: no such model" }; break;
            default: _gate = (null, "There is no QualityGate answers"); break;
        }

        var plan = Step();
        Assert.Equal((RolloutPhase.RollingBack, 0), (plan.Status.Phase, plan.Status.CandidateWeight));
        Assert.Contains(why, plan.Status.Message, StringComparison.Ordinal);
        Assert.Equal("Aborted", plan.Status.History![^1].What);
    }

    [Fact]
    public void Scaling_and_naming_the_deployment_meanwhile_is_no_change_of_what_was_compared()
    {
        Gates();
        _stable = _stable! with { Spec = _stable.Spec with { Scaling = new ScalingSpec { Replicas = 3 }, Gateway = new GatewaySpec { ModelName = "other" } } };
        Assert.Equal(RolloutPhase.Progressing, Step().Status.Phase);
    }

    public static TheoryData<string, string> Obstacles => new()
    {
        { "no deployment", "There is no ModelDeployment m" },
        { "replaced", "m was replaced by m-2: change that one" },
        { "does not run", "does not answer now" },
        { "another", "goes first: one at a time" },
        { "no candidate", "spec.candidate makes no ModelDeployment" },
        { "underpowered", "cannot show what it asks for" },
        { "no steps", "spec.steps is empty" },
        { "judge", "name a deployment that is to judge in spec.judge of QualityGate answers" },
        { "no suite", "names the EvaluationSuite s, which does not exist" },
    };

    [Theory]
    [MemberData(nameof(Obstacles))]
    public void What_is_known_to_end_badly_is_not_begun(string how, string why)
    {
        switch (how)
        {
            case "no deployment": _stable = null; break;
            case "replaced": _stable = _stable! with { Metadata = _stable.Metadata with { Annotations = new Dictionary<string, string> { [ModelRollout.ReplacedByAnnotation] = "m-2" } } }; break;
            case "does not run": _stable = Deployment("m", DeploymentPhase.Deploying); break;
            case "another": _others = [_rollout with { Metadata = new ObjectMeta { Name = "older", Uid = "0", CreationTimestamp = s_start - TimeSpan.FromMinutes(1) } }]; break;
            case "no candidate": _rollout = _rollout with { Spec = _rollout.Spec with { Candidate = Json("""{"model":{"id":"no model"}}""") } }; break;
            case "no steps": _rollout = _rollout with { Spec = _rollout.Spec with { Steps = [] } }; break;
            case "judge": _gate = GateSetup.Of("answers", Gate(), Suite(200, """{"type":"judge","with":{"rubric":"Is it polite?"}}"""), 2); break;
            case "underpowered": _gate = GateSetup.Of("answers", Gate(), Suite(20), 2); break;
            default: _gate = GateSetup.Of("answers", Gate(), null, 2); break;
        }

        var plan = Step();
        Assert.Equal(RolloutPhase.Pending, plan.Status.Phase);
        Assert.Contains(why, plan.Status.Message, StringComparison.Ordinal);
        Assert.Null(plan.Create);
    }

    [Fact]
    public void Of_two_that_wait_the_older_begins_and_one_that_is_over_is_no_obstacle()
    {
        var older = _rollout with { Metadata = new ObjectMeta { Name = "older", Uid = "0", CreationTimestamp = s_start - TimeSpan.FromMinutes(1) } };
        var mine = _rollout;
        _others = [older];
        Assert.Equal(RolloutPhase.Pending, Step().Status.Phase);
        (_rollout, _others) = (older, [mine]);
        Assert.Equal(RolloutPhase.Provisioning, Step().Status.Phase);
        (_rollout, _others) = (mine, [older with { Status = new ModelRolloutStatus { Phase = RolloutPhase.RolledBack } }]);
        Assert.Equal(RolloutPhase.Provisioning, Step().Status.Phase);
    }

    [Fact]
    public void What_was_promoted_can_be_undone_as_long_as_the_other_is_kept()
    {
        Canary();
        _traffic = new SeenTraffic(300, 0, 0);
        _now += TimeSpan.FromSeconds(31);
        Step();
        Assert.Equal(RolloutPhase.Promoting, Step().Status.Phase);
        _rollout = _rollout with { Spec = _rollout.Spec with { Abort = true } };
        var plan = Step();
        Assert.Equal((RolloutPhase.RollingBack, 0), (plan.Status.Phase, plan.Status.CandidateWeight));
        Assert.Contains("it was undone", plan.Status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Traffic_moves_on_only_where_answers_are_shown_to_be_as_fast_as_they_have_to()
    {
        Limited(new LatencyLimit { Measure = LatencyMeasure.FirstToken, Ratio = 1.2 }, new LatencyLimit { Measure = LatencyMeasure.WholeAnswer, Seconds = 2, Quantile = 0.5 });
        var waits = Step();
        Assert.Equal(0, waits.Status.CandidateWeight);
        Assert.Contains("Waits until m has answered enough requests to say how long its first token takes", waits.Status.Message, StringComparison.Ordinal);

        _usual = TimeSpan.FromSeconds(0.5);
        Assert.Equal("the candidate answers 20 of 100 requests, first token within 600 ms, whole answer within 2 s", Step().Status.History![^1].Why);
        // What it is compared with does not move with what comes after.
        _usual = TimeSpan.FromSeconds(5);
        (_traffic, _slower) = (new SeenTraffic(300, 0, 0), [new SlowAnswers(10, 0), new SlowAnswers(300, 20)]);
        _now += TimeSpan.FromSeconds(31);
        var open = Step();
        Assert.Equal((20, 10, 0, 0.6), (open.Status.CandidateWeight, open.Status.Traffic!.Latency![0].Requests, open.Status.Traffic.Latency[0].Slower, open.Status.Traffic.Latency[0].LimitSeconds));
        Assert.Contains("first token later than 600 ms: 0 of 10, about", open.Status.Message, StringComparison.Ordinal);

        (_traffic, _slower) = (new SeenTraffic(0, 0, 0), [new SlowAnswers(200, 4), new SlowAnswers(0, 0)]);
        var passed = Step();
        Assert.Equal(1, passed.Status.Step);
        Assert.Contains("4 of 210, shown to be at most 10 in 100", passed.Status.History![^1].Why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_ratio_comes_to_a_limit_of_its_own_for_each_size_of_request()
    {
        Limited(new LatencyLimit { Measure = LatencyMeasure.FirstToken, Ratio = 1.5 }, new LatencyLimit { Measure = LatencyMeasure.FirstToken, Seconds = 3 });
        (_usual, _sizes) = (TimeSpan.FromSeconds(1), [new() { UpToBytes = 1024, LimitSeconds = 0.1 }, new() { LimitSeconds = 4 }]);
        Step();
        var plan = Step();
        Assert.Equal("the candidate answers 20 of 100 requests, first token within 1.5 s (150 ms to 1 KiB, 6 s above), first token within 3 s", plan.Status.History![^1].Why);
        Assert.Equal([0.15, 6], plan.Status.Traffic!.Latency![0].Sizes!.Select(static s => s.LimitSeconds));
        // Seconds are what somebody wants, whatever is asked.
        Assert.Null(plan.Status.Traffic.Latency[1].Sizes);
    }

    [Fact]
    public void A_candidate_that_is_shown_to_be_too_slow_is_turned_down()
    {
        Limited(new LatencyLimit { Measure = LatencyMeasure.BetweenTokens, Seconds = 0.04 });
        Step();
        (_traffic, _slower) = (new SeenTraffic(60, 0, 0), [new SlowAnswers(60, 40)]);
        var plan = Step();
        Assert.Equal((RolloutPhase.RollingBack, 0), (plan.Status.Phase, plan.Status.CandidateWeight));
        Assert.Contains("it is too slow, time between tokens later than 40 ms: 40 of 60, shown to be more than 10 in 100", plan.Status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_chance_of_a_false_end_is_shared_by_all_tests_that_can_end_it() =>
        Assert.Equal((0.025, 0.05), (_gate.Item1!.Test.AlphaFail, _gate.Item1.Test.Alpha));

    private void Gates()
    {
        Step();
        _candidate = Step().Create! with { Status = new ModelDeploymentStatus { Phase = DeploymentPhase.Running } };
        Step();
    }

    [Fact]
    public void What_cannot_be_divided_is_not_begun_and_says_why()
    {
        _obstacle = "there is no Gateway";
        Assert.Equal((RolloutPhase.Pending, "there is no Gateway"), (Step().Status.Phase, _rollout.Status!.Message));
        _obstacle = null;
        Assert.Equal(RolloutPhase.Provisioning, Step().Status.Phase);
    }

    [Fact]
    public void A_limit_that_an_engine_cannot_count_by_becomes_the_next_one_that_it_can()
    {
        Limited(new LatencyLimit { Measure = LatencyMeasure.FirstToken, Seconds = 0.43 });
        _countable = static _ => null;
        Step();
        Assert.Equal(0, Step().Status.CandidateWeight);
        Assert.Contains("Waits until answers can be counted by whether their first token is later than 430 ms", _rollout.Status!.Message, StringComparison.Ordinal);
        _countable = static _ => 0.5;
        Assert.Equal((20, 0.5), (Step().Status.CandidateWeight, _rollout.Status!.Traffic!.Latency![0].LimitSeconds));
        Assert.Contains("first token within 500 ms", _rollout.Status.History![^1].Why, StringComparison.Ordinal);
    }

    private void Canary()
    {
        Gates();
        Judge("Pass");
        Step();
        Step();
    }

    private void Limited(params LatencyLimit[] limits)
    {
        _rollout = Rollout([new RolloutStep { Canary = new CanaryStep { Weight = 20 } }]);
        _rollout = _rollout with { Spec = _rollout.Spec with { Latency = limits } };
        Step();
        _candidate = Step().Create! with { Status = new ModelDeploymentStatus { Phase = DeploymentPhase.Running } };
    }

    private void Judge(string verdict, string reason = "so it is", long asked = 100, long same = 100)
    {
        var known = _rollout.Status!.Gates![0];
        _runs["answers"] = new GateRunState(known with { Verdict = verdict, Reason = reason, Asked = asked, Same = same, Prompts = asked }, null);
    }

    private RolloutPlan Step()
    {
        var plan = RolloutPlanner.Plan(new RolloutView(_rollout, _stable, _candidate, _others, _ => _gate, _runs, _traffic, _slower, (measure, quantile) => _usual, (_, seconds) => _countable(seconds), _ => _obstacle, _now) { UsualBySize = (_, _) => _sizes });
        _rollout = _rollout with { Status = plan.Status };
        return plan;
    }

    private static ModelRollout Rollout(IReadOnlyList<RolloutStep> steps) => new()
    {
        Metadata = new ObjectMeta { Name = "r", Namespace = "default", Uid = "uid", Generation = 1, CreationTimestamp = s_start },
        Spec = new ModelRolloutSpec { DeploymentRef = new LocalReference { Name = "m" }, Candidate = Json("""{"model":{"id":"org/better"}}"""), Steps = steps },
    };

    private static ModelDeployment Deployment(string name, DeploymentPhase phase) => new()
    {
        Metadata = new ObjectMeta { Name = name, Namespace = "default", Uid = name },
        Spec = new ModelDeploymentSpec { Model = new ModelSpec { Id = "org/m" } },
        Status = new ModelDeploymentStatus { Phase = phase },
    };

    private static QualityGate Gate() => new() { Metadata = new ObjectMeta { Name = "answers" }, Spec = new QualityGateSpec { SuiteRef = new LocalReference { Name = "s" }, Margin = 0.1 } };

    private static EvaluationSuite Suite(int prompts, string grader = """{"type":"exact"}""") => new()
    {
        Metadata = new ObjectMeta { Name = "s" },
        Spec = new EvaluationSuiteSpec
        {
            Graders = [JsonSerializer.Deserialize(grader, Slipway.Api.SlipwayJson.Default.EvaluationGrader)!],
            Prompts = [.. Enumerable.Range(0, prompts).Select(static i => new EvaluationPrompt { Id = $"{i}", Prompt = "?", Expected = ["!"] })],
        },
    };

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
