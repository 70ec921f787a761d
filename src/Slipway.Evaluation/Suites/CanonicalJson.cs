using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.Evaluation.Suites;

/// <summary>JSON whose bytes do not depend on the order of keys, for digests.</summary>
public static class CanonicalJson
{
    /// <summary>The digest of a value.</summary>
    /// <param name="node">The value.</param>
    /// <returns><c>sha256:</c> and 64 hexadecimal digits.</returns>
    public static string Digest(JsonNode? node)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes)) Write(writer, node);
        return $"sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)))}";
    }

    private static void Write(Utf8JsonWriter writer, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map:
                writer.WriteStartObject();
                // A field that is null says no more than one that is missing.
                foreach (var (key, value) in map.Where(static p => p.Value is not null).OrderBy(static p => p.Key, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(key);
                    Write(writer, value);
                }

                writer.WriteEndObject();
                break;
            case JsonArray list:
                writer.WriteStartArray();
                foreach (var item in list) Write(writer, item);
                writer.WriteEndArray();
                break;
            case null:
                writer.WriteNullValue();
                break;
            default:
                node.WriteTo(writer);
                break;
        }
    }
}
