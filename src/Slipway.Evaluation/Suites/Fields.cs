using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.Evaluation.Suites;

/// <summary>A JSON object that is read field by field; what is wrong and what nobody asked for are gathered as problems, each with its place.</summary>
public sealed class Fields
{
    private readonly JsonObject _map;
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    /// <summary>Makes one.</summary>
    /// <param name="map">The object; null for an empty one.</param>
    /// <param name="at">Its place, such as <c>spec.graders[0].with</c>.</param>
    /// <param name="problems">Where problems go.</param>
    public Fields(JsonObject? map, string at, List<string> problems)
    {
        _map = map ?? [];
        At = at;
        Problems = problems;
    }

    /// <summary>Its place.</summary>
    public string At { get; }

    /// <summary>The problems so far.</summary>
    internal List<string> Problems { get; }

    /// <summary>Whether a field is there, and not null.</summary>
    public bool Has(string name) => _map[name] is not null;

    /// <summary>A text; null when it is not there.</summary>
    public string? Text(string name)
    {
        var node = Take(name);
        if (node is null) return null;
        if (node is JsonValue value && value.TryGetValue<string>(out var text)) return text;
        Problem(name, "is a text");
        return null;
    }

    /// <summary>One of some words; the first of them when it is not there.</summary>
    public string Word(string name, params ReadOnlySpan<string> words)
    {
        var text = Text(name);
        if (text is null) return words[0];
        if (words.Contains(text)) return text;
        Problem(name, $"is one of {string.Join(", ", words)}, not \"{Short(text)}\"");
        return words[0];
    }

    /// <summary>Texts: a list of them, or one. Values that are not texts are taken as their JSON.</summary>
    public ImmutableArray<string> Texts(string name) => Take(name) switch
    {
        null => [],
        JsonArray list => [.. list.Select(AsText)],
        var one => [AsText(one)],
    };

    /// <summary>Whether; what is given when it is not there.</summary>
    public bool Flag(string name, bool otherwise = false)
    {
        var node = Take(name);
        if (node is null) return otherwise;
        if (node is JsonValue value && value.TryGetValue<bool>(out var flag)) return flag;
        Problem(name, "is true or false");
        return otherwise;
    }

    /// <summary>A number; null when it is not there.</summary>
    public double? Number(string name, double least = double.MinValue, double most = double.MaxValue)
    {
        var node = Take(name);
        if (node is null) return null;
        if (node is JsonValue value && value.GetValueKind() is JsonValueKind.Number && AsDouble(value) is var number && number >= least && number <= most) return number;
        Problem(name, most == double.MaxValue ? least == double.MinValue ? "is a number" : FormattableString.Invariant($"is a number, at least {least}") : FormattableString.Invariant($"is a number from {least} to {most}"));
        return null;
    }

    /// <summary>A whole number; null when it is not there.</summary>
    public long? Whole(string name, long least, long most)
    {
        var number = Number(name, least, most);
        if (number is null) return null;
        if (number == Math.Floor(number.Value)) return (long)number.Value;
        Problem(name, "is a whole number");
        return null;
    }

    /// <summary>An object to be read in turn; an empty one when it is not there.</summary>
    public Fields Object(string name)
    {
        var node = Take(name);
        if (node is not (null or JsonObject)) Problem(name, "is an object");
        return new Fields(node as JsonObject, Place(name), Problems);
    }

    /// <summary>Any JSON; null when it is not there.</summary>
    public JsonNode? Any(string name) => Take(name);

    /// <summary>The entries of a list, each with its place; none when it is not there.</summary>
    public IEnumerable<(JsonNode? Node, string At)> List(string name)
    {
        var node = Take(name);
        if (node is null) return [];
        if (node is JsonArray list) return list.Select((n, i) => (n, $"{Place(name)}[{i}]"));
        Problem(name, "is a list");
        return [];
    }

    /// <summary>Notes a problem.</summary>
    /// <param name="name">The field; empty for the object itself.</param>
    /// <param name="what">What is wrong, as a sentence about the field without its name.</param>
    public void Problem(string name, string what) => Problems.Add($"{Place(name)} {what}");

    /// <summary>Notes each field that nobody asked for: nothing that a suite says is dropped silently.</summary>
    public void Done()
    {
        foreach (var (name, _) in _map)
        {
            if (!_taken.Contains(name)) Problem(name, $"is not known here: {string.Join(", ", _taken.Order(StringComparer.Ordinal))} are");
        }
    }

    private JsonNode? Take(string name)
    {
        _taken.Add(name);
        return _map[name];
    }

    private string Place(string name) => name.Length == 0 ? At : At.Length == 0 ? name : At.EndsWith(':') ? $"{At} {name}" : $"{At}.{name}";

    internal static string AsText(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : node?.ToJsonString() ?? "null";

    // A number of a node made in code is of its own type, one that was parsed is whatever is asked for.
    private static double AsDouble(JsonValue value) => value.TryGetValue<double>(out var number) ? number : value.TryGetValue<long>(out var whole) ? whole : value.GetValue<int>();

    private static string Short(string text) => text.Length <= 40 ? text : text[..40] + "...";
}
