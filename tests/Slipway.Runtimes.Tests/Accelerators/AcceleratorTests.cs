using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Dynamo;
using Slipway.Runtimes.Kaito;
using Slipway.Runtimes.KubeRay;
using Slipway.Runtimes.LlmD;
using Slipway.Runtimes.Local;
using Slipway.Runtimes.Tests.Harness;
using Slipway.Runtimes.Vllm;

namespace Slipway.Runtimes.Tests.Accelerators;

public sealed class AcceleratorTests
{
    public static TheoryData<string> Runtimes => ["vllm", "llmd", "dynamo", "kuberay"];

    [Theory]
    [MemberData(nameof(Runtimes))]
    public void A_number_alone_is_the_same_as_plain_limits(string runtime) => Assert.Equal(
        Rendered(runtime, """{"gpu":{"count":2,"type":"nvidia.com/gpu"}}"""), Rendered(runtime, """{"accelerators":{"count":2}}"""));

    [Theory]
    [MemberData(nameof(Runtimes))]
    public void A_claim_takes_the_place_of_the_extended_resource(string runtime)
    {
        var rendered = Rendered(runtime, """{"accelerators":{"mode":"DRA","count":2}}""");
        Assert.DoesNotContain("nvidia.com/gpu\":\"", rendered, StringComparison.Ordinal);
        Assert.Contains("\"resourceClaimTemplateName\":\"a-accelerators-", rendered, StringComparison.Ordinal);
        Assert.Contains("\"kind\":\"ResourceClaimTemplate\"", rendered, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Runtimes))]
    public void The_engine_divides_its_work_among_what_is_claimed(string runtime) =>
        Assert.NotEqual(Workload(runtime, """{"accelerators":{"mode":"DRA","count":2}}"""), Workload(runtime, """{"accelerators":{"mode":"DRA","count":4}}"""));

    [Theory]
    [MemberData(nameof(Runtimes))]
    public void Another_content_is_another_template_and_the_same_content_the_same(string runtime)
    {
        var names = new[] { "80G", "80G", "90G" }.Select(m => TemplateOf(runtime, $$"""{"minMemory":"{{m}}"}""")["metadata"]!["name"]!.ToString()).ToList();
        Assert.Equal(names[0], names[1]);
        Assert.NotEqual(names[0], names[2]);
    }

    [Theory]
    [MemberData(nameof(Runtimes))]
    public void What_the_driver_has_no_name_for_is_refused(string runtime)
    {
        var deployment = Deployment("""{"accelerators":{"deviceClassName":"gaudi.intel.com","minMemory":"80G","firstAvailable":[{"name":"x","architectures":["y"]}]}}""");
        Assert.Contains(Of(runtime).Unsupported(deployment), f => f is { Blocking: true, Path: "spec.resources.accelerators.minMemory" });
        Assert.Contains(Of(runtime).Unsupported(deployment), f => f is { Blocking: true, Path: "spec.resources.accelerators.firstAvailable[x].architectures" });
    }

    [Fact]
    public void Runtimes_without_claims_refuse_by_name()
    {
        var deployment = Deployment("""{"accelerators":{"count":1}}""");
        Assert.True(new KaitoRuntime(new KaitoOptions()).Refusal(deployment, "spec.resources.accelerators")?.Blocking);
        Assert.True(new LocalRuntime().Refusal(deployment, "spec.resources.accelerators")?.Blocking);
    }

    [Fact]
    public void Dynamo_refuses_claims_over_nodes() => Assert.True(
        new DynamoRuntime().Refusal(Deployment("""{"nodes":2,"accelerators":{"mode":"DRA"}}"""), "spec.resources.accelerators")?.Blocking);

    [Fact]
    public void Ray_is_told_how_many_there_are() =>
        Assert.Contains("\"num-gpus\":\"4\"", Workload("kuberay", """{"accelerators":{"mode":"DRA","count":4}}"""), StringComparison.Ordinal);

    [Theory]
    [InlineData("mig.nvidia.com")]
    [InlineData("gpu.nobody.knows")]
    public void A_class_without_an_extended_resource_is_claimed(string name) =>
        Assert.Equal(name, (string?)TemplateOf("vllm", $$"""{"deviceClassName":"{{name}}"}""")["spec"]!["spec"]!["devices"]!["requests"]![0]!["exactly"]!["deviceClassName"]);

    [Fact]
    public void An_own_claim_makes_no_template()
    {
        var rendered = Rendered("vllm", """{"accelerators":{"count":2,"resourceClaimName":"mine"}}""");
        Assert.Contains("\"resourceClaimName\":\"mine\"", rendered, StringComparison.Ordinal);
        Assert.DoesNotContain("ResourceClaimTemplate", rendered, StringComparison.Ordinal);
    }

    internal static JsonObject TemplateOf(string runtime, string accelerators) =>
        Of(runtime).Render(Deployment("""{"accelerators":""" + accelerators + "}"), UpstreamCluster.Apis).Single(o => (string?)o["kind"] == "ResourceClaimTemplate");

    internal static ModelDeployment Deployment(string resources) =>
        Manifest.Of("""{"model":{"id":"org/model"},"engine":{"type":"vllm","image":"example/engine:1"},"resources":""" + resources + "}");

    private static string Rendered(string runtime, string resources) =>
        string.Join('\n', Of(runtime).Render(Deployment(resources), UpstreamCluster.Apis).Select(o => o.ToJsonString()));

    private static string Workload(string runtime, string resources) => Of(runtime).Render(Deployment(resources), UpstreamCluster.Apis)[0].ToJsonString();

    private static IRuntime Of(string runtime) => runtime switch
    {
        "vllm" => new VllmRuntime(),
        "llmd" => new LlmDRuntime(),
        "dynamo" => new DynamoRuntime(),
        _ => new KubeRayRuntime(),
    };
}
