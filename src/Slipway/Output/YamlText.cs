using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Slipway.Output;

/// <summary>Writes JSON as YAML.</summary>
internal static class YamlText
{
    public static string Write(JsonNode node)
    {
        using var text = new StringWriter { NewLine = "\n" };
        new YamlStream(new YamlDocument(Tree(node))).Save(new Emitter(text, new EmitterSettings().WithBestWidth(160)), false);
        // The document's end mark says nothing in a file of one document.
        var written = text.ToString().TrimEnd();
        return written.EndsWith("\n...", StringComparison.Ordinal) ? written[..^4] : written;
    }

    private static YamlNode Tree(JsonNode? node) => node switch
    {
        JsonObject map => new YamlMappingNode(map.SelectMany(p => new[] { Scalar(p.Key), Tree(p.Value) })),
        JsonArray list => new YamlSequenceNode(list.Select(Tree)),
        JsonValue value when value.TryGetValue<string>(out var text) => Scalar(text),
        null => new YamlScalarNode("null"),
        _ => new YamlScalarNode(node.ToJsonString()),
    };

    // A string that YAML would read as something else (YAML 1.1 as well: yes, no, on, off) is quoted.
    private static YamlScalarNode Scalar(string text)
    {
        var ambiguous = text.Length == 0
            || text.ToUpperInvariant() is "TRUE" or "FALSE" or "NULL" or "YES" or "NO" or "ON" or "OFF" or "Y" or "N" or "~"
            || double.TryParse(text, NumberStyles.Any, CultureInfo.InvariantCulture, out _)
            || char.IsAsciiDigit(text[0]);
        return new YamlScalarNode(text) { Style = ambiguous ? ScalarStyle.DoubleQuoted : ScalarStyle.Any };
    }
}
