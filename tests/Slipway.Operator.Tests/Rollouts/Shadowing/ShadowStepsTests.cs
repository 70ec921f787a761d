using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Rollouts;
using Slipway.Operator.Rollouts;
using Slipway.Operator.Rollouts.Shadowing;
using Slipway.Operator.Rollouts.Traffic;

namespace Slipway.Operator.Tests.Rollouts.Shadowing;

public sealed class ShadowStepsTests
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly Tape _tape = Tape.Of(200);
    private DateTimeOffset _now = s_start;
    private ModelRollout _rollout = Tape.Rollout(new ShadowStep { Source = ShadowSource.Recorded });
    private ModelDeployment? _candidate;
    private ShadowRunState? _run;
    private SeenCopies _copies = SeenCopies.None;

    [Fact]
    public void Recorded_requests_that_show_enough_take_a_rollout_on()
    {
        Up();
        var begun = Step();
        Assert.Equal((200, "Running", 0), (begun.Status.Shadow![0].Total, begun.Status.Shadow[0].Verdict, begun.Status.CandidateWeight));
        Assert.NotNull(begun.Replay!.Setup);
        _run = new ShadowRunState(begun.Replay.From with { Asked = 40, Requests = 40, Position = "40" }, null, null);
        var going = Step();
        Assert.Null(going.Replay!.Setup);
        Assert.Equal(("Shadow: 40 of 200 recorded requests asked, 0 failed", 40), (going.Status.Message, going.Status.Shadow![0].Asked));
        Ends("Pass", "so it is");
        Assert.Equal((1, "ShadowPassed"), (Step().Status.Step, _rollout.Status!.History![^1].What));
        Assert.Equal(RolloutPhase.Promoting, Step().Status.Phase);
    }

    [Fact]
    public void What_fails_is_turned_down_and_what_is_not_decided_waits_for_somebody()
    {
        Up();
        Step();
        Ends("Undecided", "too few");
        Assert.Equal((RolloutPhase.Paused, "ShadowUndecided"), (Step().Status.Phase, _rollout.Status!.History![^1].What));
        Assert.Contains("which is no pass: too few", _rollout.Status.Message, StringComparison.Ordinal);
        // Whatever is found after.
        Ends("Pass", "so it is");
        Assert.Equal(RolloutPhase.Paused, Step().Status.Phase);
        _rollout = _rollout with { Spec = _rollout.Spec with { Approved = 1 } };
        Assert.Equal(1, Step().Status.Step);

        _rollout = Tape.Rollout(new ShadowStep { Source = ShadowSource.Recorded });
        (_run, _candidate) = (null, null);
        Up();
        Step();
        Ends("Fail", "failed: 30 of 40");
        Assert.Equal(RolloutPhase.RollingBack, Step().Status.Phase);
        Assert.Contains("users' requests, asked of the candidate: failed: 30 of 40", _rollout.Status!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_takes_over_draws_what_is_not_behind_it()
    {
        Up();
        var setup = Step().Replay!.Setup!;
        _run = new ShadowRunState(setup.Begin(0) with { Asked = 40, Requests = 40, Position = setup.Units[39].Position }, null, null);
        Step();
        _run = null;
        var taken = Step().Replay!;
        Assert.Equal((40, 160, setup.Units[40].Position), (taken.From.Asked, taken.Setup!.Units.Length, taken.Setup.Units[0].Position));
    }

    [Fact]
    public void Too_few_recordings_are_said_before_an_accelerator_is_spent()
    {
        _tape.Lines.RemoveRange(0, 190);
        var plan = Step();
        Assert.Equal(RolloutPhase.Pending, plan.Status.Phase);
        Assert.Contains("10 recorded requests of m can be asked again", plan.Status.Message, StringComparison.Ordinal);
        for (var i = 0; i < 190; i++) _tape.Add("?", "!");
        Assert.Equal(RolloutPhase.Provisioning, Step().Status.Phase);
    }

    [Fact]
    public void Live_copies_are_counted_timed_and_go_on_only_after_the_time_that_is_wanted()
    {
        _rollout = Tape.Rollout(new ShadowStep { Source = ShadowSource.Live, Percent = 20, MinSeconds = 60 }, [new LatencyLimit { Measure = LatencyMeasure.FirstToken, Seconds = 1 }, new LatencyLimit { Measure = LatencyMeasure.WholeAnswer, Ratio = 1.5 }]);
        Up();
        var begun = Step();
        Assert.Equal(0, begun.Status.CandidateWeight);
        Assert.Equal(new TrafficCopy(_candidate!.Metadata.Name!, 20, 4, TimeSpan.FromSeconds(120)), TrafficCopy.Of(_rollout));
        Assert.Contains("whole answer not counted: m has answered too few requests of late", begun.Status.Shadow![0].NotCounted![0], StringComparison.Ordinal);
        _copies = new SeenCopies(400, 1, 7, [new SlowAnswers(399, 3), new SlowAnswers(0, 0)]);
        var going = Step();
        Assert.Equal((400, 1, 7, 3), (going.Status.Shadow![0].Requests, going.Status.Shadow[0].Failures, going.Status.Shadow[0].Dropped, going.Status.Shadow[0].Latency![0].Slower));
        Step();
        Assert.Equal("20 of 100 requests are copied to the candidate (14 dropped); 60 s to go", _rollout.Status!.Message);
        _copies = SeenCopies.None;
        _now += TimeSpan.FromSeconds(61);
        Assert.Equal((1, "ShadowPassed"), (Step().Status.Step, _rollout.Status!.History![^1].What));
        Assert.Null(TrafficCopy.Of(_rollout));
    }

    [Fact]
    public void Live_copies_that_fail_end_it_and_none_at_all_show_nothing()
    {
        _rollout = Tape.Rollout(new ShadowStep { Source = ShadowSource.Live, Percent = 20, MinSeconds = 0 });
        Up();
        Step();
        _now += TimeSpan.FromHours(1);
        Assert.Contains("failed: 0 of 0, about ", Step().Status.Message, StringComparison.Ordinal);
        _copies = new SeenCopies(40, 20, 0, []);
        Assert.Equal(RolloutPhase.RollingBack, Step().Status.Phase);
        Assert.Contains("failed: 20 of 40", _rollout.Status!.Message, StringComparison.Ordinal);
    }

    private void Up()
    {
        Step();
        _candidate = Step().Create! with { Status = new ModelDeploymentStatus { Phase = DeploymentPhase.Running } };
    }

    private void Ends(string verdict, string reason) => _run = new ShadowRunState(_rollout.Status!.Shadow![0] with { Verdict = verdict, Reason = reason, Asked = 90 }, null, null);

    private RolloutPlan Step()
    {
        var stable = new ModelDeployment
        {
            Metadata = new ObjectMeta { Name = "m", Namespace = "default", Uid = "m" },
            Spec = new ModelDeploymentSpec { Model = new ModelSpec { Id = "org/m" } },
            Status = new ModelDeploymentStatus { Phase = DeploymentPhase.Running },
        };
        var plan = RolloutPlanner.Plan(new RolloutView(
            _rollout, stable, _candidate, [], static _ => (null, null), new Dictionary<string, GateRunState>(), new SeenTraffic(0, 0, 0), [], static (_, _) => null, static (_, s) => s, static _ => null, _now)
        {
            Steps = new StepView { Recorded = (step, behind) => ShadowSetup.Of(step, _rollout, _tape, behind, Tape.Nobody), Replay = _run, Copies = _copies },
        });
        _rollout = _rollout with { Status = plan.Status };
        return plan;
    }
}
