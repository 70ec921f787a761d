using Slipway.Api.LocalEngines;
using Slipway.Api.ModelDeployments;
using Slipway.Web.Deployments;
using Slipway.Web.Tests.Fakes;
using Slipway.Web.Ui;
using static Slipway.Web.Ui.StepState;

namespace Slipway.Web.Tests.Deployments;

public sealed class ProgressPathTests
{
    [Fact]
    public void A_declaration_alone_waits_for_a_choice() => States(Given.Deployment("a"), Active, Waiting, Waiting, Waiting, Waiting);

    [Fact]
    public void A_download_shows_how_far_it_is_and_how_long_it_takes()
    {
        var engine = new LocalEngine
        {
            Spec = new LocalEngineSpec { Model = new LocalModel { Id = "a/b" }, ServedName = "b" },
            Status = new LocalEngineStatus { Download = new LocalDownload { BytesDone = 1 << 30, BytesTotal = 4L << 30, BytesPerSecond = 1 << 28 } },
        };
        var deployment = Given.Chosen(Given.Deployment("a", DeploymentPhase.Deploying, "", Given.Is(ConditionTypes.ResourceCreated), Given.IsNot(ConditionTypes.ModelDownloaded, "Downloading", "x")));
        var step = States(deployment, engine, Done, Done, Active, Waiting, Waiting)[2];
        Assert.Equal(0.25, step.Share);
        Assert.Equal("1 GiB of 4 GiB at 256 MiB/s, about 12 s left", step.Text);
    }

    [Fact]
    public void An_engine_that_loads_is_the_step_under_way() => States(
        Given.Chosen(Given.Deployment("a", DeploymentPhase.Deploying, "Loading", Given.Is(ConditionTypes.ResourceCreated), Given.Is(ConditionTypes.ModelDownloaded), Given.IsNot(ConditionTypes.Ready, "Starting", "Loading"))),
        Done, Done, Done, Active, Waiting);

    [Fact]
    public void A_model_that_answers_has_come_the_whole_way() => States(Given.Ready("a"), Done, Done, Done, Done, Done);

    [Theory]
    [InlineData(ConditionTypes.Validated, 0)]
    [InlineData(ConditionTypes.ResourceCreated, 1)]
    [InlineData(ConditionTypes.ModelDownloaded, 2)]
    public void What_fails_fails_at_its_own_step_and_nothing_after_it_has_begun(string type, int at)
    {
        var good = new[] { ConditionTypes.Validated, ConditionTypes.ResourceCreated, ConditionTypes.ModelDownloaded }.Where(t => t != type).Select(t => Given.Is(t));
        var deployment = Given.Chosen(Given.Deployment("a", DeploymentPhase.Failed, "why", [.. good, Given.IsNot(type, "Broken", "why")]));
        var steps = ProgressPath.Of(deployment, null);
        Assert.Equal(Failed, steps[at].State);
        Assert.Equal("why", steps[at].Text);
        Assert.All(steps.Take(at), s => Assert.Equal(Done, s.State));
        Assert.All(steps.Skip(at + 1), s => Assert.Equal(Waiting, s.State));
    }

    [Fact]
    public void A_pod_that_no_node_takes_is_not_scheduled() => States(
        Given.Chosen(Given.Deployment("a", DeploymentPhase.Deploying, "", Given.Is(ConditionTypes.ResourceCreated), Given.IsNot(ConditionTypes.Ready, "Unschedulable", "No node"))),
        Done, Active, Waiting, Waiting, Waiting);

    [Fact]
    public void What_is_stopped_on_request_waits_for_nothing()
    {
        var deployment = Given.Chosen(Given.Deployment("a"));
        var steps = ProgressPath.Of(deployment with { Spec = deployment.Spec with { Scaling = new ScalingSpec { Replicas = 0 } } }, null);
        Assert.Equal(["Runtime chosen", "Stopped"], steps.Select(s => s.Title));
    }

    [Fact]
    public void Troubles_are_said_once_and_progress_is_none()
    {
        Assert.Empty(Troubles.Of(Given.Deployment("a", DeploymentPhase.Deploying, "", Given.IsNot(ConditionTypes.ModelDownloaded, "Downloading", "x"), Given.IsNot(ConditionTypes.Ready, "Downloading", "x"))));
        var troubles = Troubles.Of(Given.Deployment("a", DeploymentPhase.Failed, "", Given.IsNot(ConditionTypes.Ready, "NotFound", "no such model"), Given.IsNot(ConditionTypes.ModelDownloaded, "NotFound", "no such model")));
        Assert.Equal(ConditionTypes.ModelDownloaded, troubles.Single().Type);
    }

    [Fact]
    public void A_cause_stands_before_what_follows_from_it()
    {
        var troubles = Troubles.Of(Given.Deployment(
            "a", DeploymentPhase.Failed, "", Given.IsNot(ConditionTypes.GatewayReady, "NotReady", "nothing answers"), Given.IsNot(ConditionTypes.ModelDownloaded, "NotFound", "no such model")));
        Assert.Equal([ConditionTypes.ModelDownloaded, ConditionTypes.GatewayReady], troubles.Select(static t => t.Type));
    }

    private static void States(ModelDeployment deployment, params StepState[] states) => States(deployment, null, states);

    private static IReadOnlyList<Step> States(ModelDeployment deployment, LocalEngine? engine, params StepState[] states)
    {
        var steps = ProgressPath.Of(deployment, engine);
        Assert.Equal(states, steps.Select(s => s.State));
        return steps;
    }
}
