using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Providers;
using Slipway.Kubernetes.Objects;
using Slipway.Operator.Gateways;
using Slipway.Runtimes;

namespace Slipway.Operator.Tests.Gateways;

public sealed class PoolPlannerTests
{
    private static readonly ClusterApis s_apis = new(System.Collections.Immutable.ImmutableDictionary<string, System.Collections.Immutable.ImmutableArray<string>>.Empty
        .Add("inferencepools.inference.networking.k8s.io", ["v1"]));

    [Fact]
    public void The_pool_has_the_pods_and_the_port_of_the_service_and_the_providers_picker()
    {
        var plan = Plan(Service("""{ "selector": { "app": "theirs" }, "ports": [{ "port": 80, "targetPort": 5000 }, { "port": 9090 }] }"""));
        Assert.Null(plan.Without);
        Assert.Equal(["ServiceAccount", "Role", "RoleBinding", "ConfigMap", "Deployment", "Service", "InferencePool"], plan.Objects.Select(o => (string)o["kind"]!));
        var pool = plan.Objects[^1]["spec"]!;
        Assert.Equal("""{"matchLabels":{"app":"theirs"}}""", pool["selector"]!.ToJsonString());
        Assert.Equal("""[{"number":5000}]""", pool["targetPorts"]!.ToJsonString());
        Assert.Equal("example.com/epp:1", (string)plan.Objects[4]["spec"]!["template"]!["spec"]!["containers"]![0]!["image"]!);
        Assert.Equal("kind: EndpointPickerConfig", (string)plan.Objects[3]["data"]!["config.yaml"]!);
    }

    [Theory]
    [InlineData("""{ "ports": [{ "port": 80 }] }""", "selects no pods")]
    [InlineData("""{ "selector": { "app": "theirs" }, "ports": [{ "port": 80, "targetPort": "http" }] }""", "by name")]
    [InlineData("""{ "selector": { "app": "theirs" }, "ports": [{ "port": 81 }] }""", "by name")]
    public void A_service_that_no_pool_can_be_made_of_is_routed_to_as_it_is(string spec, string why)
    {
        var plan = Plan(Service(spec));
        Assert.Empty(plan.Objects);
        Assert.Contains(why, plan.Without, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_kind_the_rights_or_the_service_there_is_no_pool()
    {
        Assert.Contains("does not serve InferencePool", Plan(Service("{}"), ClusterApis.None).Without, StringComparison.Ordinal);
        Assert.Contains("drives llm-d", Plan(Service("{}"), allowed: false).Without, StringComparison.Ordinal);
        Assert.Contains("not there", Plan(null).Without, StringComparison.Ordinal);
    }

    [Fact]
    public void A_provider_that_makes_its_pools_wants_none()
    {
        var picker = new EndpointPickerCapability();
        Assert.True(PoolPlanner.Wanted(Engine(new() { EndpointPicker = picker })));
        Assert.False(PoolPlanner.Wanted(Engine(new() { EndpointPicker = picker, ManagesInferencePool = true })));
        Assert.False(PoolPlanner.Wanted(Engine(new())));
    }

    private static PoolPlan Plan(CachedObject? service, ClusterApis? apis = null, bool allowed = true) => PoolPlanner.Plan(
        Given.Deployment(), new EndpointPickerCapability { Image = "example.com/epp:1", ConfigData = "kind: EndpointPickerConfig" }, 80, new PoolInput(service, apis ?? s_apis, allowed));

    private static EngineCapability Engine(EngineGatewayCapability gateway) => new() { Name = EngineType.Vllm, Gateway = gateway };

    private static CachedObject Service(string spec) => Given.Object(new JsonObject { ["metadata"] = new JsonObject { ["name"] = "svc" }, ["spec"] = JsonNode.Parse(spec) }.ToJsonString());
}
