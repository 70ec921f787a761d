using System.Text.Json.Nodes;
using Slipway.Runtimes.Tests.Harness;
using Slipway.Runtimes.Vllm;

namespace Slipway.Runtimes.Tests.Vllm;

public sealed class VllmEveryFieldTests
{
    private readonly VllmRuntime _runtime = new();

    public static TheoryData<string> Fields => EveryField.Paths;

    [Theory]
    [MemberData(nameof(Fields))]
    public void A_field_changes_the_render_or_is_named_with_vllm(string path) => Check("vllm", 1, path);

    [Theory]
    [MemberData(nameof(Fields))]
    public void A_field_changes_the_render_or_is_named_with_sglang(string path) => Check("sglang", 1, path);

    [Theory]
    [MemberData(nameof(Fields))]
    public void A_field_changes_the_render_or_is_named_over_nodes(string path) => Check("vllm", 2, path);

    private void Check(string engine, int nodes, string path) => EveryField.IsHonouredOrNamed(
        _runtime,
        path,
        new JsonObject
        {
            ["model"] = new JsonObject { ["id"] = "org/model" },
            ["engine"] = new JsonObject { ["type"] = engine },
            ["resources"] = new JsonObject { ["gpu"] = new JsonObject { ["count"] = 1 }, ["nodes"] = nodes },
        },
        UpstreamCluster.Apis);
}
