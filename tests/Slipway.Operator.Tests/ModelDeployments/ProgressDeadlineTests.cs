using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Operator.ModelDeployments;
using Slipway.Runtimes;

namespace Slipway.Operator.Tests.ModelDeployments;

public sealed class ProgressDeadlineTests
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(10);

    private ModelDeployment _deployment = new()
    {
        Metadata = new() { Name = "a", Generation = 1 },
        Spec = new() { Model = new() { Id = "org/model" } },
    };

    [Fact]
    public void A_deployment_that_does_not_come_up_in_time_has_failed_and_says_what_it_waited_for()
    {
        Assert.Equal(s_limit, Pass(DeploymentPhase.Deploying, 0).LookAgain);
        Assert.Equal((DeploymentPhase.Deploying, TimeSpan.FromMinutes(1)), (Pass(DeploymentPhase.Deploying, 9).State.Phase, Pass(DeploymentPhase.Deploying, 9).LookAgain));
        var late = Pass(DeploymentPhase.Deploying, 10).State;
        Assert.Equal((DeploymentPhase.Failed, "ProgressDeadlineExceeded", "Not up within 10 minutes: pulling"), (late.Phase, late.Reason, late.Message));
        Assert.Equal(DeploymentPhase.Failed, Pass(DeploymentPhase.Deploying, 60).State.Phase);
    }

    [Fact]
    public void One_that_comes_up_late_after_all_runs_and_a_later_crash_has_its_own_time()
    {
        Pass(DeploymentPhase.Deploying, 0);
        Pass(DeploymentPhase.Deploying, 10);
        Assert.Equal(DeploymentPhase.Running, Pass(DeploymentPhase.Running, 20).State.Phase);
        Assert.Equal((DeploymentPhase.Deploying, s_limit), (Pass(DeploymentPhase.Deploying, 300).State.Phase, Pass(DeploymentPhase.Deploying, 300).LookAgain));
        Assert.Equal(DeploymentPhase.Failed, Pass(DeploymentPhase.Deploying, 310).State.Phase);
    }

    [Fact]
    public void A_change_of_what_is_wanted_begins_the_time_again()
    {
        Pass(DeploymentPhase.Deploying, 0);
        Pass(DeploymentPhase.Deploying, 10);
        _deployment = _deployment with { Metadata = _deployment.Metadata with { Generation = 2 } };
        Assert.Equal((DeploymentPhase.Deploying, s_limit), (Pass(DeploymentPhase.Deploying, 11).State.Phase, Pass(DeploymentPhase.Deploying, 11).LookAgain));
    }

    [Fact]
    public void What_is_stopped_on_request_or_failed_for_good_waits_for_nothing()
    {
        Assert.Null(Pass(DeploymentPhase.Pending, 0, desired: 0).LookAgain);
        Assert.Equal(DeploymentPhase.Pending, Pass(DeploymentPhase.Pending, 100, desired: 0).State.Phase);
        Assert.Null(Pass(DeploymentPhase.Failed, 101).LookAgain);
    }

    private (RuntimeState State, TimeSpan? LookAgain) Pass(DeploymentPhase phase, int minute, int desired = 1)
    {
        var now = s_start.AddMinutes(minute);
        var conditions = new ConditionSet(_deployment.Status?.Conditions, _deployment.Metadata.Generation, now);
        var state = new RuntimeState(phase, "Whatever", "pulling", new() { Desired = desired }, null, null);
        var held = ProgressDeadline.Hold(state, _deployment, s_limit, conditions, now);
        _deployment = _deployment with { Status = new() { ObservedGeneration = _deployment.Metadata.Generation, Conditions = conditions.Conditions } };
        return held;
    }
}
