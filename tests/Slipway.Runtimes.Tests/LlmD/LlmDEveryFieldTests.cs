using System.Text.Json.Nodes;
using Slipway.Runtimes.LlmD;
using Slipway.Runtimes.Tests.Harness;

namespace Slipway.Runtimes.Tests.LlmD;

public sealed class LlmDEveryFieldTests
{
    private readonly LlmDRuntime _runtime = new();

    public static TheoryData<string> Fields => EveryField.Paths;

    // It is disaggregated already.
    public static TheoryData<string> SplitFields => [.. EveryField.Paths.Select(p => p.Data).Where(p => p != "serving.mode")];

    [Theory]
    [MemberData(nameof(Fields))]
    public void A_field_changes_the_render_or_is_named(string path) => EveryField.IsHonouredOrNamed(
        _runtime,
        path,
        new JsonObject
        {
            ["model"] = new JsonObject { ["id"] = "org/model" },
            ["engine"] = new JsonObject { ["type"] = "vllm" },
            ["resources"] = new JsonObject { ["gpu"] = new JsonObject { ["count"] = 1 } },
        },
        UpstreamCluster.Apis);

    [Theory]
    [MemberData(nameof(SplitFields))]
    public void A_field_changes_the_render_or_is_named_with_prefill_apart(string path) => EveryField.IsHonouredOrNamed(
        _runtime,
        path,
        new JsonObject
        {
            ["model"] = new JsonObject { ["id"] = "org/model" },
            ["engine"] = new JsonObject { ["type"] = "vllm" },
            ["serving"] = new JsonObject { ["mode"] = "disaggregated" },
            ["scaling"] = new JsonObject
            {
                ["prefill"] = new JsonObject { ["gpu"] = new JsonObject { ["count"] = 1 } },
                ["decode"] = new JsonObject { ["gpu"] = new JsonObject { ["count"] = 2 } },
            },
        },
        UpstreamCluster.Apis);
}
