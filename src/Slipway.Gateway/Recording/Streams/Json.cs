using System.Text.Json.Nodes;

namespace Slipway.Gateway.Recording.Streams;

/// <summary>Reads values that may be of another kind than they should.</summary>
internal static class Json
{
    public static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    /// <summary>The place of a piece; the first where it names none.</summary>
    public static int Index(JsonNode? node) => node is JsonValue value && value.TryGetValue(out int index) ? index : 0;
}
