using System.Text.Json.Nodes;

namespace Slipway.Gateway.Recording.Streams;

/// <summary>A stream of `/v1/responses`. Its last event has all of the answer; of servers that leave the output out there, it is that of the items' own last events.</summary>
internal sealed class ResponsePieces : IPieces
{
    private readonly SortedDictionary<int, JsonNode> _items = [];
    private JsonObject? _whole;

    public bool Take(JsonObject said)
    {
        switch (Json.Text(said["type"]))
        {
            case "response.output_item.done" when said["item"] is JsonObject item:
                _items[Json.Index(said["output_index"])] = item.DeepClone();
                return true;
            case "response.completed" or "response.incomplete" when said["response"] is JsonObject response:
                _whole = (JsonObject)response.DeepClone();
                return true;
            case "response.failed" or "error":
                return false;
            default:
                return true;
        }
    }

    public JsonObject? Whole()
    {
        if (_whole is { } whole && whole["output"] is not JsonArray { Count: > 0 }) whole["output"] = new JsonArray([.. _items.Values]);
        return _whole;
    }
}
