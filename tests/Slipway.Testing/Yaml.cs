using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Slipway.Testing;

/// <summary>YAML as JSON nodes, for comparing with what others wrote.</summary>
public static class Yaml
{
    /// <summary>The documents of a file.</summary>
    public static IReadOnlyList<JsonNode> Read(string path)
    {
        using var reader = File.OpenText(path);
        return Read(reader);
    }

    /// <summary>The documents of a text.</summary>
    public static IReadOnlyList<JsonNode> Parse(string text)
    {
        using var reader = new StringReader(text);
        return Read(reader);
    }

    private static List<JsonNode> Read(TextReader reader)
    {
        var stream = new YamlStream();
        stream.Load(reader);
        return stream.Documents.Select(d => Node(d.RootNode)).OfType<JsonNode>().ToList();
    }

    /// <summary>Nodes as a file of one document each.</summary>
    public static string Write(params IEnumerable<JsonNode> nodes)
    {
        using var text = new StringWriter { NewLine = "\n" };
        foreach (var node in nodes)
        {
            if (text.GetStringBuilder().Length > 0) text.Write("---\n");
            new YamlStream(new YamlDocument(Tree(node))).Save(new Emitter(text, new EmitterSettings().WithBestWidth(120)), false);
        }

        return text.ToString();
    }

    private static JsonNode? Node(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(c => KeyValuePair.Create(((YamlScalarNode)c.Key).Value!, Node(c.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Node)]),
        YamlScalarNode { Style: ScalarStyle.Plain } plain => Plain(plain.Value!),
        YamlScalarNode scalar => JsonValue.Create(scalar.Value),
        _ => throw new InvalidOperationException($"Unexpected {node.NodeType}"),
    };

    private static JsonNode? Plain(string text) => text switch
    {
        "" or "null" or "~" => null,
        "true" => JsonValue.Create(true),
        "false" => JsonValue.Create(false),
        _ => long.TryParse(text, out var number) ? JsonValue.Create(number) : JsonValue.Create(text),
    };

    private static YamlNode Tree(JsonNode? node) => node switch
    {
        JsonObject map => new YamlMappingNode(map.SelectMany(p => new[] { new YamlScalarNode(p.Key), Tree(p.Value) })),
        JsonArray list => new YamlSequenceNode(list.Select(Tree)),
        JsonValue value when value.TryGetValue<string>(out var text) => new YamlScalarNode(text) { Style = Quoting(text) },
        null => new YamlScalarNode("null"),
        _ => new YamlScalarNode(node.ToJsonString()),
    };

    private static ScalarStyle Quoting(string text) =>
        text is "" or "true" or "false" or "True" or "False" or "null" || char.IsAsciiDigit(text[0]) ? ScalarStyle.DoubleQuoted : ScalarStyle.Any;
}
