using System.Text.Json.Nodes;

namespace Slipway.Models.Tests.Hub;

/// <summary>Rows as <c>GET /api/models?expand[]=…</c> of the real hub writes them.</summary>
internal static class StubListing
{
    public static JsonObject Row(string id, string? task = "text-generation", double score = 1, long? parameters = 8_190_735_360, string format = "safetensors") => new()
    {
        ["_id"] = "680da2fa5b5b4d4b4c0a1b2c",
        ["id"] = id,
        ["createdAt"] = "2025-04-27T03:42:21.000Z",
        ["lastModified"] = "2025-07-26T03:49:13.000Z",
        ["downloads"] = (long)(score * 1000),
        ["likes"] = (long)(score * 10),
        ["trendingScore"] = score,
        ["gated"] = false,
        ["private"] = false,
        ["library_name"] = "transformers",
        ["pipeline_tag"] = task,
        ["tags"] = new JsonArray("transformers", format, "qwen3", task, "arxiv:2505.09388", "license:apache-2.0", "region:us"),
        ["config"] = new JsonObject
        {
            ["architectures"] = new JsonArray("Qwen3ForCausalLM"),
            ["model_type"] = "qwen3",
            ["tokenizer_config"] = new JsonObject { ["bos_token"] = null, ["chat_template"] = "{%- if tools %}\n" },
        },
        ["safetensors"] = parameters is { } count ? new JsonObject { ["parameters"] = new JsonObject { ["BF16"] = count }, ["total"] = count } : null,
    };

    public static JsonArray Rows(string author, int count, string? task = "text-generation", double first = 1000, double step = 1) =>
        new([.. Enumerable.Range(0, count).Select(i => (JsonNode)Row($"{author}/model-{i}", task, first - (i * step)))]);

    public static JsonObject With(this JsonObject row, string field, JsonNode? value)
    {
        row[field] = value;
        return row;
    }
}
