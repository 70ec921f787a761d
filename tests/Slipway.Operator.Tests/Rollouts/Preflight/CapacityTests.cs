using Slipway.Api.ModelDeployments;
using Slipway.Api.Rollouts;
using Slipway.Operator.Rollouts.Preflight;
using Slipway.Operator.Rollouts.Traffic;

namespace Slipway.Operator.Tests.Rollouts.Preflight;

/// <summary>Who has how many replicas while a rollout is under way.</summary>
public sealed class CapacityTests
{
    private static readonly RolloutStep[] s_half = [RolloutStage.Canary(50)];
    private static readonly RolloutCapacity s_swap = new() { Strategy = CapacityStrategy.Swap };

    [Fact]
    public void What_finds_no_room_is_not_made_says_what_to_do_and_goes_on_by_itself()
    {
        var stage = new RolloutStage(2, s_half) { Room = new Room(false, "it needs 2 nvidia.com/gpu (2 replicas), and 1 of 4 is free; the others are held by default/m (2), other/x (1)") };
        var plan = stage.Pass();
        Assert.Equal((RolloutPhase.Pending, null), (plan.Status.Phase, plan.Status.CandidateName));
        Assert.StartsWith("No room for the candidate now: it needs 2 nvidia.com/gpu (2 replicas), and 1 of 4 is free; the others are held by default/m (2), other/x (1). It goes on by itself", plan.Status.Message, StringComparison.Ordinal);
        Assert.Contains("spec.capacity.candidateReplicas", plan.Status.Message, StringComparison.Ordinal);
        Assert.Contains("spec.capacity.strategy: Swap", plan.Status.Message, StringComparison.Ordinal);
        Assert.NotNull(plan.After);

        stage.Room = new Room(true, "it needs 2 nvidia.com/gpu (2 replicas), and 2 of 4 are free");
        Assert.EndsWith("in 1 steps; it needs 2 nvidia.com/gpu (2 replicas), and 2 of 4 are free", stage.Pass().Status.History![^1].Why, StringComparison.Ordinal);
        Assert.NotNull(stage.Pass().Create);
    }

