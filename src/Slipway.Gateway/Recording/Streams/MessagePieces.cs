using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.Gateway.Recording.Streams;

/// <summary>A stream of `/v1/messages`: blocks, each begun, gone on with and ended, then why the answer ends.</summary>
internal sealed class MessagePieces : IPieces
{
    private readonly SortedDictionary<int, Block> _blocks = [];
    private JsonObject? _message;
    private bool _ended;

    public bool Take(JsonObject said)
    {
        switch (Json.Text(said["type"]))
        {
            case "message_start" when said["message"] is JsonObject message:
                _message = (JsonObject)message.DeepClone();
                return true;
            case "content_block_start" when said["content_block"] is JsonObject block:
                _blocks[Json.Index(said["index"])] = new Block((JsonObject)block.DeepClone());
                return true;
            case "content_block_delta" when said["delta"] is JsonObject delta && _blocks.TryGetValue(Json.Index(said["index"]), out var goesOn):
                goesOn.Take(delta);
                return true;
            case "message_delta" when _message is not null:
                Merge(_message, said["delta"]);
                if (_message["usage"] is JsonObject usage) Merge(usage, said["usage"]);
                else _message["usage"] = said["usage"]?.DeepClone();
                return true;
            case "message_stop":
                _ended = true;
                return true;
            case "error":
                return false;
            default:
                return true;
        }
    }

    public JsonObject? Whole()
    {
        if (!_ended || _message is null) return null;
        _message["content"] = new JsonArray([.. _blocks.Values.Select(static b => b.Whole())]);
        return _message;
    }

    private static void Merge(JsonObject into, JsonNode? more)
    {
        foreach (var (name, value) in more as JsonObject ?? []) into[name] = value?.DeepClone();
    }

    private sealed class Block(JsonObject begun)
    {
        private readonly Dictionary<string, StringBuilder> _texts = new(StringComparer.Ordinal);

        public void Take(JsonObject delta)
        {
            // A text_delta has "text", a thinking_delta "thinking", an input_json_delta "partial_json".
            foreach (var name in (string[])["text", "thinking", "signature", "partial_json"])
            {
                if (Json.Text(delta[name]) is not { } more) continue;
                if (!_texts.TryGetValue(name, out var text)) _texts[name] = text = new StringBuilder(Json.Text(begun[name]));
                text.Append(more);
            }
        }

        public JsonObject Whole()
        {
            foreach (var (name, text) in _texts)
            {
                if (name == "partial_json") begun["input"] = Input(text.ToString());
                else begun[name] = text.ToString();
            }

            return begun;
        }

        // Where the answer was too long, its last call breaks off: then it is kept as it reads.
        private static JsonNode? Input(string json)
        {
            try
            {
                return json.Length == 0 ? new JsonObject() : JsonNode.Parse(json);
            }
            catch (JsonException)
            {
                return JsonValue.Create(json);
            }
        }
    }
}
