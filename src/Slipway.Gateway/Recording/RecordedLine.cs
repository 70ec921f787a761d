using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Slipway.Gateway.Recording;

/// <summary>One request and its answer as a line of JSON, redacted: what `slipway suites import openai-chat-log` reads.</summary>
internal static class RecordedLine
{
    // Texts of many languages, as they are; nobody shows these as HTML.
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // They name users, or are for others than the model.
    private static readonly string[] s_without = ["user", "metadata", "safety_identifier", "prompt_cache_key", "store"];

    /// <summary>Writes the line.</summary>
    /// <param name="taken">The request and its answer.</param>
    /// <param name="into">Where to.</param>
    /// <returns>Whether there is anything to write: not where the request asks not to be kept (`"store": false`), or one of the two cannot be read.</returns>
    public static bool TryWrite(Taken taken, ArrayBufferWriter<byte> into)
    {
        var request = taken.Capture.Request.Span;
        try
        {
            if (AsksNotToBeKept(request)) return false;
            using var writer = new Utf8JsonWriter(into, s_options);
            writer.WriteStartObject();
            writer.WriteString("id", Guid.CreateVersion7(taken.Started).ToString("N"));
            writer.WriteNumber("created", taken.Started.ToUnixTimeSeconds());
            writer.WriteString("deployment", taken.Deployment);
            writer.WriteString("url", taken.Path);
            if (taken.Session is not null) writer.WriteString("session", taken.Session);
            writer.WritePropertyName("request");
            RedactedJson.Copy(request, writer, s_without);
            writer.WritePropertyName("response");
            if (!taken.Streamed) RedactedJson.Copy(taken.Capture.Answer.Span, writer);
            else if (StreamedAnswer.Read(taken.Capture.Answer.Span) is { } whole) RedactedJson.Copy(Encoding.UTF8.GetBytes(whole.ToJsonString()), writer);
            else return false;
            writer.WriteEndObject();
            return true;
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static bool AsksNotToBeKept(ReadOnlySpan<byte> request)
    {
        if (request.IndexOf("\"store\""u8) < 0) return false;
        var reader = new Utf8JsonReader(request);
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.PropertyName && reader.CurrentDepth == 1 && reader.ValueTextEquals("store"u8)) return reader.Read() && reader.TokenType is JsonTokenType.False;
        }

        return false;
    }
}
