using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.Web.Playground;

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

    /// <summary>Where chance begins, so that the same question can be answered the same; the engine's own when null.</summary>
    public long? Seed { get; init; }

    /// <summary>How much less likely what was said at all becomes, -2 to 2; the engine's own when null.</summary>
    public double? PresencePenalty { get; init; }

    /// <summary>How much less likely what was said becomes with each time, -2 to 2; the engine's own when null.</summary>
    public double? FrequencyPenalty { get; init; }

    /// <summary>Texts at which an answer ends.</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>Tools that the model may want called; null for none.</summary>
    public JsonArray? Tools { get; init; }

    /// <summary>What the answer has to be; null for anything.</summary>
    public AnswerFormat? Format { get; init; }

    internal byte[] ToJson() => Write(indented: false, kept: false);

    /// <summary>The conversation to keep: what can be asked again, with what the models thought.</summary>
    internal string ToKept() => System.Text.Encoding.UTF8.GetString(Write(indented: true, kept: true)) + "\n";

    private byte[] Write(bool indented, bool kept)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = indented, NewLine = "\n" }))
        {
            writer.WriteStartObject();
            writer.WriteString("model", Model);
            if (!kept)
            {
                writer.WriteBoolean("stream", true);
                writer.WriteStartObject("stream_options");
                writer.WriteBoolean("include_usage", true);
                writer.WriteEndObject();
            }

            WriteSampling(writer);
            if (Tools is not null) Node(writer, "tools", Tools);
            if (Format is not null) Node(writer, "response_format", Format.ToJson());
            writer.WriteStartArray("messages");
            foreach (var turn in Turns) TurnJson.Write(writer, turn, kept);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return bytes.ToArray();
    }

    private void WriteSampling(Utf8JsonWriter writer)
    {
        if (Temperature is { } temperature) writer.WriteNumber("temperature", temperature);
        if (TopP is { } share) writer.WriteNumber("top_p", share);
        if (MaxTokens is { } most) writer.WriteNumber("max_tokens", most);
        if (Seed is { } seed) writer.WriteNumber("seed", seed);
        if (PresencePenalty is { } presence) writer.WriteNumber("presence_penalty", presence);
        if (FrequencyPenalty is { } frequency) writer.WriteNumber("frequency_penalty", frequency);
        if (Stop.Count == 0) return;
        writer.WriteStartArray("stop");
        foreach (var text in Stop) writer.WriteStringValue(text);
        writer.WriteEndArray();
    }

    private static void Node(Utf8JsonWriter writer, string name, JsonNode value)
    {
        writer.WritePropertyName(name);
        value.WriteTo(writer);
    }
}
