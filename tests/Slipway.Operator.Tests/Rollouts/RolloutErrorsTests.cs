using Slipway.Api.Rollouts;
using Slipway.Operator.Rollouts;
using Slipway.Operator.Rollouts.Traffic;

namespace Slipway.Operator.Tests.Rollouts;

/// <summary>Users' requests that come to nothing, by themselves and beside a control replica's.</summary>
public sealed class RolloutErrorsTests
{
    [Theory]
    [InlineData(200, 0, "failed: 0 of 200, shown to be at most 5 in 100", null)]
    [InlineData(200, 60, null, "requests fail: 60 of 200, shown to be more than 5 in 100")]
    public void Without_a_control_replica_they_are_judged_by_themselves(long requests, long failures, string? passed, string? failed) =>
        Assert.Equal((failed, passed, null), RolloutErrors.Judge(0.05, 0.02, new TrafficStatus { Requests = requests, Failures = failures }));

    [Fact]
    public void What_hits_the_control_replica_as_well_is_no_mark_against_the_candidate_and_no_pass()
    {
        // By itself it would be turned down for this.
        var (failed, passed, open) = RolloutErrors.Judge(0.05, 0.02, Beside(400, 120, 390, 115));
        Assert.Equal((null, null), (failed, passed));
        Assert.Contains("115 came to nothing, and as long as that are more than 5 in 100 nothing is shown by being as good", open, StringComparison.Ordinal);
        Assert.Equal("requests fail more often than the control replica's: 120 of 400 beside 2 of 390, shown to be more than 5 points more", RolloutErrors.Judge(0.05, 0.02, Beside(400, 120, 390, 2)).Failed);
    }

    [Fact]
    public void A_candidate_that_fails_as_seldom_as_its_control_passes_and_few_requests_decide_nothing()
    {
        Assert.Equal("failed: 3 of 400 beside 4 of 390, shown to be at most 5 points more than of the control replica's", RolloutErrors.Judge(0.05, 0.02, Beside(400, 3, 390, 4)).Passed);
        Assert.Contains("not decided yet", RolloutErrors.Judge(0.05, 0.02, Beside(10, 0, 10, 0)).Open, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(100, 0)]
    public void Where_shares_were_not_even_errors_are_judged_by_themselves(long controls, long failures)
    {
        Assert.StartsWith("requests fail: ", RolloutErrors.Judge(0.05, 0.02, Beside(400, 120, controls, failures)).Failed, StringComparison.Ordinal);
        Assert.StartsWith("failed: 0 of 400, shown", RolloutErrors.Judge(0.05, 0.02, Beside(400, 0, controls, failures)).Passed, StringComparison.Ordinal);
    }

    [Fact]
    public void Both_sides_are_counted_from_when_traffic_is_divided_and_kept_in_the_status()
    {
        var stage = new RolloutStage(2, [RolloutStage.Canary(20)], new RolloutCapacity { ControlReplica = true });
        stage.Until(static s => s.CandidateWeight == 20);
        for (var i = 0; i < 2; i++)
        {
            (stage.Traffic, stage.ControlTraffic) = (new SeenTraffic(30, 9, 0), new SeenTraffic(28, 8, 0));
            stage.Do();
        }

        Assert.Equal((60, 18, 56, 16), (stage.Status.Traffic!.Requests, stage.Status.Traffic.Failures, stage.Status.Traffic.ControlRequests, stage.Status.Traffic.ControlFailures));
        Assert.Equal(RolloutPhase.Progressing, stage.Status.Phase);
        (stage.Traffic, stage.ControlTraffic) = (new SeenTraffic(300, 150, 0), new SeenTraffic(310, 0, 0));
        stage.Do();
        Assert.Contains("requests fail more often than the control replica's: 168 of 360 beside 16 of 366", stage.Status.Message, StringComparison.Ordinal);
    }

    private static TrafficStatus Beside(long requests, long failures, long controls, long theirs) => new() { Requests = requests, Failures = failures, ControlRequests = controls, ControlFailures = theirs };
}
