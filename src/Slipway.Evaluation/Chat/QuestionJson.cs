using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.Evaluation.Chat;

/// <summary>A question as the body of OpenAI's <c>/v1/chat/completions</c>.</summary>
internal static class QuestionJson
{
    public static byte[] Write(string model, Question question)
    {
        if (question.Body is { } body) return Again(model, body);
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

            if (question.Begun is { } begun)
            {
                writer.WriteStartObject();
                writer.WriteString("role", "assistant");
                writer.WriteString("content", begun);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            if (question.Begun is not null)
            {
                // In vLLM's words; llama.cpp goes on with a last message of the assistant's by itself.
                writer.WriteBoolean("continue_final_message", true);
                writer.WriteBoolean("add_generation_prompt", false);
            }

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

            // llama.cpp leaves tokens that have no text out of a stream, and so their logarithms.
            if (question.TopLogprobs is null) Streamed(writer);
            writer.WriteEndObject();
        }

        return bytes.ToArray();
    }

    private static void Streamed(Utf8JsonWriter writer)
    {
        writer.WriteBoolean("stream", true);
        writer.WriteStartObject("stream_options");
        writer.WriteBoolean("include_usage", true);
        writer.WriteEndObject();
    }

    // As somebody asked it before, but for one answer, streamed.
    private static byte[] Again(string model, string body)
    {
        var request = JsonNode.Parse(body)!.AsObject();
        request.Remove("n");
        (request["model"], request["stream"]) = (model, true);
        request["stream_options"] = new JsonObject { ["include_usage"] = true };
        return JsonSerializer.SerializeToUtf8Bytes(request);
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
