using System.Text.Json.Nodes;
using Slipway.Evaluation.Importing.Logs;

namespace Slipway.Evaluation.Importing;

/// <summary>
/// Conversations with OpenAI's API as a suite: JSON lines of requests with their responses (<c>{"request": ..., "response": ...}</c>), of a batch's input
/// (<c>{"custom_id", "body"}</c>), or of training data (<c>{"messages"}</c>, the last of them the answer). Lines that the gateway recorded of the Responses API and of
/// Anthropic's Messages API are taken too.
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
            if (!Known(request, line, out var api))
            {
                suite.NotTaken(place, $"is a request to {ImportJson.Text(line["url"])}; a suite asks by conversations");
                continue;
            }

            if (api is not null)
            {
                Of(api, suite, line, request, place);
                continue;
            }

            if (request != line) suite.Unknown($"{place}.{(line["request"] is null ? "body" : "request")}", request, ["model", "messages", "tools", "stream", "stream_options", "user", "metadata", "store", "n", "custom_id", "id", "method", "url", .. s_settings]);
            Differs(suite, request, s_settings, place);
            if (ImportJson.Number(request["n"]) > 1) suite.NotTaken(place, "asks for several answers to one question; one is asked for");
            Add(suite, line, request, Answer(line["response"]), place);
        }

        return suite.Build(System.IO.Path.GetFileNameWithoutExtension(name), "Conversations from a log. What is expected is what was answered then, right or not.");
    }

    private static void Differs(SuiteBuilder suite, JsonObject request, string[] settings, string place)
    {
        if (settings.FirstOrDefault(k => request[k] is not null) is { } setting) suite.Differs($"{place}.{setting}", "how requests are made is a suite's own here, one for all its prompts");
    }

    // By its path, or by what its answer calls itself; without either it is the chat API's.
    private static bool Known(JsonObject request, JsonObject line, out string? api)
    {
        var (path, response) = (ImportJson.Text(line["url"])?.TrimEnd('/'), line["response"]?["body"] ?? line["response"]);
        api = path?.EndsWith("/responses", StringComparison.Ordinal) is true || (path is null && ImportJson.Text(response?["object"]) == "response") ? "responses"
            : path?.EndsWith("/messages", StringComparison.Ordinal) is true || (path is null && ImportJson.Text(response?["type"]) == "message") ? "messages" : null;
        return api is not null || path is null || path.EndsWith("/chat/completions", StringComparison.Ordinal) || request["messages"] is not null;
    }

    private static void Of(string api, SuiteBuilder suite, JsonObject line, JsonObject request, string place)
    {
        var (responses, response) = (api == "responses", (line["response"]?["body"] ?? line["response"]) as JsonObject);
        Differs(suite, request, responses ? ResponsesLog.Settings : MessagesLog.Settings, place);
        if ((responses ? ResponsesLog.Request(request, place, suite) : MessagesLog.Request(request, place, suite)) is { } chat) Add(suite, line, chat, responses ? ResponsesLog.Answer(response) : MessagesLog.Answer(response), place);
    }

    private static void Add(SuiteBuilder suite, JsonObject line, JsonObject request, JsonObject? answer, string place)
    {
        var list = (request["messages"] as JsonArray)?.DeepClone().AsArray();
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
