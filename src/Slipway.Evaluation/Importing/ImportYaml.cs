using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Slipway.Evaluation.Importing;

/// <summary>
/// Reads YAML of other tools into JSON. A tag of their own, such as <c>!function module.name</c>, becomes an object with the tag as its key, so that no one takes
/// the name of a function for a text. Aliases are expanded within a budget.
/// </summary>
internal sealed class ImportYaml
{
    private const int MostNodes = 200_000;
    private const int MostDepth = 64;

    private readonly Dictionary<AnchorName, JsonNode?> _anchors = [];
    private int _left = MostNodes;

    private ImportYaml()
    {
    }

    /// <summary>Reads an object; null, and named, when the text is none.</summary>
    public static JsonObject? Read(string place, string text, SuiteBuilder suite)
    {
        try
        {
            var parser = new Parser(new StringReader(text));
            parser.Consume<StreamStart>();
            if (parser.Accept<DocumentStart>(out _))
            {
                parser.Consume<DocumentStart>();
                if (new ImportYaml().Node(parser, 0) is JsonObject map) return map;
            }

            suite.NotTaken(place, "is no YAML of an object");
        }
        catch (Exception wrong) when (wrong is YamlException or InvalidOperationException or FormatException)
        {
            suite.NotTaken(place, wrong is YamlException at ? $"line {at.Start.Line}: {(at.InnerException ?? at).Message}" : wrong.Message);
        }

        return null;
    }

    private JsonNode? Node(IParser parser, int depth)
    {
        if (depth > MostDepth || --_left < 0) throw new FormatException($"is too large: at most {MostNodes} values, {MostDepth} deep");
        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            var node = _anchors.TryGetValue(alias.Value, out var known) ? known : throw new FormatException($"line {alias.Start.Line}: there is no anchor {alias.Value}");
            if ((_left -= Count(node)) < 0) throw new FormatException($"is too large: at most {MostNodes} values");
            return node?.DeepClone();
        }

        if (parser.TryConsume<Scalar>(out var scalar)) return Anchor(scalar.Anchor, Tagged(scalar.Tag, Value(scalar)));
        if (parser.TryConsume<SequenceStart>(out var sequence))
        {
            var list = new JsonArray();
            while (!parser.TryConsume<SequenceEnd>(out _)) list.Add(Node(parser, depth + 1));
            return Anchor(sequence.Anchor, Tagged(sequence.Tag, list));
        }

        var start = parser.Consume<MappingStart>();
        var map = new JsonObject();
        var given = new HashSet<string>(StringComparer.Ordinal);
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (!parser.TryConsume<Scalar>(out var key)) throw new FormatException($"line {parser.Current?.Start.Line}: a key is no word");
            var value = Node(parser, depth + 1);
            // YAML's merge key: what stands in the object itself counts.
            if (key.Value == "<<" && key.Style == ScalarStyle.Plain && value is JsonObject merged)
            {
                foreach (var (name, inherited) in merged) map.TryAdd(name, inherited?.DeepClone());
            }
            else
            {
                if (!given.Add(key.Value)) throw new FormatException($"line {key.Start.Line}: {key.Value} is given twice");
                map[key.Value] = value;
            }
        }

        return Anchor(start.Anchor, Tagged(start.Tag, map));
    }

    private JsonNode? Anchor(AnchorName anchor, JsonNode? node)
    {
        if (!anchor.IsEmpty) _anchors[anchor] = node;
        return node;
    }

    private static JsonNode? Tagged(TagName tag, JsonNode? node) =>
        tag.IsEmpty || tag.IsNonSpecific || tag.Value.StartsWith("tag:yaml.org,2002:", StringComparison.Ordinal) ? node : new JsonObject { [tag.Value] = node };

    private static int Count(JsonNode? node) => node switch
    {
        JsonObject map => 1 + map.Sum(static p => Count(p.Value)),
        JsonArray list => 1 + list.Sum(Count),
        _ => 1,
    };

    // The core schema of YAML 1.2.
    private static JsonValue? Value(Scalar scalar)
    {
        if (scalar.Style is not ScalarStyle.Plain || scalar.Tag == "tag:yaml.org,2002:str") return JsonValue.Create(scalar.Value);
        return scalar.Value switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            "true" or "True" or "TRUE" => JsonValue.Create(true),
            "false" or "False" or "FALSE" => JsonValue.Create(false),
            var text when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => JsonValue.Create(whole),
            var text when char.IsAsciiDigit(text[^1]) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => JsonValue.Create(number),
            var text => JsonValue.Create(text),
        };
    }
}
