using System.Text.Json.Nodes;
using Slipway.Runtimes.Dynamo;
using Slipway.Runtimes.Tests.Harness;

namespace Slipway.Runtimes.Tests.Dynamo;

public sealed class DynamoGraphTests
{
    private readonly DynamoRuntime _runtime = new();

    [Theory]
    [InlineData("nvcr.io/nvidia/ai-dynamo/vllm-runtime:1.4.1", null)]
    [InlineData("mine:v1.4.0-rc.1", null)]
    [InlineData("mine:latest", "1.4.0")]
    [InlineData("mine:1.4", "1.4.0")]
    [InlineData("mine", "1.4.0")]
    [InlineData("registry.example:5000/mine", "1.4.0")]
    [InlineData("mine:1.4.0@sha256:00", "1.4.0")]
    public void An_image_whose_tag_is_no_version_comes_with_one(string image, string? version)
    {
        var graph = _runtime.Rendered(Manifest.Of($$$"""{"model":{"id":"org/model"},"engine":{"type":"vllm","image":"{{{image}}}"}}"""));
        Assert.All(graph["spec"]!["components"]!.AsArray(), c => Assert.Equal(version, (string?)c!["runtimeVersionOverride"]));
    }

    [Theory]
    [InlineData("{}", null)]
    [InlineData("""{"scaling":{"replicas":2}}""", "kv")]
    [InlineData("""{"scaling":{"replicas":2},"provider":{"overrides":{"routerMode":"random"}}}""", "random")]
    [InlineData("""{"provider":{"overrides":{"routerMode":"kv"}}}""", "kv")]
    [InlineData("""{"scaling":{"replicas":2},"env":[{"name":"DYN_ROUTER_MODE","value":"round-robin"}]}""", "round-robin")]
    public void Workers_tell_of_their_caches_when_the_router_asks(string more, string? mode)
    {
        var spec = JsonNode.Parse(more)!.AsObject();
        spec["model"] = new JsonObject { ["id"] = "org/model" };
        spec["engine"] = new JsonObject { ["type"] = "vllm" };
        var components = _runtime.Rendered(Manifest.Of(spec.ToJsonString()))["spec"]!["components"]!;
        var modes = Container(components[0]!)["env"]?.AsArray().Where(e => (string?)e!["name"] == "DYN_ROUTER_MODE").Select(e => (string?)e!["value"]).ToList() ?? [];
        Assert.Equal(mode is null ? [] : [mode], modes);
        Assert.Equal(mode == "kv", Container(components[1]!)["args"]!.AsArray().Any(a => (string?)a == "--kv-events-config"));
    }

    [Fact]
    public void A_users_connector_takes_the_place_of_NIXL()
    {
        var graph = _runtime.Rendered(Manifest.Of("""
            {"model":{"id":"org/model"},"engine":{"type":"vllm","args":{"kv-transfer-config":"{\"kv_connector\":\"LMCacheConnectorV1\"}"}},
             "serving":{"mode":"disaggregated"},"scaling":{"prefill":{"gpu":{"count":1}},"decode":{"gpu":{"count":1}}}}
            """));
        foreach (var component in graph["spec"]!["components"]!.AsArray().Skip(1))
        {
            var arguments = Container(component!)["args"]!.AsArray().Select(a => (string)a!).ToList();
            Assert.Equal("""{"kv_connector":"LMCacheConnectorV1"}""", arguments[arguments.IndexOf("--kv-transfer-config") + 1]);
            Assert.Single(arguments, a => a == "--kv-transfer-config");
        }
    }

    [Theory]
    [InlineData("""{"model":{"id":"org/model"},"engine":{"type":"sglang"}}""")]
    [InlineData("""{"model":{"id":"org/model"},"engine":{"type":"vllm"},"resources":{"gpu":{"count":8},"nodes":2}}""")]
    [InlineData("""{"model":{"id":"org/model"},"engine":{"type":"vllm"},"serving":{"mode":"disaggregated"},"scaling":{"prefill":{"gpu":{"count":1}},"decode":{"gpu":{"count":1}}}}""")]
    public void What_the_webhook_refuses_to_change_makes_the_graph_anew(string after) => Assert.NotEqual(
        _runtime.Rendered(Manifest.Of("""{"model":{"id":"org/model"},"engine":{"type":"vllm"}}""")).Identity(), _runtime.Rendered(Manifest.Of(after)).Identity());

    [Fact]
    public void Another_model_is_rolled_out() => Assert.Equal(
        _runtime.Rendered(Manifest.Of("""{"model":{"id":"org/model"},"engine":{"type":"vllm"}}""")).Identity(),
        _runtime.Rendered(Manifest.Of("""{"model":{"id":"org/other"},"engine":{"type":"vllm"},"scaling":{"replicas":2}}""")).Identity());

    private static JsonNode Container(JsonNode component) => component["podTemplate"]!["spec"]!["containers"]![0]!;
}
