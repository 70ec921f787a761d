using System.Text;
using System.Text.Json.Nodes;

namespace Slipway.Gateway.Recording.Streams;

/// <summary>A stream of `/v1/chat/completions` or `/v1/completions`.</summary>
internal sealed class ChatPieces : IPieces
{
    private readonly SortedDictionary<int, Choice> _choices = [];
    private JsonNode? _usage;

    public bool Take(JsonObject said)
    {
        if (said["choices"] is not JsonArray list) return false;
        if (said["usage"] is JsonObject count) _usage = count.DeepClone();
        foreach (var piece in list.OfType<JsonObject>())
        {
            var index = Json.Index(piece["index"]);
            if (!_choices.TryGetValue(index, out var choice)) _choices[index] = choice = new Choice();
            choice.Take(piece);
        }

        return true;
    }

    public JsonObject? Whole() => _choices.Count == 0 ? null : new JsonObject { ["choices"] = new JsonArray([.. _choices.Select(static c => c.Value.Whole(c.Key))]), ["usage"] = _usage };

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
            if (Json.Text(piece["text"]) is { } text)
            {
                _isText = true;
                _text.Append(text);
            }

            if (piece["delta"] is not JsonObject delta) return;
            _content.Append(Json.Text(delta["content"]));
            foreach (var call in (delta["tool_calls"] as JsonArray ?? []).OfType<JsonObject>())
            {
                var index = Json.Index(call["index"]);
                var so = _calls.TryGetValue(index, out var known) ? known : (null, null, new StringBuilder());
                so.Arguments.Append(Json.Text(call["function"]?["arguments"]));
                _calls[index] = (so.Id ?? Json.Text(call["id"]), so.Name ?? Json.Text(call["function"]?["name"]), so.Arguments);
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
    }
}
