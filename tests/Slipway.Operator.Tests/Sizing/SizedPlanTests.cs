using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Providers;
using Slipway.Operator.ModelDeployments;
using Slipway.Operator.Sizing;
using Slipway.Runtimes.Vllm;

namespace Slipway.Operator.Tests.Sizing;

public sealed class SizedPlanTests
{
    private static readonly DateTimeOffset s_now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly VllmRuntime _runtime = new();

    [Fact]
    public void While_the_hub_is_asked_the_deployment_says_so_and_nothing_is_made()
    {
        var plan = Plan(Given.Deployment("32b"), new ModelSizing(SizingVerdict.WaitsForHub, 0, "Asks the hub", "b"));
        Assert.Empty(plan.Changes);
        Assert.Equal((DeploymentPhase.Pending, "Asks the hub"), (plan.Status.Phase, plan.Status.Message));
        Assert.Equal((ConditionStatus.False, "WaitsForHub"), Sized(plan));
    }

    [Fact]
    public void What_fits_no_node_fails_with_the_words()
    {
        var plan = Plan(Given.Deployment("405b"), new ModelSizing(SizingVerdict.DoesNotFit, 0, "Does not fit", "b"));
        Assert.Empty(plan.Changes);
        Assert.Equal((DeploymentPhase.Failed, "Does not fit"), (plan.Status.Phase, plan.Status.Message));
    }

    [Fact]
    public void A_number_is_written_down_before_anything_is_made_by_it_and_then_rendered()
    {
        var sizing = new ModelSizing(SizingVerdict.Sized, 2, "2 x 80 GB", "b");
        var first = Plan(Given.Deployment("32b"), sizing);
        Assert.Equal(sizing, first.Record);
        Assert.Empty(first.Changes);

        var second = Plan(Carrying(sizing), sizing);
        Assert.Null(second.Record);
        Assert.Equal("2", Gpus(second));
        Assert.Equal((ConditionStatus.True, "Sized"), Sized(second));
        Assert.Contains(second.News(null), n => n is { Reason: "Sized", Message: "Sized: 2 x 80 GB", Warning: false });
    }

    [Fact]
    public void Accelerators_that_are_left_open_are_claimed_in_the_number_that_was_counted()
    {
        var sizing = new ModelSizing(SizingVerdict.Sized, 2, "2 x H200", "b");
        var carrying = Carrying(sizing);
        var deployment = carrying with { Spec = carrying.Spec with { Resources = new() { Accelerators = new() { MinMemory = new Quantity("140G") } } } };
        var apis = new Runtimes.ClusterApis(System.Collections.Immutable.ImmutableDictionary<string, System.Collections.Immutable.ImmutableArray<string>>.Empty.Add("resourceclaimtemplates.resource.k8s.io", ["v1"]));
        var plan = new DeploymentPlanner([_runtime], null).Plan(deployment, new PlanInput([Provider()], s_now) { Sizing = sizing, Apis = apis });
        var template = plan.Changes.OfType<ApplyObject>().Select(a => a.Object).Single(o => (string?)o["kind"] == "ResourceClaimTemplate");
        Assert.Equal(2, (int)template["spec"]!["spec"]!["devices"]!["requests"]![0]!["exactly"]!["count"]!);
    }

    [Fact]
    public void A_number_in_the_manifest_wins_and_nothing_is_said_of_sizing()
    {
        var sizing = new ModelSizing(SizingVerdict.Sized, 2, "2 x 80 GB", "b");
        var carrying = Carrying(sizing);
        var plan = Plan(carrying with { Spec = carrying.Spec with { Resources = new() { Gpu = new() { Count = 4 } } } }, null);
        Assert.Equal("4", Gpus(plan));
        Assert.DoesNotContain(plan.Status.Conditions!, c => c.Type == ConditionTypes.Sized);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2")]
    [InlineData("{\"gpus\":-1,\"verdict\":\"Sized\"}")]
    [InlineData("{\"gpus\":2,\"verdict\":7}")]
    [InlineData("{\"gpus\":2,\"verdict\":\"WaitsForHub\"}")]
    public void An_annotation_that_makes_no_sense_is_none(string text)
    {
        var deployment = Given.Deployment("32b");
        Assert.Null(SizingRecord.Read(deployment with { Metadata = deployment.Metadata with { Annotations = new Dictionary<string, string> { [SizingRecord.Annotation] = text } } }));
    }

    private static ModelDeployment Carrying(ModelSizing sizing)
    {
        var deployment = Given.Deployment("32b");
        return deployment with { Metadata = deployment.Metadata with { Annotations = new Dictionary<string, string> { [SizingRecord.Annotation] = SizingRecord.Write(sizing) } } };
    }

    private DeploymentPlan Plan(ModelDeployment deployment, ModelSizing? sizing) => new DeploymentPlanner([_runtime], null).Plan(deployment, new PlanInput([Provider()], s_now)
    {
        Sizing = sizing,
    });

    private InferenceProviderConfig Provider() => new()
    {
        Metadata = new ObjectMeta { Name = _runtime.Descriptor.Name },
        Spec = _runtime.Descriptor.Spec,
        Status = new InferenceProviderStatus { Ready = true, LastHeartbeat = s_now },
    };

    private static (ConditionStatus, string?) Sized(DeploymentPlan plan) => plan.Status.Conditions!.Where(c => c.Type == ConditionTypes.Sized).Select(c => (c.Status, c.Reason)).Single();

    private static string? Gpus(DeploymentPlan plan) => plan.Changes.OfType<ApplyObject>().Select(a => a.Object).First(o => (string?)o["kind"] == "Deployment")
        ["spec"]!["template"]!["spec"]!["containers"]![0]!["resources"]!["limits"]!["nvidia.com/gpu"]!.ToString();
}
