using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Slipway.Gateway.Recording.Streams;

namespace Slipway.Gateway.Recording;

/// <summary>Writes one request and its answer as a line of JSON, redacted: what `slipway suites import openai-chat-log` reads. For one thread at a time; its memory is used again for the next.</summary>
internal sealed class RecordedLine
{
    // Texts of many languages, as they are; nobody shows these as HTML.
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // They name users, or are for others than the model.
    private static readonly string[] s_without = ["user", "metadata", "safety_identifier", "prompt_cache_key", "store"];

    private readonly ArrayBufferWriter<byte> _said = new(16 * 1024), _line = new(16 * 1024);
    private readonly RedactedJson _redacted = new();

    /// <summary>The line that was written last.</summary>
    public ReadOnlySpan<byte> Written => _line.WrittenSpan;

    /// <summary>Writes the line.</summary>
    /// <param name="taken">The request and its answer, whose memory is given back.</param>
    /// <returns>Whether there is anything to write: not where the request asks not to be kept (`"store": false`), or one of the two cannot be read.</returns>
    public bool TryWrite(Taken taken)
    {
        _said.ResetWrittenCount();
        _line.ResetWrittenCount();
        var asked = taken.Capture.CopyTo(_said);
        taken.Capture.Dispose();
        var request = _said.WrittenSpan[..asked];
        var answer = _said.WrittenSpan[asked..];
        try
        {
            if (AsksNotToBeKept(request)) return false;
            using var writer = new Utf8JsonWriter(_line, s_options);
            writer.WriteStartObject();
            writer.WriteString("id", Guid.CreateVersion7(taken.Started).ToString("N"));
            writer.WriteNumber("created", taken.Started.ToUnixTimeSeconds());
            writer.WriteString("deployment", taken.Deployment);
            writer.WriteString("url", taken.Path);
            if (taken.Session is not null) writer.WriteString("session", taken.Session);
            writer.WritePropertyName("request");
            _redacted.Copy(request, writer, s_without);
            writer.WritePropertyName("response");
            // Answers of /v1/responses say again what was asked.
            if (!taken.Streamed) _redacted.Copy(answer, writer, s_without);
            else if (StreamedAnswer.Read(answer) is { } whole) _redacted.Copy(Encoding.UTF8.GetBytes(whole.ToJsonString()), writer, s_without);
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
