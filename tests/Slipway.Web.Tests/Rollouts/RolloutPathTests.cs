using Slipway.Api.Rollouts;
using Slipway.Web.Rollouts;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Web.Tests.Rollouts;

public sealed class RolloutPathTests
{
    // W waits, A is under way, D is done, F failed: candidate, gate, pause, canary, place.
    [Theory]
    [InlineData(RolloutPhase.Pending, 0, "WWWWW")]
    [InlineData(RolloutPhase.Provisioning, 0, "AWWWW")]
    [InlineData(RolloutPhase.Progressing, 0, "DAWWW")]
    [InlineData(RolloutPhase.Paused, 1, "DDAWW")]
    [InlineData(RolloutPhase.Progressing, 2, "DDDAW")]
    [InlineData(RolloutPhase.Promoting, 3, "DDDDA")]
    [InlineData(RolloutPhase.Promoted, 3, "DDDDD")]
    [InlineData(RolloutPhase.RolledBack, 2, "DDDFW")]
    // Nothing was asked yet: it was the candidate that did not come up.
    [InlineData(RolloutPhase.RollingBack, 0, "FWWWW")]
    public void The_path_shows_where_it_is(RolloutPhase phase, int step, string states) =>
        Assert.Equal(states, string.Concat(RolloutPath.Of(FakeRollouts.Rollout("r", phase, step)).Select(static s => $"{s.State}"[0])));

    [Fact]
    public void What_was_undone_had_passed_its_steps()
    {
        var undone = FakeRollouts.Rollout("r", RolloutPhase.RolledBack, 3, static s => s with { History = [Decided("Promoting", 3, 60), Decided("Aborted", 3, 90)] });
        Assert.Equal("DDDDF", string.Concat(RolloutPath.Of(undone).Select(static s => $"{s.State}"[0])));
    }

    [Fact]
    public void Steps_of_parity_and_shadow_say_what_they_show()
    {
        var rollout = FakeRollouts.Rollout("r", RolloutPhase.Progressing, 1, static s => s with
        {
            Parity = [new ParityStatus { Step = 0, Verdict = "Pass", Reason = "divergence 0.01 nats a token at least" }],
            Shadow = [new ShadowStatus { Step = 1, Source = ShadowSource.Recorded, Verdict = "Running", Asked = 30, Total = 120, Failures = 1, Latency = [new LatencyEvidence { Measure = LatencyMeasure.FirstToken, LimitSeconds = 1, Requests = 29, Slower = 2 }] }],
        });
        rollout = rollout with { Spec = rollout.Spec with { Steps = [new RolloutStep { Parity = new ParityStep { SuiteRef = new LocalReference { Name = "s" }, MostDivergence = 1 } }, new RolloutStep { Shadow = new ShadowStep { Source = ShadowSource.Recorded } }, new RolloutStep { Shadow = new ShadowStep { Source = ShadowSource.Live, Percent = 10 } }] } };
        var path = RolloutPath.Of(rollout);
        Assert.Equal("DDAWW", string.Concat(path.Select(static s => $"{s.State}"[0])));
        Assert.Equal(("Token by token", "divergence 0.01 nats a token at least"), (path[1].Title, path[1].Text));
        Assert.Equal(("Recorded requests, asked again", "30 of 120 asked, 1 failed, first token too slow for 2 of 29", 0.25), (path[2].Title, path[2].Text, path[2].Share));
        Assert.Equal("Copies of 10 in 100 requests", path[3].Title);
    }

    [Fact]
    public void The_traffic_is_drawn_from_what_was_decided()
    {
        var rollout = FakeRollouts.Rollout("r", RolloutPhase.RolledBack, 2, static s => s with { History = [Decided("Started", 0, 0), Decided("Shifted", 2, 40), Decided("Aborted", 2, 100)] });
        var course = WeightCourse.Of(rollout, DateTimeOffset.UnixEpoch.AddDays(1))!;
        Assert.Equal([(0, 0), (40, 10), (100, 0), (100, 0)], course.Points.Select(static p => ((int)p.X, (int)p.Y!)));
        Assert.Equal(100, course.Seconds);
    }

    [Fact]
    public void What_has_not_begun_has_no_course() =>
        Assert.Null(WeightCourse.Of(FakeRollouts.Rollout("r", RolloutPhase.Pending, 0, static s => s with { StartTime = null }), DateTimeOffset.UnixEpoch));

    private static RolloutDecision Decided(string what, int step, int second) => new() { Time = DateTimeOffset.UnixEpoch.AddSeconds(second), Step = step, What = what, Why = "why" };
}
