using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Evaluation.Chat;

namespace Slipway.Operator.Rollouts.Shadowing;

/// <summary>A recorded request that can be asked again.</summary>
/// <param name="Id">The recording.</param>
/// <param name="Session">What it belongs to; null where it stands alone.</param>
/// <param name="Messages">The conversation, its texts alone.</param>
/// <param name="Body">The whole request.</param>
/// <param name="Answer">What the user got.</param>
internal sealed record RecordedRequest(string Id, string? Session, ImmutableArray<Message> Messages, string Body, Answer Answer)
{
    // What redaction leaves in place of pictures and sounds, and of numbers outside of texts.
    private static readonly string[] s_lost = ["\"[data]\"", "\"[number]\""];

    /// <summary>Reads a recording.</summary>
    /// <param name="line">The line.</param>
    /// <param name="deployment">Whose answers are wanted, as namespace/name.</param>
    /// <param name="mine">Whether it is one of that deployment's.</param>
    /// <returns>The request; null where it cannot be asked again as it was.</returns>
    public static RecordedRequest? Read(string line, string deployment, out bool mine)
    {
        mine = false;
        try
        {
            var recording = JsonNode.Parse(line)!;
            mine = (string?)recording["deployment"] == deployment;
            if (!mine || (string?)recording["url"] != "/v1/chat/completions" || recording["request"] is not JsonObject request || (string?)recording["id"] is not { } id) return null;
            var body = request.ToJsonString();
            if (s_lost.Any(l => body.Contains(l, StringComparison.Ordinal)) || request["messages"] is not JsonArray { Count: > 0 } messages) return null;
            return Answered(recording["response"]) is { } answer ? new RecordedRequest(id, (string?)recording["session"], [.. messages.Select(Said)], body, answer) : null;
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static Message Said(JsonNode? message) => new(
        (string?)message?["role"] ?? "user",
        message?["content"] switch
        {
            JsonValue text => (string?)text ?? "",
            JsonArray parts => string.Join('\n', parts.Select(static p => (string?)p?["text"]).OfType<string>()),
            _ => "",
        });

    private static Answer? Answered(JsonNode? response)
    {
        if (response?["choices"] is not JsonArray { Count: > 0 } choices || choices[0]?["message"] is not JsonObject message) return null;
        return new Answer
        {
            Text = (string?)message["content"] ?? "",
            FinishReason = (string?)choices[0]!["finish_reason"],
            ToolCalls = [.. (message["tool_calls"] as JsonArray ?? []).Select(static c => new ToolCall((string?)c?["function"]?["name"] ?? "", (string?)c?["function"]?["arguments"] ?? "{}"))],
            CompletionTokens = (int?)response["usage"]?["completion_tokens"],
        };
    }
}
