using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Slipway.Evaluation.Grading.Json;

/// <summary>The keywords of one schema object as rules.</summary>
/// <param name="schema">The object.</param>
/// <param name="place">Its place.</param>
/// <param name="problem">Takes problems.</param>
/// <param name="child">Reads a schema within it, at a place, and whether it is about the same value.</param>
internal sealed class SchemaKeywords(JsonObject schema, string place, Action<string, string> problem, Func<JsonNode?, string, bool, JsonSchema> child)
{
    private static readonly string[] s_types = ["null", "boolean", "object", "array", "number", "string", "integer"];

    /// <summary>A keyword as a rule; null when something is wrong with it, or when another keyword's rule takes it along.</summary>
    public JsonSchema.Rule? Read(string keyword, JsonNode? value) => keyword switch
    {
        "type" => Type(value),
        "enum" => value is JsonArray { Count: > 0 } list ? Enum([.. list]) : Wrong(keyword, "is a list of values"),
        "const" => Enum([value]),
        "properties" or "patternProperties" or "additionalProperties" => Properties(keyword),
        "required" => Required(value),
        "minProperties" or "maxProperties" => Size(keyword, value, JsonValueKind.Object, static v => v.EnumerateObject().Count(), "properties"),
        "items" or "prefixItems" => Items(keyword),
        "minItems" or "maxItems" => Size(keyword, value, JsonValueKind.Array, static v => v.GetArrayLength(), "items"),
        "uniqueItems" => value is JsonValue flag && flag.TryGetValue<bool>(out var unique) ? unique ? Unique : null : Wrong(keyword, "is true or false"),
        "minLength" or "maxLength" => Size(keyword, value, JsonValueKind.String, static v => v.GetString()!.EnumerateRunes().Count(), "characters"),
        "pattern" => Pattern(keyword, value) is { } pattern ? (v, at, _) => v.ValueKind != JsonValueKind.String || pattern.IsMatch(v.GetString()!) ? null : $"{JsonSchema.Place(at)} does not match {pattern}" : null,
        "format" => Format(value),
        "minimum" => Bound(keyword, value, static c => c >= 0, "at least"),
        "maximum" => Bound(keyword, value, static c => c <= 0, "at most"),
        "exclusiveMinimum" => Bound(keyword, value, static c => c > 0, "more than"),
        "exclusiveMaximum" => Bound(keyword, value, static c => c < 0, "less than"),
        "multipleOf" => MultipleOf(value),
        "allOf" => Combined(keyword, value, static (all, v, at, work) => all.Select(s => s.Check(v, at, work)).FirstOrDefault(static w => w is not null)),
        "anyOf" => Combined(keyword, value, static (all, v, at, work) => all.Any(s => s.Check(v, at, work) is null) ? null : $"{JsonSchema.Place(at)} is none of anyOf: {all[0].Check(v, at, work)}"),
        "oneOf" => Combined(keyword, value, static (all, v, at, work) => all.Count(s => s.Check(v, at, work) is null) is 1 ? null : $"{JsonSchema.Place(at)} is not exactly one of oneOf"),
        "not" => Not(child(value, $"{place}.not", true)),
        _ => Wrong(keyword, "is a keyword that is not understood here, so that the schema would be checked only in part; leave it out or say it with others"),
    };

    private JsonSchema.Rule? Wrong(string keyword, string what)
    {
        problem($"{place}.{keyword}", what);
        return null;
    }

