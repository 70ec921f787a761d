using System.Text.Json.Nodes;

namespace Slipway.Evaluation.Importing.Logs;

/// <summary>Requests to Anthropic's Messages API and their answers, in the form of OpenAI's chat API.</summary>
internal static class MessagesLog
{
    public static readonly string[] Settings = ["max_tokens", "temperature", "top_p", "top_k", "stop_sequences", "tool_choice", "thinking", "service_tier"];

    private static readonly string[] s_known = ["model", "messages", "system", "tools", "stream", "metadata", "store", .. Settings];

    public static JsonObject Request(JsonObject request, string place, SuiteBuilder suite)
    {
        suite.Unknown($"{place}.request", request, s_known);
        var messages = new JsonArray();
        if (request["system"] is { } system) messages.Add((JsonNode)new JsonObject { ["role"] = "system", ["content"] = Plain(system) });
        foreach (var message in request["messages"] as JsonArray ?? [])
        {
            messages.Add(message is JsonObject map ? new JsonObject { ["role"] = map["role"]?.DeepClone(), ["content"] = Plain(map["content"]) } : message?.DeepClone());
        }

        var chat = new JsonObject { ["messages"] = messages };
        if (LoggedTools.Of(request["tools"], Tool, place, suite) is { } tools) chat["tools"] = tools;
        return chat;
    }

    public static JsonObject? Answer(JsonObject? response)
    {
        if (response?["content"] is not JsonArray content) return null;
        var blocks = content.OfType<JsonObject>().ToList();
        var texts = blocks.Where(static b => ImportJson.Text(b["type"]) == "text").Select(static b => ImportJson.Text(b["text"]));
        var calls = blocks.Where(static b => ImportJson.Text(b["type"]) == "tool_use").Select(static b => LoggedTools.Call(b["name"], b["input"]?.ToJsonString()));
        return new JsonObject { ["role"] = "assistant", ["content"] = string.Concat(texts), ["tool_calls"] = new JsonArray([.. calls]) };
    }

    // Without what says how a block is cached.
    private static JsonNode? Plain(JsonNode? content)
    {
        var copy = content?.DeepClone();
        foreach (var block in (copy as JsonArray ?? []).OfType<JsonObject>()) block.Remove("cache_control");
        return copy;
    }

    private static JsonObject? Tool(JsonObject tool) => ImportJson.Text(tool["type"]) is null or "custom" ? LoggedTools.Function(tool["name"], tool["description"], tool["input_schema"]) : null;
}
