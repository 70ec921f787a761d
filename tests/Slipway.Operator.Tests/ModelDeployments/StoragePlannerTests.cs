using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Providers;
using Slipway.Kubernetes.Objects;
using Slipway.Operator.ModelDeployments;
using Slipway.Runtimes;
using Slipway.Runtimes.Storage;
using Slipway.Runtimes.Vllm;

namespace Slipway.Operator.Tests.ModelDeployments;

public sealed class StoragePlannerTests
{
    private static readonly DateTimeOffset s_now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly DeploymentPlanner _planner = new([new VllmRuntime()], null);

    [Fact]
    public void A_new_deployment_makes_its_claim_and_download_and_nothing_else_yet()
    {
        var plan = Plan(Deployment());
        var claim = Assert.IsType<ApplyObject>(Assert.Single(plan.Claims)).Object;
        Assert.Equal(("a-cache", "uid-a"), ((string?)claim["metadata"]!["name"], (string?)claim["metadata"]!["ownerReferences"]![0]!["uid"]));
        Assert.Equal(["Job"], plan.Changes.Select(c => c.Kind));
        Assert.Equal((DeploymentPhase.Deploying, "DownloadPending"), (plan.Status.Phase, Condition(plan, ConditionTypes.Ready).Reason));
        Assert.DoesNotContain(plan.Status.Conditions!, c => c.Type == ConditionTypes.Progressing);
    }

    [Fact]
    public void Once_the_download_is_done_engines_are_made_and_the_Job_is_left_alone()
    {
        var plan = Plan(Deployment(), [Claim()], Complete(Deployment()));
        Assert.Empty(plan.Claims);
        Assert.Contains(plan.Changes, c => c is ApplyObject { Kind: "Deployment" });
        Assert.DoesNotContain(plan.Changes, c => c.Kind == "Job");
        Assert.Equal(ConditionStatus.True, Condition(plan, ConditionTypes.ModelDownloaded).Status);
    }

    [Fact]
    public void A_claim_that_is_missing_holds_everything_back()
    {
        var plan = Plan(Deployment("""{"name":"cache","purpose":"modelCache","claimName":"mine"}"""));
        Assert.Empty(plan.Claims);
        Assert.Empty(plan.Changes);
        Assert.Equal((DeploymentPhase.Pending, "ClaimMissing"), (plan.Status.Phase, Condition(plan, ConditionTypes.StorageReady).Reason));
    }

    [Fact]
    public void A_claim_that_waits_for_its_first_pod_does_not_hold_back_that_pod()
    {
        var plan = Plan(Deployment("""{"name":"kernels","purpose":"compilationCache","size":"1Gi"}"""), [Claim("a-kernels", "1Gi", "Pending")]);
        Assert.Contains(plan.Changes, c => c.Kind == "Deployment");
        Assert.Equal("ClaimPending", Condition(plan, ConditionTypes.StorageReady).Reason);
    }

    [Fact]
    public void What_is_to_stop_waits_for_no_download() =>
        Assert.Contains(Plan(Deployment(change: s => s with { Scaling = new() { Replicas = 0 } }), [Claim()]).Changes, c => c.Kind == "Deployment");

    [Theory]
    [InlineData("200Gi", true)]
    [InlineData("50Gi", false)]
    [InlineData("102400Mi", false)]
    public void A_claim_is_only_ever_asked_to_grow(string size, bool applied) =>
        Assert.Equal(applied, Plan(Deployment($$"""{"name":"cache","purpose":"modelCache","size":"{{size}}"}"""), [Claim()]).Claims.Count == 1);

    [Fact]
    public void A_download_that_failed_fails_the_deployment_and_another_token_begins_it_anew()
    {
        var failed = Job(Deployment(), "Failed");
        Assert.Equal((DeploymentPhase.Failed, 0), (Plan(Deployment(), [Claim()], failed).Status.Phase, Plan(Deployment(), [Claim()], failed).Changes.Count));
        var plan = Plan(Deployment(change: s => s with { Secrets = new() { HuggingFaceToken = "hub" } }), [Claim()], failed);
        Assert.IsType<DeleteObject>(Assert.Single(plan.Changes));
        Assert.Equal(DeploymentPhase.Deploying, plan.Status.Phase);
    }

    private DeploymentPlan Plan(ModelDeployment deployment, VolumeClaim[]? claims = null, params CachedObject[] objects) => _planner.Plan(deployment, new PlanInput(
        [new InferenceProviderConfig { Metadata = new ObjectMeta { Name = "vllm" }, Spec = new VllmRuntime().Descriptor.Spec, Status = new() { Ready = true } }], s_now)
    {
        Claims = (claims ?? []).ToImmutableDictionary(c => c.Metadata.Name!),
        Objects = objects.ToImmutableDictionary(o => new ObjectId("Job", o.Identity.Key.Name)),
    });

    private CachedObject Complete(ModelDeployment deployment) => Job(deployment, "Complete");

    // The Job as this planner makes it, with what became of it.
    private CachedObject Job(ModelDeployment deployment, string condition)
    {
        var job = Plan(deployment, [Claim()]).Changes.OfType<ApplyObject>().Single(c => c.Kind == "Job").Object.DeepClone();
        job["status"] = new JsonObject { ["conditions"] = new JsonArray(new JsonObject { ["type"] = condition, ["status"] = "True", ["message"] = "so it is" }) };
        return new CachedObject(JsonDocument.Parse(job.ToJsonString()).RootElement);
    }

    private static Condition Condition(DeploymentPlan plan, string type) => plan.Status.Conditions!.Single(c => c.Type == type);

    private static VolumeClaim Claim(string name = "a-cache", string size = "100Gi", string phase = "Bound") => new()
    {
        Metadata = new() { Name = name, OwnerReferences = [new OwnerReference { ApiVersion = "airunway.ai/v1alpha1", Kind = "ModelDeployment", Name = "a", Uid = "uid-a" }] },
        Spec = new() { AccessModes = ["ReadWriteMany"], Resources = new(new Dictionary<string, Quantity> { ["storage"] = new(size) }) },
        Status = new() { Phase = phase },
    };

    private static ModelDeployment Deployment(string volume = """{"name":"cache","purpose":"modelCache","size":"100Gi"}""", Func<ModelDeploymentSpec, ModelDeploymentSpec>? change = null)
    {
        var spec = new ModelDeploymentSpec
        {
            Model = new() { Id = "org/model", Storage = new() { Volumes = [JsonSerializer.Deserialize(volume, SlipwayJson.Default.StorageVolume)!] } },
            Engine = new() { Type = EngineType.Vllm },
            Provider = new() { Name = "vllm" },
            Resources = new() { Gpu = new() { Count = 1 } },
        };
        return new ModelDeployment { Metadata = new() { Name = "a", Namespace = "default", Uid = "uid-a", Generation = 1 }, Spec = change?.Invoke(spec) ?? spec };
    }
}
