using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.Evaluation.Grading.Json;

/// <summary>
/// A part of JSON Schema (draft 2020-12) that is enough for the shape of an answer: types, values, properties, items, bounds, patterns, five formats, allOf, anyOf,
/// oneOf, not, and references to <c>#</c>, <c>#/$defs</c> and <c>#/definitions</c>. A keyword outside it is refused by name when the schema is read, since a
/// schema that is checked in part passes what its author meant to refuse.
/// </summary>
/// <remarks>Two differences: patterns are .NET's without backtracking (<c>\d</c> takes any script's digits), and <c>format</c> is checked, not only noted.</remarks>
public sealed class JsonSchema
{
    /// <summary>Most steps of one check. Alternatives within alternatives can take exponentially many.</summary>
    public const int MostSteps = 200_000;

    /// <summary>Keywords that say nothing of what is valid.</summary>
    private static readonly HashSet<string> s_notes = new(["$schema", "$id", "$comment", "title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly"], StringComparer.Ordinal);

    private static readonly string[] s_definitions = ["$defs", "definitions"];

    private readonly List<Rule> _rules = [];
    private readonly List<JsonSchema> _ofTheSame = [];

    private JsonSchema()
    {
    }

    /// <summary>A keyword at work.</summary>
    /// <param name="value">The value.</param>
    /// <param name="at">Its place.</param>
    /// <param name="work">The steps that are left.</param>
    /// <returns>What is wrong; null when nothing is.</returns>
    internal delegate string? Rule(JsonElement value, string at, Work work);

    /// <summary>Reads a schema.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="problem">Takes each problem: its place within the schema, such as <c>.properties.a</c>, and what is wrong there.</param>
    public static JsonSchema Read(JsonNode? schema, Action<string, string> problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        var (root, named) = (new JsonSchema(), new Dictionary<string, JsonSchema>(StringComparer.Ordinal));
        named["#"] = root;
        var definitions = schema is not JsonObject top ? [] : s_definitions
            .SelectMany(k => (top[k] as JsonObject ?? []).Select(p => (Name: $"#/{k}/{p.Key}", Place: $".{k}.{p.Key}", p.Value))).ToArray();
        foreach (var (name, _, _) in definitions) named[name] = new JsonSchema();
        foreach (var (name, place, value) in definitions) named[name].Fill(value, place, named, problem);
        root.Fill(schema, "", named, problem);
        if (named.Values.Any(static s => s.Returns(s, []))) problem("", "refers to itself without going deeper, so that a check would never end");
        return root;
    }

    /// <summary>Checks a value.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The first thing that is wrong, with its place; null when it is valid.</returns>
    public string? Check(JsonElement value)
    {
        var work = new Work();
        var wrong = Check(value, "", work);
        return work.Left < 0 ? "is too much to check" : wrong;
    }

    internal string? Check(JsonElement value, string at, Work work)
    {
        if (--work.Left < 0) return "is too much to check";
        foreach (var rule in _rules)
        {
            if (rule(value, at, work) is { } wrong) return wrong;
        }

        return null;
    }

    private void Fill(JsonNode? schema, string place, Dictionary<string, JsonSchema> named, Action<string, string> problem)
    {
        if (schema is JsonValue flag && flag.TryGetValue<bool>(out var all))
        {
            if (!all) _rules.Add(static (_, at, _) => $"{Place(at)} must not be there");
            return;
        }

        if (schema is not JsonObject map)
        {
            problem(place, "is a schema: an object, true or false");
            return;
        }

        var reader = new SchemaKeywords(map, place, problem, Child);
        foreach (var (keyword, value) in map)
        {
            if (s_notes.Contains(keyword) || (keyword is "$defs" or "definitions" && place.Length == 0)) continue;
            if (keyword == "$ref")
            {
                if (value is JsonValue text && text.TryGetValue<string>(out var name) && named.TryGetValue(name, out var referred)) Same(referred);
                else problem($"{place}.$ref", "names none of the schema's own $defs or definitions; no other reference is taken");
            }
            else if (reader.Read(keyword, value) is { } rule)
            {
                _rules.Add(rule);
            }
        }

        JsonSchema Child(JsonNode? child, string at, bool same)
        {
            var made = new JsonSchema();
            made.Fill(child, at, named, problem);
            if (same) _ofTheSame.Add(made);
            return made;
        }

        void Same(JsonSchema referred)
        {
            _ofTheSame.Add(referred);
            _rules.Add(referred.Check);
        }
    }

    private bool Returns(JsonSchema to, HashSet<JsonSchema> seen) => _ofTheSame.Any(s => s == to || (seen.Add(s) && s.Returns(to, seen)));

    internal static string Place(string at) => at.Length == 0 ? "the value" : at.TrimStart('.');

    /// <summary>The steps that a check may still take.</summary>
    internal sealed class Work
    {
        public int Left { get; set; } = MostSteps;
    }
}
