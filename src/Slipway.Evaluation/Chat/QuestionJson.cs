using System.Text.Json;

namespace Slipway.Evaluation.Chat;

/// <summary>A question as the body of OpenAI's <c>/v1/chat/completions</c>.</summary>
internal static class QuestionJson
{
    public static byte[] Write(string model, Question question)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            writer.WriteString("model", model);
            writer.WriteStartArray("messages");
            foreach (var message in question.Messages)
            {
                writer.WriteStartObject();
                writer.WriteString("role", message.Role);
                writer.WriteString("content", message.Content);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            Settings(writer, question.Settings);
            if (question.Tools is { } tools)
            {
                writer.WritePropertyName("tools");
                writer.WriteRawValue(tools);
            }

            if (question.TopLogprobs is { } top)
            {
                writer.WriteBoolean("logprobs", true);
                writer.WriteNumber("top_logprobs", top);
            }

            writer.WriteBoolean("stream", true);
            writer.WriteStartObject("stream_options");
            writer.WriteBoolean("include_usage", true);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return bytes.ToArray();
    }

    private static void Settings(Utf8JsonWriter writer, RequestSettings settings)
    {
        writer.WriteNumber("max_tokens", settings.MaxTokens);
        if (settings.Temperature is { } temperature) writer.WriteNumber("temperature", temperature);
        if (settings.TopP is { } share) writer.WriteNumber("top_p", share);
        if (settings.Seed is { } seed) writer.WriteNumber("seed", seed);
        if (settings.Stop.IsEmpty) return;
        writer.WriteStartArray("stop");
        foreach (var stop in settings.Stop) writer.WriteStringValue(stop);
        writer.WriteEndArray();
    }
}
