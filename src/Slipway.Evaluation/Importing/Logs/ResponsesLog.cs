using System.Text.Json.Nodes;

namespace Slipway.Evaluation.Importing.Logs;

/// <summary>Requests to OpenAI's Responses API and their answers, in the form of the chat API.</summary>
internal static class ResponsesLog
{
    public static readonly string[] Settings =
    [
        "temperature", "top_p", "max_output_tokens", "max_tool_calls", "tool_choice", "text", "reasoning", "truncation", "include", "service_tier", "top_logprobs", "background", "verbosity",
    ];

    private static readonly string[] s_known = ["model", "input", "instructions", "tools", "stream", "stream_options", "user", "metadata", "store", "safety_identifier", "prompt_cache_key", "parallel_tool_calls", .. Settings];

    // What the server keeps, and the log does not have.
    private static readonly string[] s_elsewhere = ["previous_response_id", "conversation", "prompt"];

    public static JsonObject? Request(JsonObject request, string place, SuiteBuilder suite)
    {
        if (s_elsewhere.FirstOrDefault(k => request[k] is not null) is { } elsewhere)
        {
            suite.NotTaken(place, $"goes on from {elsewhere}, which only the server has: the whole conversation has to be in the request");
            return null;
        }

        suite.Unknown($"{place}.request", request, s_known);
        var messages = new JsonArray();
        if (ImportJson.Text(request["instructions"]) is { } instructions) messages.Add((JsonNode)new JsonObject { ["role"] = "system", ["content"] = instructions });
        if (ImportJson.Text(request["input"]) is { } text) messages.Add((JsonNode)new JsonObject { ["role"] = "user", ["content"] = text });
        foreach (var (item, i) in (request["input"] as JsonArray ?? []).Select(static (n, i) => (n as JsonObject, i)))
        {
            if (item is null || (ImportJson.Text(item["type"]) ?? "message") != "message")
            {
                suite.NotTaken($"{place} input {i + 1}", $"is of the type {ImportJson.Text(item?["type"]) ?? "null"}; a suite has messages of text");
                return null;
            }

            messages.Add((JsonNode)new JsonObject { ["role"] = item["role"]?.DeepClone(), ["content"] = Parts(item["content"]) });
        }

        var chat = new JsonObject { ["messages"] = messages };
        if (LoggedTools.Of(request["tools"], Tool, place, suite) is { } tools) chat["tools"] = tools;
        return chat;
    }

    public static JsonObject? Answer(JsonObject? response)
    {
        if (response?["output"] is not JsonArray output) return null;
        var items = output.OfType<JsonObject>().ToList();
        var texts = items.Where(static i => ImportJson.Text(i["type"]) == "message").SelectMany(static i => i["content"] as JsonArray ?? []).Select(static p => ImportJson.Text(p?["text"]));
        var calls = items.Where(static i => ImportJson.Text(i["type"]) == "function_call").Select(static i => LoggedTools.Call(i["name"], i["arguments"]));
        return new JsonObject { ["role"] = "assistant", ["content"] = string.Concat(texts), ["tool_calls"] = new JsonArray([.. calls]) };
    }

    // Parts of text under the names that this API has for them; others stay, and are named.
    private static JsonNode? Parts(JsonNode? content)
    {
        if (content is not JsonArray parts) return content?.DeepClone();
        var copy = (JsonArray)parts.DeepClone();
        foreach (var part in copy.OfType<JsonObject>())
        {
            if (ImportJson.Text(part["type"]) is "input_text" or "output_text") part["type"] = "text";
        }

        return copy;
    }

    private static JsonObject? Tool(JsonObject tool) => ImportJson.Text(tool["type"]) == "function" ? LoggedTools.Function(tool["name"], tool["description"], tool["parameters"]) : null;
}