    private JsonSchema.Rule? Type(JsonNode? value)
    {
        var types = (value is JsonArray list ? list.ToArray() : [value]).Select(static t => t is JsonValue v && v.TryGetValue<string>(out var text) ? text : "").ToArray();
        if (types.Length == 0 || types.Except(s_types).Any()) return Wrong("type", $"is one or more of {string.Join(", ", s_types)}");
        return (v, at, _) => types.Any(t => t == Kind(v) || (t == "number" && Kind(v) == "integer")) ? null : $"{JsonSchema.Place(at)} is {Kind(v)}, not {string.Join(" or ", types)}";
    }

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "null",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        _ => value.GetDouble() is var number && Math.Floor(number) == number ? "integer" : "number",
    };

    private static JsonSchema.Rule Enum(JsonNode?[] values)
    {
        var elements = values.Select(static v => JsonElement.Parse(v?.ToJsonString() ?? "null")).ToArray();
        return (v, at, _) => elements.Any(e => JsonElement.DeepEquals(e, v)) ? null : $"{JsonSchema.Place(at)} is not {string.Join(" or ", elements.Take(5).Select(static e => e.GetRawText()))}{(elements.Length > 5 ? " ..." : "")}";
    }

    // One rule for the three, made at the first of them: what is additional depends on the others.
    private JsonSchema.Rule? Properties(string keyword)
    {
        if (keyword != schema.First(static p => p.Key is "properties" or "patternProperties" or "additionalProperties").Key) return null;
        var properties = Map("properties").ToDictionary(static p => p.Key, p => child(p.Value, $"{place}.properties.{p.Key}", false), StringComparer.Ordinal);
        var patterns = Map("patternProperties").Select(p => (Pattern: Pattern($"patternProperties.{p.Key}", p.Key), Schema: child(p.Value, $"{place}.patternProperties.{p.Key}", false))).Where(static p => p.Pattern is not null).ToArray();
        var additional = schema.ContainsKey("additionalProperties") ? child(schema["additionalProperties"], $"{place}.additionalProperties", false) : null;
        return (v, at, work) =>
        {
            if (v.ValueKind != JsonValueKind.Object) return null;
            foreach (var property in v.EnumerateObject())
            {
                var (inside, known) = ($"{at}.{property.Name}", false);
                if (properties.TryGetValue(property.Name, out var named))
                {
                    known = true;
                    if (named.Check(property.Value, inside, work) is { } wrong) return wrong;
                }

                foreach (var (pattern, matched) in patterns)
                {
                    if (!pattern!.IsMatch(property.Name)) continue;
                    known = true;
                    if (matched.Check(property.Value, inside, work) is { } wrong) return wrong;
                }

                if (!known && additional?.Check(property.Value, inside, work) is { } extra) return extra;
            }

            return null;
        };
    }

    private IEnumerable<KeyValuePair<string, JsonNode?>> Map(string keyword)
    {
        if (schema[keyword] is not (null or JsonObject)) Wrong(keyword, "is an object of schemas");
        return schema[keyword] as JsonObject ?? [];
    }

    private JsonSchema.Rule? Required(JsonNode? value)
    {
        if (value is not JsonArray list || list.Any(static n => n?.GetValueKind() != JsonValueKind.String)) return Wrong("required", "is a list of names");
        var names = list.Select(static n => (string)n!).ToArray();
        return (v, at, _) => v.ValueKind == JsonValueKind.Object && names.FirstOrDefault(n => !v.TryGetProperty(n, out var _)) is { } missing ? $"{JsonSchema.Place($"{at}.{missing}")} is missing" : null;
    }

    private JsonSchema.Rule? Size(string keyword, JsonNode? value, JsonValueKind kind, Func<JsonElement, int> size, string unit)
    {
        if (value?.GetValueKind() != JsonValueKind.Number || Number(value) is not (>= 0 and <= int.MaxValue) || Number(value) % 1 != 0) return Wrong(keyword, "is a whole number, at least 0");
        var (bound, least) = ((int)Number(value), keyword.StartsWith("min", StringComparison.Ordinal));
        return (v, at, _) => v.ValueKind != kind || (least ? size(v) >= bound : size(v) <= bound) ? null : $"{JsonSchema.Place(at)} has {size(v)} {unit}, not at {(least ? "least" : "most")} {bound}";
    }

    // One rule for both: items is about those that prefixItems left.
    private JsonSchema.Rule? Items(string keyword)
    {
        if (keyword != schema.First(static p => p.Key is "items" or "prefixItems").Key) return null;
        if (schema["prefixItems"] is not (null or JsonArray)) return Wrong("prefixItems", "is a list of schemas");
        var first = (schema["prefixItems"] as JsonArray ?? []).Select((s, i) => child(s, $"{place}.prefixItems[{i}]", false)).ToArray();
        var rest = schema.ContainsKey("items") ? child(schema["items"], $"{place}.items", false) : null;
        return (v, at, work) => v.ValueKind != JsonValueKind.Array
            ? null
            : v.EnumerateArray().Select((item, i) => (i < first.Length ? first[i] : rest)?.Check(item, $"{at}[{i}]", work)).FirstOrDefault(static w => w is not null);
    }

    private static string? Unique(JsonElement value, string at, JsonSchema.Work work)
    {
        if (value.ValueKind != JsonValueKind.Array) return null;
        var items = value.EnumerateArray().ToArray();
        for (var i = 0; i < items.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (--work.Left < 0) return "is too much to check";
                if (JsonElement.DeepEquals(items[i], items[j])) return $"{JsonSchema.Place(at)} has the same item at {j} and {i}";
            }
        }

        return null;
    }

    private Regex? Pattern(string keyword, JsonNode? value)
    {
        var what = "is a regular expression";
        var pattern = value is JsonValue text && text.TryGetValue<string>(out var t) ? SafePattern.Read(t, ignoreCase: false, out what) : null;
        if (pattern is null) Wrong(keyword, what);
        return pattern;
    }

    private JsonSchema.Rule? Format(JsonNode? value)
    {
        var name = value is JsonValue text && text.TryGetValue<string>(out var t) ? t : "";
        Func<string, bool>? holds = name switch
        {
            "date" => static s => DateOnly.TryParseExact(s, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
            "date-time" => static s => s_dateTime.IsMatch(s) && DateTimeOffset.TryParse(s, CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
            "uuid" => static s => Guid.TryParseExact(s, "D", out _),
            "ipv4" => static s => IPAddress.TryParse(s, out var ip) && ip.AddressFamily == AddressFamily.InterNetwork && ip.ToString() == s,
            "ipv6" => static s => IPAddress.TryParse(s, out var ip) && ip.AddressFamily == AddressFamily.InterNetworkV6 && !s.ContainsAny('[', '%'),
            _ => null,
        };
        if (holds is null) return Wrong("format", $"is one of date, date-time, uuid, ipv4, ipv6, not \"{name}\"; say others as a pattern");
        return (v, at, _) => v.ValueKind != JsonValueKind.String || holds(v.GetString()!) ? null : $"{JsonSchema.Place(at)} is no {name}";
    }

    private static readonly Regex s_dateTime = new(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);

    private JsonSchema.Rule? Bound(string keyword, JsonNode? value, Func<int, bool> holds, string words)
    {
        if (value?.GetValueKind() != JsonValueKind.Number) return Wrong(keyword, "is a number");
        var bound = JsonElement.Parse(value.ToJsonString());
        return (v, at, _) => v.ValueKind != JsonValueKind.Number || holds(Compare(v, bound)) ? null : $"{JsonSchema.Place(at)} is {v.GetRawText()}, not {words} {bound.GetRawText()}";
    }

    private JsonSchema.Rule? MultipleOf(JsonNode? value)
    {
        if (value?.GetValueKind() != JsonValueKind.Number || !JsonElement.Parse(value.ToJsonString()).TryGetDecimal(out var of) || of <= 0) return Wrong("multipleOf", "is a number above 0");
        return (v, at, _) => v.ValueKind != JsonValueKind.Number || (v.TryGetDecimal(out var number) ? number % of == 0 : Math.IEEERemainder(v.GetDouble(), (double)of) == 0) ? null : $"{JsonSchema.Place(at)} is no multiple of {of}";
    }

    // Decimals are exact, doubles reach further; a decimal that came out as 0 may stand for a smaller number.
    private static int Compare(JsonElement a, JsonElement b) =>
        a.TryGetDecimal(out var x) && b.TryGetDecimal(out var y) && (x != 0 || a.GetDouble() == 0) && (y != 0 || b.GetDouble() == 0) ? x.CompareTo(y) : a.GetDouble().CompareTo(b.GetDouble());

    private static double Number(JsonNode value) => JsonElement.Parse(value.ToJsonString()).GetDouble();

    private JsonSchema.Rule? Combined(string keyword, JsonNode? value, Func<JsonSchema[], JsonElement, string, JsonSchema.Work, string?> check)
    {
        if (value is not JsonArray { Count: > 0 } list) return Wrong(keyword, "is a list of schemas");
        var all = list.Select((s, i) => child(s, $"{place}.{keyword}[{i}]", true)).ToArray();
        return (v, at, work) => check(all, v, at, work);
    }

    private static JsonSchema.Rule Not(JsonSchema schema) => (v, at, work) => schema.Check(v, at, work) is null && work.Left >= 0 ? $"{JsonSchema.Place(at)} is what it must not be" : null;
}
