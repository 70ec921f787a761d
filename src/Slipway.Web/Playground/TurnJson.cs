using System.Text.Json;

namespace Slipway.Web.Playground;

/// <summary>Turns as messages of OpenAI's API.</summary>
internal static class TurnJson
{
    public static void Write(Utf8JsonWriter writer, ChatTurn turn, bool kept)
    {
        writer.WriteStartObject();
        writer.WriteString("role", turn.Role);
        if (turn.CallId is { } id) writer.WriteString("tool_call_id", id);
        if (turn.Images.Count > 0) WriteParts(writer, turn);
        // A turn that only calls has no content, and some chat templates take an empty one for a word.
        else if (turn.Calls.Count > 0 && turn.Content.Length == 0) writer.WriteNull("content");
        else writer.WriteString("content", turn.Content);
        if (kept && turn.Reasoning.Length > 0) writer.WriteString("reasoning_content", turn.Reasoning);
        if (turn.Calls.Count > 0) WriteCalls(writer, turn.Calls);
        writer.WriteEndObject();
    }

    private static void WriteParts(Utf8JsonWriter writer, ChatTurn turn)
    {
        writer.WriteStartArray("content");
        writer.WriteStartObject();
        writer.WriteString("type", "text");
        writer.WriteString("text", turn.Content);
        writer.WriteEndObject();
        foreach (var image in turn.Images)
        {
            writer.WriteStartObject();
            writer.WriteString("type", "image_url");
            writer.WriteStartObject("image_url");
            writer.WriteString("url", image.DataUri);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteCalls(Utf8JsonWriter writer, IReadOnlyList<ToolCall> calls)
    {
        writer.WriteStartArray("tool_calls");
        foreach (var call in calls)
        {
            writer.WriteStartObject();
            writer.WriteString("id", call.Id);
            writer.WriteString("type", "function");
            writer.WriteStartObject("function");
            writer.WriteString("name", call.Name);
            writer.WriteString("arguments", call.Arguments);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
