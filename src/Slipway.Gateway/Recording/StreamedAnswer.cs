using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.Gateway.Recording;

/// <summary>Puts a stream of chat or completion events together to the answer that would have come whole: what is to be redacted may be spread over events.</summary>
internal static class StreamedAnswer
{
    /// <summary>Puts together.</summary>
    /// <param name="events">The stream's bytes.</param>
    /// <returns>The answer; null where the stream is of another kind.</returns>
    /// <exception cref="JsonException">An event is no JSON.</exception>
    public static JsonObject? Read(ReadOnlySpan<byte> events)
    {
        var choices = new SortedDictionary<int, Choice>();
        JsonNode? usage = null;
        foreach (var range in events.Split((byte)'\n'))
        {
            var line = events[range].TrimEnd((byte)'\r');
            if (!line.StartsWith("data:"u8)) continue;
            line = line["data:".Length..].Trim((byte)' ');
            if (line.SequenceEqual("[DONE]"u8)) break;
            if (JsonNode.Parse(line) is not JsonObject said || said["choices"] is not JsonArray list) return null;
            if (said["usage"] is JsonObject count) usage = count.DeepClone();
            foreach (var piece in list.OfType<JsonObject>())
            {
                var index = piece["index"] is JsonValue number && number.TryGetValue(out int at) ? at : 0;
                if (!choices.TryGetValue(index, out var choice)) choices[index] = choice = new Choice();
                choice.Take(piece);
            }
        }

        return choices.Count == 0 ? null : new JsonObject { ["choices"] = new JsonArray([.. choices.Select(static c => c.Value.Whole(c.Key))]), ["usage"] = usage };
    }

    private sealed class Choice
    {
        private readonly StringBuilder _text = new();
        private readonly StringBuilder _content = new();
        private readonly SortedDictionary<int, (string? Id, string? Name, StringBuilder Arguments)> _calls = [];
        private JsonNode? _finish;
        private bool _isText;

        public void Take(JsonObject piece)
        {
            _finish = piece["finish_reason"]?.DeepClone() ?? _finish;
            if (Text(piece["text"]) is { } text)
            {
                _isText = true;
                _text.Append(text);
            }

            if (piece["delta"] is not JsonObject delta) return;
            _content.Append(Text(delta["content"]));
            foreach (var call in (delta["tool_calls"] as JsonArray ?? []).OfType<JsonObject>())
            {
                var index = call["index"] is JsonValue number && number.TryGetValue(out int at) ? at : 0;
                var so = _calls.TryGetValue(index, out var known) ? known : (null, null, new StringBuilder());
                so.Arguments.Append(Text(call["function"]?["arguments"]));
                _calls[index] = (so.Id ?? Text(call["id"]), so.Name ?? Text(call["function"]?["name"]), so.Arguments);
            }
        }

        public JsonObject Whole(int index)
        {
            if (_isText) return new JsonObject { ["index"] = index, ["text"] = _text.ToString(), ["finish_reason"] = _finish };
            var message = new JsonObject { ["role"] = "assistant", ["content"] = _content.ToString() };
            if (_calls.Count > 0) message["tool_calls"] = new JsonArray([.. _calls.Values.Select(Call)]);
            return new JsonObject { ["index"] = index, ["message"] = message, ["finish_reason"] = _finish };
        }

        private static JsonObject Call((string? Id, string? Name, StringBuilder Arguments) call) =>
            new() { ["id"] = call.Id, ["type"] = "function", ["function"] = new JsonObject { ["name"] = call.Name, ["arguments"] = call.Arguments.ToString() } };

        private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;
    }
}
