using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Slipway.Web.Manifests;

/// <summary>JSON as YAML and back; one for the command line and the page.</summary>
public static class YamlText
{
    private const int MaxNodes = 20_000;
    private const int MaxDepth = 64;

    /// <summary>Writes JSON as YAML, without the end of the last line.</summary>
    /// <param name="node">The JSON.</param>
    public static string Write(JsonNode node)
    {
        using var text = new StringWriter { NewLine = "\n" };
        new YamlStream(new YamlDocument(Tree(node))).Save(new Emitter(text, new EmitterSettings().WithBestWidth(160)), false);
        // The document's end mark says nothing in a file of one document.
        var written = text.ToString().TrimEnd();
        return written.EndsWith("\n...", StringComparison.Ordinal) ? written[..^4] : written;
    }

    /// <summary>Reads one YAML document. Anchors and aliases are refused: no manifest needs them, and a small text could become a large tree.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="FormatException">It is not one YAML document within the limits; the message says where.</exception>
    public static JsonNode? Read(string text)
    {
        try
        {
            var parser = new Parser(new StringReader(text));
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _)) return null;
            parser.Consume<DocumentStart>();
            var left = MaxNodes;
            var node = Node(parser, 0, ref left);
            parser.Consume<DocumentEnd>();
            if (!parser.Accept<StreamEnd>(out _)) throw new FormatException("There is more than one document in the text: keep one.");
            return node;
        }
        catch (YamlException wrong)
        {
            throw new FormatException($"Line {wrong.Start.Line}: {(wrong.InnerException ?? wrong).Message}", wrong);
        }
        // YamlDotNet 18.1 throws it for some texts that are no YAML, as "---" after a document that a tab broke off.
        catch (InvalidOperationException wrong)
        {
            throw new FormatException(wrong.Message, wrong);
        }
    }

    private static JsonNode? Node(IParser parser, int depth, ref int left)
    {
        if (depth > MaxDepth || --left < 0) throw new FormatException($"The text is too large: at most {MaxNodes} values, {MaxDepth} deep.");
        if (parser.TryConsume<AnchorAlias>(out var alias)) throw new FormatException($"Line {alias.Start.Line}: write the value out instead of the alias *{alias.Value}.");
        if (parser.TryConsume<Scalar>(out var scalar)) return Value(scalar);
        if (parser.TryConsume<SequenceStart>(out _))
        {
            var list = new JsonArray();
            while (!parser.TryConsume<SequenceEnd>(out _)) list.Add(Node(parser, depth + 1, ref left));
            return list;
        }

        parser.Consume<MappingStart>();
        var map = new JsonObject();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (!parser.TryConsume<Scalar>(out var key)) throw new FormatException($"Line {parser.Current?.Start.Line}: a key has to be a word.");
            if (!map.TryAdd(key.Value, Node(parser, depth + 1, ref left))) throw new FormatException($"Line {key.Start.Line}: {key.Value} is given twice.");
        }

        return map;
    }

    // The core schema of YAML 1.2, with the booleans that Kubernetes' own reader takes.
    private static JsonValue? Value(Scalar scalar)
    {
        if (scalar.Style is not ScalarStyle.Plain) return JsonValue.Create(scalar.Value);
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
            || char.IsAsciiDigit(text[0])
            || text.Any(static c => char.IsControl(c) && c != '\n')
            // A block takes the first line's blanks for indentation and is not sure of those at a line's end: what it cannot say exactly is quoted.
            || (text.Contains('\n', StringComparison.Ordinal)
                && (char.IsWhiteSpace(text[0]) || text.Contains(" \n", StringComparison.Ordinal) || text.EndsWith(' ') || text.EndsWith("\n\n", StringComparison.Ordinal)));
        return new YamlScalarNode(text)
        {
            Style = ambiguous ? ScalarStyle.DoubleQuoted : text.Contains('\n', StringComparison.Ordinal) ? ScalarStyle.Literal : ScalarStyle.Any,
        };
    }
}
