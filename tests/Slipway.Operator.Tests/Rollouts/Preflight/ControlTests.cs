using Slipway.Api.Rollouts;
using Slipway.Operator.Rollouts.Traffic;

namespace Slipway.Operator.Tests.Rollouts.Preflight;

/// <summary>The control replica: a copy of the model as it is, as new as the candidate.</summary>
public sealed class ControlTests
{
    private static readonly RolloutCapacity s_control = new() { ControlReplica = true };

    [Fact]
    public void It_is_made_and_shares_and_goes_with_the_candidate_and_its_times_are_what_ratios_refer_to()
    {
        var stage = Stage(20);
        stage.Until(static s => s.CandidateWeight == 20);
        var (candidate, control) = (stage.Candidate!, stage.Control!);
        Assert.Equal(($"{candidate.Metadata.Name}-control", "org/m", "m", control.Metadata.Name), (control.Metadata.Name, control.Spec.Model.Id, control.Spec.Model.ServedName, control.Spec.Gateway!.ModelName));
        Assert.Equal(("r", candidate.Spec.Scaling!.Replicas), (control.Metadata.Labels![ModelRollout.Label], control.Spec.Scaling!.Replicas));
        Assert.Equal((20, 20), (TrafficShare.Of(stage.Rollout)!.Weight, TrafficShare.Of(stage.Rollout)!.ControlWeight));
        Assert.Equal("the candidate answers 20 of 100 requests, its control replica 20", stage.Status.History![^1].Why);

        // Both are cold, and users' first answers show it: nothing is held against the candidate before its control has answered as well.
        (stage.Traffic, stage.Slower) = (new SeenTraffic(300, 0, 0), []);
        stage.Do();
        Assert.Null(stage.Status.Traffic!.Latency);
        Assert.Contains("waits until the control replica has answered enough requests to say how long its first token takes", stage.Status.Message, StringComparison.Ordinal);
        stage.Usual = TimeSpan.FromSeconds(2);
        stage.Do();
        Assert.Equal((2.4, 0), (stage.Status.Traffic!.Latency![0].LimitSeconds, stage.Status.Traffic.Latency[0].Requests));
        stage.Slower = [new SlowAnswers(300, 5)];
        stage.Do();
        Assert.Equal("CanaryPassed", stage.Status.History![^1].What);

        stage.Until(static s => s.Phase is RolloutPhase.Promoting);
        Assert.Equal(0, TrafficShare.Of(stage.Rollout)!.ControlWeight);
        stage.ControlInFlight = 2;
        stage.Now += TimeSpan.FromSeconds(10);
        Assert.False(stage.Do().DeleteControl);
        stage.ControlInFlight = 0;
        stage.Until(static s => s.Phase is RolloutPhase.Promoted);
        Assert.Null(stage.Control);
    }

    [Fact]
    public void It_goes_before_a_rollout_that_is_turned_down_is_over_and_one_that_cannot_run_turns_it_down()
    {
        var stage = Stage(20);
        stage.Until(static s => s.CandidateWeight == 20);
        stage.Control = stage.Control! with { Status = new() { Phase = Api.ModelDeployments.DeploymentPhase.Failed, Message = "no memory" } };
        stage.Do();
        Assert.Equal("Turned down: the control replica cannot run: no memory", stage.Status.Message);
        stage.Until(static s => s.Phase is RolloutPhase.RolledBack);
        Assert.Equal((null, null), (stage.Candidate, stage.Control));
    }

    [Theory]
    [InlineData(60, CapacityStrategy.Surge, "beside 60 of 100 there are not as many")]
    [InlineData(20, CapacityStrategy.Swap, "Swap and ShadowOffline are for where there is not even that")]
    [InlineData(0, CapacityStrategy.Surge, "no step gives the candidate any")]
    public void What_it_cannot_be_compared_by_is_refused(int weight, CapacityStrategy strategy, string why)
    {
        var stage = new RolloutStage(2, weight == 0 ? [new RolloutStep { Pause = new PauseStep() }] : [RolloutStage.Canary(weight)], s_control with { Strategy = strategy });
        Assert.Equal(RolloutPhase.Pending, stage.Do().Status.Phase);
        Assert.Contains(why, stage.Status.Message, StringComparison.Ordinal);
    }

    private static RolloutStage Stage(int weight)
    {
        var stage = new RolloutStage(2, [RolloutStage.Canary(weight)], s_control);
        stage.Rollout = stage.Rollout with { Spec = stage.Rollout.Spec with { Latency = [new LatencyLimit { Measure = LatencyMeasure.FirstToken, Ratio = 1.2 }] } };
        return stage;
    }
}
