using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Slipway.Web.Manifests;

namespace Slipway.Output;

/// <summary>Prints objects as JSON or YAML.</summary>
internal static class Print
{
    private static readonly JsonWriterOptions s_indented = new() { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task ObjectAsync<T>(T value, JsonTypeInfo<T> contract, OutputFormat format) =>
        await NodeAsync(JsonSerializer.SerializeToNode(value, contract)!, format);

    public static async Task NodeAsync(JsonNode node, OutputFormat format) =>
        await Console.Out.WriteLineAsync(format is OutputFormat.Yaml ? YamlText.Write(node) : Json(node));

    private static string Json(JsonNode node)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, s_indented)) node.WriteTo(writer);
        return System.Text.Encoding.UTF8.GetString(bytes.ToArray());
    }
}
