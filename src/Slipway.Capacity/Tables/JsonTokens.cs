using System.Text.Json;

namespace Slipway.Capacity.Tables;

/// <summary>Walks through JSON of any size with a buffer of one token's size, telling where in it each value is.</summary>
internal static class JsonTokens
{
    private const int MaxToken = 1 << 20;

    /// <summary>Takes a value, or the start or end of an object or list.</summary>
    /// <param name="path">Names of the properties that lead to it; a list adds none. Valid during the call.</param>
    /// <param name="token">What it is.</param>
    /// <param name="text">A string's or a number's text; empty otherwise.</param>
    public delegate void Taker(IReadOnlyList<string> path, JsonTokenType token, string text);

    /// <summary>Reads it all.</summary>
    /// <returns>Whether the text was whole; false also when one token is longer than a megabyte.</returns>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static bool Read(Stream stream, Taker take)
    {
        var buffer = new byte[64 * 1024];
        var path = new List<string>();
        var names = new Stack<bool>();
        var state = new JsonReaderState();
        for (int kept = 0; ;)
        {
            var read = stream.Read(buffer, kept, buffer.Length - kept);
            var reader = new Utf8JsonReader(buffer.AsSpan(0, kept + read), isFinalBlock: read == 0, state);
            while (reader.Read()) Step(ref reader, path, names, take);
            if (read == 0) return names.Count == 0;
            state = reader.CurrentState;
            kept = kept + read - (int)reader.BytesConsumed;
            buffer.AsSpan((int)reader.BytesConsumed, kept).CopyTo(buffer);
            if (kept == buffer.Length)
            {
                if (kept >= MaxToken) return false;
                Array.Resize(ref buffer, kept * 2);
            }
        }
    }

    private static void Step(ref Utf8JsonReader reader, List<string> path, Stack<bool> names, Taker take)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                path.Add(reader.GetString()!);
                return;
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                take(path, reader.TokenType, "");
                names.Push(reader.TokenType == JsonTokenType.StartObject);
                return;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                names.Pop();
                take(path, reader.TokenType, "");
                break;
            default:
                take(path, reader.TokenType, reader.TokenType == JsonTokenType.String ? reader.GetString()! : reader.TokenType == JsonTokenType.Number ? System.Text.Encoding.UTF8.GetString(reader.ValueSpan) : "");
                break;
        }

        // The value of a property is done, so its name leaves the path; a list's items have none.
        if (names.TryPeek(out var inObject) && inObject) path.RemoveAt(path.Count - 1);
    }
}
