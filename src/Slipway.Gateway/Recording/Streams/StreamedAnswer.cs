using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.Gateway.Recording.Streams;

/// <summary>Puts a stream of events together to the answer that would have come whole: what is to be redacted may be spread over events.</summary>
internal static class StreamedAnswer
{
    /// <summary>Puts together.</summary>
    /// <param name="events">The stream's bytes.</param>
    /// <returns>The answer; null where the stream is of another kind, or tells of a failure.</returns>
    /// <exception cref="JsonException">An event is no JSON.</exception>
    public static JsonObject? Read(ReadOnlySpan<byte> events)
    {
        IPieces? pieces = null;
        foreach (var range in events.Split((byte)'\n'))
        {
            var line = events[range].TrimEnd((byte)'\r');
            if (!line.StartsWith("data:"u8)) continue;
            line = line["data:".Length..].Trim((byte)' ');
            if (line.SequenceEqual("[DONE]"u8)) break;
            if (JsonNode.Parse(line) is not JsonObject said) return null;
            // A sign of life, which may come before all else.
            if (pieces is null && Json.Text(said["type"]) == "ping") continue;
            pieces ??= Of(said);
            if (pieces?.Take(said) is not true) return null;
        }

        return pieces?.Whole();
    }

    private static IPieces? Of(JsonObject first) => Json.Text(first["type"]) switch
    {
        null => first["choices"] is JsonArray ? new ChatPieces() : null,
        "message_start" => new MessagePieces(),
        var type when type.StartsWith("response.", StringComparison.Ordinal) => new ResponsePieces(),
        _ => null,
    };
}
