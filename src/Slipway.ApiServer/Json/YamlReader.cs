using System.Globalization;
using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Slipway.ApiServer.Json;

/// <summary>Reads one YAML document into JSON values. Aliases are expanded within a budget, so that no small text becomes a large tree.</summary>
internal sealed class YamlReader
{
    private const int MaxNodes = 1_000_000;

    private readonly Dictionary<AnchorName, object?> _anchors = [];
    private readonly List<string>? _duplicates;
    private int _nodes;

    private YamlReader(List<string>? duplicates) => _duplicates = duplicates;

    /// <exception cref="JsonException">The text is not one YAML document, or lies outside the limits.</exception>
    public static object? Parse(string text, List<string>? duplicates = null)
    {
        try
        {
            var parser = new Parser(new StringReader(text));
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _)) return null;
            parser.Consume<DocumentStart>();
            var value = new YamlReader(duplicates).Node(parser, 0, "");
            parser.Consume<DocumentEnd>();
            // An alias may bring in a tree that is within the limit by itself and above it here.
            return JsonValues.IsWithin(value, JsonParser.MaxDepth) ? value : throw TooDeep();
        }
        // YamlDotNet 18.1 throws the latter for some texts that are no YAML, as "---" after a document that a tab broke off.
        catch (Exception e) when (e is YamlException or InvalidOperationException)
        {
            throw new JsonException(e.Message, e);
        }
    }

    private object? Node(IParser parser, int depth, string path)
    {
        if (depth > JsonParser.MaxDepth) throw TooDeep();
        if (++_nodes > MaxNodes) throw new JsonException("the document has too many nodes");
        if (parser.TryConsume<AnchorAlias>(out var alias)) return Alias(alias);
        if (parser.TryConsume<Scalar>(out var scalar)) return Anchor(scalar.Anchor, Resolve(scalar));
        if (parser.TryConsume<SequenceStart>(out var sequence))
        {
            var list = new JsonList();
            while (!parser.TryConsume<SequenceEnd>(out _)) list.Add(Node(parser, depth + 1, $"{path}[{list.Count}]"));
            return Anchor(sequence.Anchor, list);
        }

        var start = parser.Consume<MappingStart>();
        var map = new JsonMap();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = parser.Consume<Scalar>().Value;
            var inner = path.Length == 0 ? key : path + "." + key;
            var value = Node(parser, depth + 1, inner);
            if (!map.TryAdd(key, value))
            {
                _duplicates?.Add(inner);
                map[key] = value;
            }
        }

        return Anchor(start.Anchor, map);
    }

    private static JsonException TooDeep() => new("the document is nested too deeply");

    private object? Alias(AnchorAlias alias)
    {
        if (!_anchors.TryGetValue(alias.Value, out var value)) throw new JsonException($"unknown anchor {alias.Value}");
        _nodes += Count(value);
        if (_nodes > MaxNodes) throw new JsonException("the document has too many nodes");
        return JsonValues.Copy(value);
    }

    private object? Anchor(AnchorName anchor, object? value)
    {
        if (!anchor.IsEmpty) _anchors[anchor] = value;
        return value;
    }

    private static int Count(object? value) => value switch
    {
        JsonMap map => 1 + map.Values.Sum(Count),
        JsonList list => 1 + list.Sum(Count),
        _ => 1,
    };

    private static object? Resolve(Scalar scalar)
    {
        if (scalar.Style is not ScalarStyle.Plain || scalar.Tag == "tag:yaml.org,2002:str") return scalar.Value;
        var text = scalar.Value;
        switch (text)
        {
            case "" or "~" or "null" or "Null" or "NULL":
                return null;
            // YAML 1.1's words, which every Kubernetes client reads as booleans.
            case "true" or "True" or "TRUE" or "y" or "Y" or "yes" or "Yes" or "YES" or "on" or "On" or "ON":
                return Boxes.True;
            case "false" or "False" or "FALSE" or "n" or "N" or "no" or "No" or "NO" or "off" or "Off" or "OFF":
                return Boxes.False;
        }

        if (!char.IsAsciiDigit(text[0]) && text[0] is not ('-' or '+' or '.')) return text;
        if (text.StartsWith("0x", StringComparison.Ordinal) &&
            long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex)) return hex;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)) return whole;
        if (text.AsSpan().ContainsAny(s_notNumber)) return text;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : text;
    }

    private static readonly System.Buffers.SearchValues<char> s_notNumber =
        System.Buffers.SearchValues.Create(" :_/abcdfghijklmnopqrstuvwxyzABCDFGHIJKLMNOPQRSTUVWXYZ");
}
