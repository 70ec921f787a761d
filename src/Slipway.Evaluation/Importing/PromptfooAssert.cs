using System.Text.Json.Nodes;

namespace Slipway.Evaluation.Importing;

/// <summary>One assertion of promptfoo as a grader.</summary>
internal static class PromptfooAssert
{
    private static readonly string[] s_scripts = ["javascript", "python", "ruby", "webhook"];

    /// <summary>The grader; null, and named, when it can't be taken.</summary>
    public static JsonObject? Read(SuiteBuilder suite, string place, JsonObject? assert)
    {
        if (assert is null || ImportJson.Text(assert["type"]) is not { } type)
        {
            suite.NotTaken(place, "has no type");
            return null;
        }

        var inverse = type.StartsWith("not-", StringComparison.Ordinal);
        var plain = inverse ? type[4..] : type;
        if (assert.Select(static p => p.Key).Except(["type", "value", "threshold", "weight", "metric"]).FirstOrDefault() is { } unknown)
        {
            suite.NotTaken($"{place}.{unknown}", "may change what is graded, and is not understood here: the assertion is left out");
            return null;
        }

        if (assert["threshold"] is not null && plain != "similar")
        {
            suite.NotTaken($"{place}.threshold", $"of {type} is not understood here: the assertion is left out");
            return null;
        }

        var value = assert["value"];
        var script = s_scripts.Contains(plain) || ImportJson.Text(value)?.StartsWith("file://", StringComparison.Ordinal) == true;
        var grader = script ? null : Grader(suite, place, plain, value, ImportJson.Number(assert["threshold"]));
        if (grader is null)
        {
            suite.NotTaken(place, script ? $"{type} is a script or a file, which is not run or read" : $"{type} with this value has no grader here that scores alike");
            return null;
        }

        if (inverse) grader = ImportJson.Grader("not", grader);
        if (ImportJson.Text(assert["metric"]) is { } metric) grader["name"] = metric;
        var weight = ImportJson.Number(assert["weight"]) ?? 1;
        if (weight == 0) suite.NotTaken($"{place}.weight", "0 counts for nothing: the assertion is left out");
        else if (weight != 1) grader["weight"] = weight;
        return weight == 0 ? null : grader;
    }

    private static JsonObject? Grader(SuiteBuilder suite, string place, string type, JsonNode? value, double? threshold)
    {
        var text = value is JsonValue single ? ImportJson.Text(single) ?? single.ToJsonString() : null;
        switch (type)
        {
            case "equals" when value is JsonObject or JsonArray:
                return ImportJson.Grader("jsonEquals", new() { ["values"] = new JsonArray(value.DeepClone()) });
            case "equals" when text is not null:
                return Match("whole", text);
            case "starts-with" when text?.Length > 0:
                return Match("start", text);
            case "contains" or "icontains" when text?.Length > 0:
                return Contains("any", [text], type[0] == 'i');
            case "contains-any" or "icontains-any" when Listed(value) is { Count: > 0 } list:
                return Contains("any", list, type[0] == 'i');
            case "contains-all" or "icontains-all" when Listed(value) is { Count: > 0 } list:
                return Contains("all", list, type[0] == 'i');
            case "regex" when text is not null:
                // JavaScript's $ is the very end; .NET's is before a last line break too.
                return ImportJson.Grader("regex", new() { ["pattern"] = text.EndsWith('$') && !text.EndsWith("\\$", StringComparison.Ordinal) ? $"{text[..^1]}\\z" : text });
            case "is-json" when value is null || text?.Length == 0:
                return ImportJson.Grader("jsonSchema");
            case "is-json" when value is JsonObject:
                return ImportJson.Grader("jsonSchema", new() { ["schema"] = value.DeepClone() });
            case "finish-reason" when text is "stop" or "length" or "tool_calls":
                return ImportJson.Grader("finish", new() { ["reason"] = text });
            case "is-refusal":
                suite.Differs(place, "is-refusal is by Slipway's own phrases, and an empty answer is no refusal");
                return ImportJson.Grader("refusal");
            case "similar" when text is not null:
                suite.Differs(place, "similar is by the embedding model that Slipway is given");
                return ImportJson.Grader("embedding", new() { ["values"] = ImportJson.Array([text]), ["threshold"] = threshold ?? 0.75 });
            case "llm-rubric" or "model-graded-closedqa" when text is not null:
                suite.Differs(place, "a judge is asked in Slipway's way, with what it judges fenced off; a reply that is no verdict is not graded");
                return ImportJson.Grader("judge", new() { ["rubric"] = $"Does the answer meet this criterion? {text}", ["choices"] = new JsonObject { ["yes"] = 1, ["no"] = 0 } });
            default:
                return null;
        }
    }

    private static JsonObject Match(string at, string text) => ImportJson.Grader("match", new() { ["at"] = at, ["values"] = ImportJson.Array([text]) });

    private static JsonObject Contains(string mode, IReadOnlyList<string> texts, bool ignoreCase) =>
        ImportJson.Grader("contains", new() { ["mode"] = mode, ["values"] = ImportJson.Array(texts), ["ignoreCase"] = ignoreCase });

    // As one text they stand between commas, and those with a comma in quotes.
    private static IReadOnlyList<string>? Listed(JsonNode? value) => value is JsonArray ? ImportJson.Texts(value) : ImportJson.Text(value) is { } text && !text.Contains('"', StringComparison.Ordinal) ? text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : null;
}
