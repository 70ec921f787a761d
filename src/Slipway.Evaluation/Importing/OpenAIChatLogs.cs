using System.Text.Json.Nodes;

namespace Slipway.Evaluation.Importing;

/// <summary>
/// Conversations with OpenAI's API as a suite: JSON lines of requests with their responses (<c>{"request": ..., "response": ...}</c>), of a batch's input
/// (<c>{"custom_id", "body"}</c>), or of training data (<c>{"messages"}</c>, the last of them the answer).
/// </summary>
/// <remarks>What was answered then is what is expected now, though nobody said that it was right: compare two models by such a suite, don't judge one.</remarks>
public static class OpenAIChatLogs
{
    private static readonly string[] s_settings =
    [
        "temperature", "top_p", "max_tokens", "max_completion_tokens", "seed", "stop", "frequency_penalty", "presence_penalty", "tool_choice", "response_format", "logprobs", "top_logprobs",
        "reasoning_effort", "service_tier",
    ];

    /// <summary>Imports.</summary>
    /// <param name="name">The file's name.</param>
    /// <param name="text">Its text.</param>
    public static Import Read(string name, string text)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(text);
        var suite = new SuiteBuilder();
        foreach (var (line, place) in ImportJson.Lines(name, text, suite))
        {
            suite.Unknown(place, line, ["request", "response", "custom_id", "method", "url", "body", "messages", "tools", "id", "user", "model", "created", "deployment", "session", "parallel_tool_calls", "stream", "n", .. s_settings]);
            var request = line["request"] as JsonObject ?? line["body"] as JsonObject ?? line;
            if (request != line) suite.Unknown($"{place}.{(line["request"] is null ? "body" : "request")}", request, ["model", "messages", "tools", "stream", "stream_options", "user", "metadata", "store", "n", "custom_id", "id", "method", "url", .. s_settings]);
            if (s_settings.FirstOrDefault(k => request[k] is not null) is { } setting) suite.Differs($"{place}.{setting}", "how requests are made is a suite's own here, one for all its prompts");
            if (ImportJson.Number(request["n"]) > 1) suite.NotTaken(place, "asks for several answers to one question; one is asked for");
            Add(suite, line, request, place);
        }

        return suite.Build(System.IO.Path.GetFileNameWithoutExtension(name), "Conversations from a log. What is expected is what was answered then, right or not.");
    }

    private static void Add(SuiteBuilder suite, JsonObject line, JsonObject request, string place)
    {
        var list = (request["messages"] as JsonArray)?.DeepClone().AsArray();
        var answer = Answer(line["response"]);
        if (answer is null && list is { Count: > 1 } && list[^1] is JsonObject last && ImportJson.Text(last["role"]) == "assistant")
        {
            answer = last;
            list.RemoveAt(list.Count - 1);
        }

        if (ImportJson.Messages(list, place, suite) is not { } messages) return;
        var expected = Expected(answer, out var grader);
        var id = ImportJson.Text(line["custom_id"]) ?? ImportJson.Text(line["id"]) ?? place.Split(' ')[^1];
        var prompt = suite.Add(place, id, messages, expected is null ? [] : [expected], ImportJson.Graders(grader));
        // What one user said after the other counts once.
        if (prompt is not null && ImportJson.Text(line["session"]) is { } session) prompt["cluster"] = session;
        if (prompt is not null && request["tools"] is JsonArray tools) prompt["tools"] = tools.DeepClone();
    }

    // Of a whole response, of what a batch's output wraps around it, or the message itself.
    private static JsonObject? Answer(JsonNode? response)
    {
        var body = response?["body"] ?? response;
        return body is JsonObject map ? (map["choices"] as JsonArray)?.FirstOrDefault()?["message"] as JsonObject ?? (map["role"] is null ? null : map) : null;
    }

    private static string? Expected(JsonObject? answer, out JsonObject grader)
    {
        if (answer?["tool_calls"] is JsonArray { Count: > 0 } calls && calls.Select(Call).ToArray() is var made && made.All(static c => c is not null))
        {
            grader = ImportJson.Grader("toolCall");
            return new JsonArray([.. made]).ToJsonString();
        }

        var text = ImportJson.Text(answer?["content"]);
        grader = string.IsNullOrWhiteSpace(text) ? ImportJson.Grader("finish") : ImportJson.Grader("chrF");
        return string.IsNullOrWhiteSpace(text) ? null : text;
    }

    private static JsonNode? Call(JsonNode? call)
    {
        try
        {
            return new JsonObject { ["name"] = ImportJson.Text(call?["function"]?["name"]), ["arguments"] = JsonNode.Parse(ImportJson.Text(call?["function"]?["arguments"]) ?? "{}") };
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }
}
