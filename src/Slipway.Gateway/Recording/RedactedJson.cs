using System.Numerics;
using System.Text.Json;

namespace Slipway.Gateway.Recording;

/// <summary>Copies JSON with all its texts redacted, as they read and not as they are escaped. For one thread at a time.</summary>
internal sealed class RedactedJson
{
    // Long prompts are written so: the writer makes room for six times of what it is given at once.
    private const int Segment = 4 * 1024;

    // Deeper is no request to a model.
    private const int Deepest = 64;

    // Fewer digits say nobody's number.
    private const int LongNumber = 9;

    // Where texts are looked at: to make a string of each long prompt would have the garbage collector clean up all the time.
    private char[] _text = new char[4 * 1024];

    /// <summary>Copies a document.</summary>
    /// <param name="json">The document.</param>
    /// <param name="writer">Where to.</param>
    /// <param name="without">Members at the top that are left out.</param>
    /// <exception cref="JsonException">It is none, or it is too deep.</exception>
    public void Copy(ReadOnlySpan<byte> json, Utf8JsonWriter writer, params ReadOnlySpan<string> without)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = Deepest });
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    writer.WriteStartObject();
                    break;
                case JsonTokenType.EndObject:
                    writer.WriteEndObject();
                    break;
                case JsonTokenType.StartArray:
                    writer.WriteStartArray();
                    break;
                case JsonTokenType.EndArray:
                    writer.WriteEndArray();
                    break;
                case JsonTokenType.PropertyName when reader.CurrentDepth == 1 && Among(reader.GetString()!, without):
                    reader.Read();
                    reader.Skip();
                    break;
                case JsonTokenType.PropertyName:
                    writer.WritePropertyName(Redactor.Redact(reader.GetString()!));
                    break;
                case JsonTokenType.String:
                    Text(ref reader, writer);
                    break;
                case JsonTokenType.Number when reader.CurrentDepth > 1 && reader.ValueSpan.Length >= LongNumber && reader.ValueSpan.IndexOfAny(".eE"u8) < 0:
                    writer.WriteStringValue("[number]");
                    break;
                default:
                    writer.WriteRawValue(reader.ValueSpan, skipInputValidation: true);
                    break;
            }
        }
    }

    private void Text(ref Utf8JsonReader reader, Utf8JsonWriter writer)
    {
        // Of no bytes of UTF-8 there are more characters.
        if (reader.ValueSpan.Length > _text.Length) _text = new char[(int)BitOperations.RoundUpToPowerOf2((uint)reader.ValueSpan.Length)];
        var text = _text.AsSpan(0, reader.CopyString(_text));
        // Pictures and sounds show people, and nothing here can tell.
        if (text.StartsWith("data:", StringComparison.OrdinalIgnoreCase) && text.Contains(";base64,", StringComparison.OrdinalIgnoreCase)) text = "[data]".AsSpan().ToArray();
        else if (Redactor.Finds(text)) text = Redactor.Redact(text.ToString()).ToCharArray();
        for (; text.Length > Segment; text = text[Segment..]) writer.WriteStringValueSegment(text[..Segment], isFinalSegment: false);
        writer.WriteStringValueSegment(text, isFinalSegment: true);
    }

    private static bool Among(string name, ReadOnlySpan<string> names)
    {
        foreach (var one in names)
        {
            if (one == name) return true;
        }

        return false;
    }
}