    [Fact]
    public void What_is_not_known_stops_nothing_and_is_said()
    {
        var stage = new RolloutStage(1, s_half) { Room = Room.Unknown("the cluster names no nodes") };
        Assert.Equal(RolloutPhase.Provisioning, stage.Pass().Status.Phase);
        Assert.EndsWith("whether there is room for it is not known: the cluster names no nodes", stage.Status.History![^1].Why, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Refused => new()
    {
        { "most", "takes 4 accelerators beside m, and spec.capacity.maxExtraAccelerators allows 3" },
        { "most unknown", "How many accelerators the candidate takes is not known, and spec.capacity.maxExtraAccelerators allows 3" },
        { "too many", "spec.capacity.candidateReplicas is 3, and the candidate declares 2 replicas" },
        { "autoscaled", "m scales with the load" },
        { "autoscaled candidate", "The candidate scales with the load, and spec.capacity.candidateReplicas wants a number" },
        { "last one", "users would get 503 until the candidate answers. Allow it with spec.capacity.allowDowntime: true" },
        { "last one with gates", "a gate asks both sides, and there would be one" },
        { "last one shared", "of 100 requests 50 would find nobody" },
        { "somebody else's", "m is run by other, a runtime of somebody else's that knows nothing of what Swap takes" },
        { "never enough", "No room for the candidate even in the place of all 2 replicas of m" },
        { "money unknown", "spec.budget.money needs to know what the candidate runs on costs, and that is not known (n1: no price" },
        { "seconds of nothing", "spec.budget.acceleratorSeconds would limit nothing" },
        { "seconds unknown", "spec.budget.acceleratorSeconds needs to know how many accelerators the candidate takes" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_cannot_be_carried_out_is_refused_by_name_before_anything_is_made(string how, string why)
    {
        var known = new Room(true, "so it is") { CandidateEach = 2, StableEach = 2 };
        var stage = how switch
        {
            "most" => new RolloutStage(2, s_half, new RolloutCapacity { MaxExtraAccelerators = 3 }) { Room = known },
            "most unknown" => new RolloutStage(2, s_half, new RolloutCapacity { MaxExtraAccelerators = 3 }) { Room = Room.Unknown("?") },
            "too many" => new RolloutStage(2, s_half, new RolloutCapacity { CandidateReplicas = 3 }),
            "autoscaled" => new RolloutStage(2, s_half, s_swap),
            "autoscaled candidate" => new RolloutStage(2, s_half, new RolloutCapacity { CandidateReplicas = 1 }),
            "last one" => new RolloutStage(1, s_half, s_swap),
            "last one with gates" => new RolloutStage(1, [new RolloutStep { Gates = ["answers"] }], s_swap with { AllowDowntime = true }) { Gate = (null, null) },
            "last one shared" => new RolloutStage(1, s_half, s_swap with { AllowDowntime = true }),
            "somebody else's" => new RolloutStage(2, s_half, s_swap) { Room = known with { RunBy = "other" } },
            "never enough" => new RolloutStage(2, s_half, s_swap) { Room = new Room(false, "so it is") { CandidateEach = 8, StableEach = 2, Free = 1 } },
            "money unknown" => new RolloutStage(2, s_half, budget: new RolloutBudget { Money = 5 }) { Room = known with { NoPrice = "n1: no price" } },
            "seconds of nothing" => new RolloutStage(2, s_half, budget: new RolloutBudget { AcceleratorSeconds = 5 }) { Room = known with { CandidateEach = 0 } },
            _ => new RolloutStage(2, s_half, budget: new RolloutBudget { AcceleratorSeconds = 5 }) { Room = Room.Unknown("?") },
        };
        if (how.StartsWith("autoscaled", StringComparison.Ordinal)) stage.Stable = stage.Stable! with { Spec = stage.Stable.Spec with { Scaling = new ScalingSpec { Replicas = 2, Autoscaling = new AutoscalingSpec { MaxReplicas = 4 } } } };
        var plan = stage.Pass();
        Assert.Equal(RolloutPhase.Pending, plan.Status.Phase);
        Assert.Contains(why, plan.Status.Message, StringComparison.Ordinal);
        Assert.Null(plan.Status.CandidateName);
    }

    [Theory]
    // Of 4 replicas with 2 each, beside so many free: how many are given up for a candidate that takes 2, 3 or 4.
    [InlineData(0, 2, 3)]
    [InlineData(1, 2, 3)]
    [InlineData(0, 4, 2)]
    [InlineData(1, 3, 3)]
    [InlineData(2, 4, 3)]
    public void No_more_is_given_up_than_is_missing(long free, int wanted, int left)
    {
        var stage = new RolloutStage(4, s_half, s_swap) { Room = new Room(false, "so it is") { CandidateEach = wanted, StableEach = 2, Free = free } };
        stage.Pass();
        Assert.Equal((4, left, 1), (stage.Status.Capacity!.Replicas, stage.Status.Capacity.StableReplicas, stage.Status.Capacity.CandidateReplicas));
    }

    [Fact]
    public void Where_both_have_room_nothing_is_given_up()
    {
        var stage = new RolloutStage(2, s_half, s_swap) { Room = new Room(true, "it needs 1 and 3 are free") { CandidateEach = 1, StableEach = 1, Free = 3 } };
        stage.Pass();
        Assert.Equal(2, stage.Status.Capacity!.StableReplicas);
        Assert.Null(ReplicaShare.Of(stage.Rollout));
    }

    [Fact]
    public void A_swap_goes_replica_by_replica_never_with_more_than_there_were_and_one_is_kept_to_go_back_to()
    {
        var stage = new RolloutStage(3, s_half, s_swap);
        stage.Pass();
        // Written down before anything changes, and nothing is made until the place is free.
        Assert.Equal((3, 2), (stage.Status.Capacity!.Replicas, ReplicaShare.Of(stage.Rollout)!.Replicas));
        var waits = stage.Pass();
        Assert.Null(waits.Create);
        Assert.Equal("m gives up 1 of 3 replicas: 3 still there", waits.Status.Message);
        stage.Until(static s => s.CandidateWeight == 50);
        Assert.Equal(1, stage.Candidate!.Spec.Scaling!.Replicas);
        stage.Traffic = new SeenTraffic(300, 0, 0);
        while (stage.Status.Phase is not RolloutPhase.Promoting)
        {
            stage.Do();
            Assert.InRange(stage.Stable!.Status!.Replicas!.Desired!.Value + stage.Candidate!.Spec.Scaling!.Replicas!.Value, 1, 3);
            stage.Now += TimeSpan.FromSeconds(1);
        }

        Assert.Equal((1, 2), (stage.Status.Capacity!.StableReplicas, stage.Candidate.Spec.Scaling!.Replicas));
        Assert.Contains(stage.Status.History!, static h => h.What == "Swapped" && h.Why == "m keeps 1 of 3 replicas, the candidate gets 2 and answers 50 of 100 requests");
        stage.Until(static s => s.Phase is RolloutPhase.Promoted);
        Assert.Null(ReplicaShare.Of(stage.Rollout));
    }

    public static TheoryData<int> Passes => [.. Enumerable.Range(1, 12)];

    [Theory]
    [MemberData(nameof(Passes))]
    public void Whenever_it_is_aborted_the_candidate_goes_first_and_the_deployment_has_again_what_it_had(int passes)
    {
        var stage = new RolloutStage(3, s_half, s_swap);
        for (var i = 0; i < passes; i++)
        {
            stage.Do();
            if (stage.Status.CandidateWeight == 50) stage.Traffic = new SeenTraffic(300, 0, 0);
            stage.Now += TimeSpan.FromSeconds(1);
        }

        stage.Rollout = stage.Rollout with { Spec = stage.Rollout.Spec with { Abort = true } };
        while (stage.Status.Phase is not RolloutPhase.RolledBack)
        {
            stage.Do();
            // As long as it is there the place is taken.
            if (stage.Candidate is not null) Assert.True(stage.Stable!.Status!.Replicas!.Desired < 3);
            stage.Now += TimeSpan.FromSeconds(5);
        }

        stage.Do();
        Assert.Equal((null, 3), (stage.Candidate, stage.Stable!.Status!.Replicas!.Desired));
        Assert.Equal(3, stage.Status.Capacity!.StableReplicas);
    }

    [Fact]
    public void Where_downtime_is_allowed_the_last_one_goes_and_a_candidate_that_fails_is_not_kept_in_its_place()
    {
        var stage = new RolloutStage(1, [RolloutStage.Canary(100)], s_swap with { AllowDowntime = true });
        stage.Until(static s => s.CandidateWeight == 100);
        Assert.Equal(0, stage.Stable!.Status!.Replicas!.Desired);
        stage.Traffic = new SeenTraffic(60, 60, 0);
        stage.Do();
        Assert.Equal(RolloutPhase.RollingBack, stage.Status.Phase);
        stage.Now += TimeSpan.FromSeconds(4);
        Assert.True(stage.Do().Delete);
        stage.Until(static s => s.Phase is RolloutPhase.RolledBack);
        Assert.Equal(1, stage.Stable!.Status!.Replicas!.Desired);
    }

    [Fact]
    public void A_candidate_that_is_judged_with_fewer_replicas_gets_the_others_before_it_answers_all()
    {
        var stage = new RolloutStage(4, s_half, new RolloutCapacity { CandidateReplicas = 1 });
        stage.Until(static s => s.CandidateWeight == 50);
        Assert.Equal(1, stage.Candidate!.Spec.Scaling!.Replicas);
        stage.Traffic = new SeenTraffic(300, 0, 0);
        stage.Do();
        Assert.Equal(4, stage.Pass().Scale);
        // They are not there yet.
        Assert.Equal((50, RolloutPhase.Progressing), (stage.Pass().Status.CandidateWeight, stage.Status.Phase));
        Assert.Contains("1 of the candidate's 4 replicas answers before it takes all requests", stage.Status.Message, StringComparison.Ordinal);
        stage.Until(static s => s.Phase is RolloutPhase.Promoting);
        Assert.Equal(4, stage.Candidate!.Spec.Scaling!.Replicas);
    }

    [Fact]
    public void The_first_answers_of_a_step_do_not_count_for_latency_and_their_errors_do()
    {
        var stage = new RolloutStage(1, [RolloutStage.Canary(20, warmup: 100)]);
        stage.Rollout = stage.Rollout with { Spec = stage.Rollout.Spec with { Latency = [new LatencyLimit { Measure = LatencyMeasure.WholeAnswer, Seconds = 1 }] } };
        stage.Until(static s => s.CandidateWeight == 20);
        (stage.Traffic, stage.Slower) = (new SeenTraffic(100, 1, 0), [new SlowAnswers(99, 99)]);
        stage.Do();
        Assert.Equal((RolloutPhase.Progressing, 1, 0), (stage.Status.Phase, stage.Status.Traffic!.Failures, stage.Status.Traffic.Latency![0].Requests));
        (stage.Traffic, stage.Slower) = (new SeenTraffic(200, 0, 0), [new SlowAnswers(200, 0)]);
        stage.Do();
        Assert.Equal("CanaryPassed", stage.Status.History![^1].What);
    }
}
