using System.Text.Json;

namespace Slipway.Gateway.Recording;

/// <summary>Copies JSON with all its texts redacted, as they read and not as they are escaped.</summary>
internal static class RedactedJson
{
    // Deeper is no request to a model.
    private const int Deepest = 64;

    // Fewer digits say nobody's number.
    private const int LongNumber = 9;

    /// <summary>Copies a document.</summary>
    /// <param name="json">The document.</param>
    /// <param name="writer">Where to.</param>
    /// <param name="without">Members at the top that are left out.</param>
    /// <exception cref="JsonException">It is none, or it is too deep.</exception>
    public static void Copy(ReadOnlySpan<byte> json, Utf8JsonWriter writer, params ReadOnlySpan<string> without)
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
                    writer.WriteStringValue(Text(reader.GetString()!));
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

    // Pictures and sounds show people, and nothing here can tell.
    private static string Text(string text) => text.StartsWith("data:", StringComparison.OrdinalIgnoreCase) && text.Contains(";base64,", StringComparison.OrdinalIgnoreCase) ? "[data]" : Redactor.Redact(text);

    private static bool Among(string name, ReadOnlySpan<string> names)
    {
        foreach (var one in names)
        {
            if (one == name) return true;
        }

        return false;
    }
}
