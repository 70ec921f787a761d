using Slipway.Api.Rollouts;
using Slipway.Operator.Rollouts.Preflight;
using Slipway.Operator.Rollouts.Traffic;

namespace Slipway.Operator.Tests.Rollouts.Preflight;

/// <summary>What a candidate's answers may cost.</summary>
public sealed class CostTests
{
    [Theory]
    // Twice the accelerators may have half the time; ten in a hundred answers may take longer.
    [InlineData(2, 4, RolloutPhase.Progressing)]
    [InlineData(2, 60, RolloutPhase.RollingBack)]
    public void What_a_replica_costs_more_its_answers_have_to_be_faster_by(double factor, int slower, RolloutPhase phase)
    {
        var stage = Stage(new Room(true, "so it is") { CandidateEach = 2, StableEach = 1, CostFactor = factor });
        stage.Usual = TimeSpan.FromSeconds(2);
        stage.Until(static s => s.CandidateWeight == 50);
        Assert.Equal(("the candidate answers 50 of 100 requests, whole answer within 1.2 s", factor), (stage.Status.History![^1].Why, stage.Status.Capacity!.CostFactor));
        (stage.Traffic, stage.Slower) = (new SeenTraffic(200, 0, 0), [new SlowAnswers(200, slower)]);
        var plan = stage.Pass();
        Assert.Equal(phase, plan.Status.Phase);
        Assert.Contains(
            phase is RolloutPhase.RollingBack ? "it costs too much, whole answer later than 1.2 s, which is 1.2 times what an answer costs now: 60 of 200, shown to be more than 10 in 100" : "which is 1.2 times what an answer costs now: 4 of 200",
            plan.Status.History![^1].Why, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_compared_is_refused_with_the_reason_before_anything_is_made()
    {
        var plan = Stage(new Room(true, "so it is") { NoFactor = "n0: no price for it" }).Pass();
        Assert.Equal((RolloutPhase.Pending, null), (plan.Status.Phase, plan.Create));
        Assert.Contains("What the candidate costs beside m is not known: n0: no price for it. Leave spec.cost out", plan.Status.Message, StringComparison.Ordinal);
        Assert.Contains("not known: nobody looked", Stage(null).Pass().Status.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "spec.cost is judged by requests of users, and no step gives the candidate any")]
    [InlineData(false, "spec.latency is judged by requests of users, and no step gives the candidate any")]
    public void A_limit_that_no_step_would_judge_is_refused(bool cost, string why)
    {
        var stage = new RolloutStage(1, [new RolloutStep { Pause = new PauseStep() }]) { Room = new Room(true, "") { CostFactor = 1 } };
        stage.Rollout = stage.Rollout with { Spec = stage.Rollout.Spec with { Cost = cost ? new CostLimit { Ratio = 1 } : null, Latency = cost ? null : [new LatencyLimit { Measure = LatencyMeasure.FirstToken, Seconds = 1 }] } };
        Assert.Contains(why, stage.Pass().Status.Message, StringComparison.Ordinal);
    }

    private static RolloutStage Stage(Room? room)
    {
        var stage = new RolloutStage(1, [RolloutStage.Canary(50)]) { Room = room };
        stage.Rollout = stage.Rollout with { Spec = stage.Rollout.Spec with { Cost = new CostLimit { Ratio = 1.2 } } };
        return stage;
    }
}
