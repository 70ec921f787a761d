using System.Text.Json.Nodes;
using Slipway.Runtimes.Dynamo;
using Slipway.Runtimes.Tests.Harness;

namespace Slipway.Runtimes.Tests.Dynamo;

public sealed class DynamoEveryFieldTests
{
    private static readonly string[] s_engines = ["vllm", "sglang", "trtllm"];

    private readonly DynamoRuntime _runtime = new();

    /// <summary>What an operator older than v1beta1 serves.</summary>
    internal static ClusterApis OldApis { get; } = new(UpstreamCluster.Apis.Served.SetItem("dynamographdeployments.nvidia.com", ["v1alpha1"]));

    public static TheoryData<string, string> Fields => [.. s_engines.SelectMany(e => EveryField.Paths.Select(p => (e, (string)p.Data)))];

    [Theory]
    [MemberData(nameof(Fields))]
    public void A_field_changes_the_render_or_is_named(string engine, string path)
    {
        var spec = Spec(engine);
        spec["resources"] = JsonNode.Parse("""{"gpu":{"count":1}}""");
        EveryField.IsHonouredOrNamed(_runtime, path, spec, UpstreamCluster.Apis);
        EveryField.IsHonouredOrNamed(_runtime, path, spec, OldApis);
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public void In_a_split_graph_a_field_changes_the_render_or_is_named(string engine, string path)
    {
        if (path == "serving.mode") return;
        var spec = Spec(engine);
        spec["serving"] = new JsonObject { ["mode"] = "disaggregated" };
        spec["scaling"] = JsonNode.Parse("""{"prefill":{"gpu":{"count":1}},"decode":{"gpu":{"count":1}}}""");
        EveryField.IsHonouredOrNamed(_runtime, path, spec, UpstreamCluster.Apis);
        EveryField.IsHonouredOrNamed(_runtime, path, spec, OldApis);
    }

    private static JsonObject Spec(string engine) => new()
    {
        ["model"] = new JsonObject { ["id"] = "org/model" },
        ["engine"] = new JsonObject { ["type"] = engine },
    };
}
