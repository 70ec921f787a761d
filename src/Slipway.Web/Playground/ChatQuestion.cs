using System.Text.Json;

namespace Slipway.Web.Playground;

/// <summary>One turn of a conversation.</summary>
/// <param name="Role"><c>system</c>, <c>user</c> or <c>assistant</c>.</param>
/// <param name="Content">What was said.</param>
public sealed record ChatTurn(string Role, string Content);

/// <summary>What is asked of a model.</summary>
/// <param name="Model">The name that the gateway routes by.</param>
/// <param name="Turns">The conversation so far; the last turn is the question.</param>
public sealed record ChatQuestion(string Model, IReadOnlyList<ChatTurn> Turns)
{
    /// <summary>How much chance is in the answer, 0 to 2; the engine's own when null.</summary>
    public double? Temperature { get; init; }

    /// <summary>The share of likely tokens that is chosen from, 0 to 1; the engine's own when null.</summary>
    public double? TopP { get; init; }

    /// <summary>Most tokens of the answer; the engine's own when null.</summary>
    public int? MaxTokens { get; init; }

    internal byte[] ToJson()
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            writer.WriteString("model", Model);
            writer.WriteBoolean("stream", true);
            writer.WriteStartObject("stream_options");
            writer.WriteBoolean("include_usage", true);
            writer.WriteEndObject();
            if (Temperature is { } temperature) writer.WriteNumber("temperature", temperature);
            if (TopP is { } share) writer.WriteNumber("top_p", share);
            if (MaxTokens is { } most) writer.WriteNumber("max_tokens", most);
            writer.WriteStartArray("messages");
            foreach (var turn in Turns)
            {
                writer.WriteStartObject();
                writer.WriteString("role", turn.Role);
                writer.WriteString("content", turn.Content);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return bytes.ToArray();
    }
}
