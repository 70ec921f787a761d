using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Dynamo;
using Slipway.Runtimes.KubeRay;
using Slipway.Runtimes.LlmD;
using Slipway.Runtimes.Pods;
using Slipway.Runtimes.Tests.Harness;
using Slipway.Runtimes.Vllm;

namespace Slipway.Runtimes.Tests.Pods;

/// <summary>A claim that cannot be made is told in an event only; the status repeats it until the claim is there.</summary>
public sealed class ClaimTroubleTests
{
    private const string Missing = """PodResourceClaim accelerators: resource claim template "t": resourceclaimtemplate.resource.k8s.io "t" not found""";
    private const string Quota = """PodResourceClaim accelerators: create ResourceClaim : resourceclaims.resource.k8s.io "p-x" is forbidden: exceeded quota: q, requested: gpu.nvidia.com.deviceclass.resource.k8s.io/devices=2, used: 0, limited: 1""";

    [Theory]
    [InlineData(Missing, "its ResourceClaimTemplate is missing. Apply it")]
    [InlineData(Quota, "Ask for fewer devices, free some, or have its ResourceQuota raised")]
    [InlineData("PodResourceClaim accelerators: create ResourceClaim : webhook said no", "look at what the API server objects to")]
    public void It_says_what_to_do_and_what_the_controller_said(string message, string advice)
    {
        var trouble = Find([Pod()], [Event(message)]);
        Assert.Equal(("ClaimNotCreated", true, false), (trouble!.Reason, trouble.KeepsFromNodes, trouble.Lasting));
        Assert.StartsWith("Pod p waits for a claim of devices that cannot be made", trouble.Message, StringComparison.Ordinal);
        Assert.Contains(advice, trouble.Message, StringComparison.Ordinal);
        Assert.Contains(message, trouble.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_said_last_counts_however_it_was_written() => Assert.Contains(
        "fewer devices", Find([Pod()], [Event(Missing), Event(Quota) with { LastTimestamp = null, EventTime = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero) }])!.Message, StringComparison.Ordinal);

    [Fact]
    public void Once_the_claim_is_there_or_of_another_pod_it_is_no_trouble()
    {
        Assert.Null(Find([Pod(made: true)], [Event(Missing)]));
        Assert.Null(Find([Pod()], [Event(Missing) with { InvolvedObject = new() { Kind = "Pod", Name = "q" } }]));
        Assert.Null(Find([Pod()], [Event(Missing) with { InvolvedObject = new() { Kind = "Pod", Name = "p", Uid = "of the pod before" } }]));
        Assert.Null(Find([Pod()], [Event(Missing) with { Reason = "FailedScheduling" }]));
    }

    [Fact]
    public void A_claim_that_a_gang_shares_is_told_of_each_member() =>
        Assert.Equal("ClaimNotCreated", Find([Pod()], [Event(Missing) with { InvolvedObject = new() { Kind = "PodGroup", Name = "g" } }])?.Reason);

    public static TheoryData<string> Runtimes => ["vllm", "llmd", "dynamo", "kuberay"];

    [Theory]
    [MemberData(nameof(Runtimes))]
    public void Every_runtime_repeats_it(string name)
    {
        IRuntime runtime = name switch { "vllm" => new VllmRuntime(), "llmd" => new LlmDRuntime(), "dynamo" => new DynamoRuntime(), _ => new KubeRayRuntime() };
        var deployment = Manifest.Of("""{"model":{"id":"org/m"},"engine":{"type":"vllm"},"resources":{"accelerators":{"mode":"DRA","count":2}}}""");
        var objects = runtime.Render(deployment, UpstreamCluster.Apis).Select(static o => o.DeepClone().AsObject()).ToList();
        objects[0]["status"] = System.Text.Json.Nodes.JsonNode.Parse("""{"observedGeneration":1,"state":"pending","replicas":1}""");
        var state = runtime.Read(deployment, Golden.Observe(objects) with { Pods = [Pod()], Events = [Event(Quota)] });
        Assert.Contains("exceeded quota", state.Message, StringComparison.Ordinal);
        Assert.Equal("ClaimNotCreated", state.Reason);
        Assert.NotEqual(DeploymentPhase.Running, state.Phase);
    }

    [Fact]
    public void What_is_said_of_one_claim_is_not_said_of_another_and_that_of_a_gang_comes_first()
    {
        Assert.Null(Find([Pod()], [Event("PodResourceClaim another: no")]));
        var group = JsonNode.Parse("""{"kind":"PodGroup","metadata":{"name":"g"},"spec":{"resourceClaims":[{"name":"replica","resourceClaimTemplateName":"fabric"}]}}""")!;
        var pod = Pod();
        pod = pod with { Metadata = pod.Metadata with { CreationTimestamp = s_now.AddMinutes(-2) }, Spec = pod.Spec! with { ResourceClaims = [.. pod.Spec.ResourceClaims!, new PodClaim("replica", "fabric")] } };
        // The others are made by now, and will be in the status together with this one.
        var trouble = PodTrouble.Find([pod], Golden.Observe([group]) with { Events = [Event(Missing)] });
        Assert.Contains("that nobody makes, by fabric: see whether", trouble!.Message, StringComparison.Ordinal);
        group["status"] = JsonNode.Parse("""{"resourceClaimStatuses":[{"name":"replica","resourceClaimName":"x"}]}""");
        Assert.Contains("its ResourceClaimTemplate is missing", PodTrouble.Find([pod], Golden.Observe([group]) with { Events = [Event(Missing)] })!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(59, false)]
    [InlineData(60, true)]
    public void Where_no_event_says_why_it_is_told_after_a_while(int seconds, bool told)
    {
        var pod = Pod();
        var trouble = Find([pod with { Metadata = pod.Metadata with { CreationTimestamp = s_now.AddSeconds(-seconds) } }], []);
        Assert.Equal(told ? "Pod p waits for claims of devices that nobody makes, by t: see whether these ResourceClaimTemplates are there, and what its events say" : null, trouble?.Message);
    }

    private static readonly DateTimeOffset s_now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static PodTrouble? Find(ModelPod[] pods, KubernetesEvent[] events) => PodTrouble.Find(pods, Golden.Observe([]) with { Events = [.. events] });

    private static ModelPod Pod(bool made = false) => JsonSerializer.Deserialize($$$"""
        {"metadata":{"name":"p","uid":"1"},"spec":{"schedulingGroup":{"podGroupName":"g"},"resourceClaims":[{"name":"accelerators","resourceClaimTemplateName":"t"},{"name":"mine","resourceClaimName":"c"}]},
        "status":{"phase":"Pending","resourceClaimStatuses":[{{{(made ? """{"name":"accelerators","resourceClaimName":"p-x"}""" : "")}}}]}}
        """, PodJson.Default.ModelPod)!;

    private static KubernetesEvent Event(string message) => new()
    {
        Reason = "FailedResourceClaimCreation",
        Message = message,
        LastTimestamp = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
        InvolvedObject = new() { Kind = "Pod", Name = "p", Uid = "1" },
    };
}
