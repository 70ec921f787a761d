using System.Text.Json.Nodes;

namespace Slipway.Evaluation.Importing;

/// <summary>
/// Tests of promptfoo: prompts and tests in the configuration itself, variables put in by templates of values and simple filters, assertions that need no script.
/// </summary>
public static class PromptfooConfig
{
    // A product of lists of variables can be large.
    private const int MostCombinations = 10_000;

    /// <summary>Imports a configuration.</summary>
    /// <param name="yaml">Its YAML.</param>
    public static Import Read(string yaml)
    {
        ArgumentNullException.ThrowIfNull(yaml);
        var suite = new SuiteBuilder();
        var config = ImportYaml.Read("config", yaml, suite);
        if (config is not null) Take(suite, config);
        return suite.Build(ImportJson.Text(config?["description"]) ?? "promptfoo", "Tests of promptfoo.");
    }

    private static void Take(SuiteBuilder suite, JsonObject config)
    {
        suite.Unknown("", config, "description", "prompts", "tests", "defaultTest", "providers", "targets", "$schema", "outputPath", "sharing", "tags", "metadata");
        if (config["providers"] is not null || config["targets"] is not null) suite.NotTaken("providers", "are whom Slipway is told to ask: slipway evaluate --model");
        var defaults = config["defaultTest"] as JsonObject ?? [];
        suite.Unknown("defaultTest", defaults, "vars", "assert", "options", "metadata", "threshold");
        var prompts = Prompts(suite, config["prompts"]).ToArray();
        if (config["tests"] is not JsonArray tests)
        {
            suite.NotTaken("tests", "is no list in the configuration itself; tests of files and scripts are not read");
            return;
        }

        foreach (var (test, i) in tests.Select(static (t, i) => (t, i)))
        {
            if (test is JsonObject map) Test(suite, map, $"tests[{i}]", defaults, prompts);
            else suite.NotTaken($"tests[{i}]", "is no object; tests of files and scripts are not read");
        }
    }

    private static IEnumerable<(string Id, JsonNode Template)> Prompts(SuiteBuilder suite, JsonNode? node)
    {
        var list = node as JsonArray ?? (node is null ? [] : [node.DeepClone()]);
        foreach (var (prompt, i) in list.Select(static (p, i) => (p, i)))
        {
            if (prompt is JsonObject map) suite.Unknown($"prompts[{i}]", map, "raw", "label", "id");
            var text = ImportJson.Text(prompt) ?? ImportJson.Text(prompt?["raw"]);
            if (text is null || text.StartsWith("file://", StringComparison.Ordinal) || text.StartsWith("exec:", StringComparison.Ordinal)) suite.NotTaken($"prompts[{i}]", "is no text in the configuration itself: files and scripts are not read");
            else yield return ($"{i + 1}", (JsonNode?)Conversation(text) ?? JsonValue.Create(text));
        }
    }

    // A prompt that is a list of messages as JSON (or YAML) is a conversation.
    private static JsonArray? Conversation(string text)
    {
        try
        {
            return text.TrimStart().StartsWith('[') ? JsonNode.Parse(text) as JsonArray : null;
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }

    private static void Test(SuiteBuilder suite, JsonObject test, string place, JsonObject defaults, (string Id, JsonNode Template)[] prompts)
    {
        suite.Unknown(place, test, "description", "vars", "assert", "threshold", "metadata", "options");
        if (test["threshold"] is not null || defaults["threshold"] is not null) suite.Differs($"{place}.threshold", "decides there what passes; here the score is the mean of the assertions by their weights");
        if ((test["options"] ?? defaults["options"]) is JsonObject options)
        {
            suite.NotTaken($"{place}.options", $"has {string.Join(", ", options.Select(static o => o.Key))}, which may change what is asked or graded");
            return;
        }

        if (test["vars"] is not (null or JsonObject) || defaults["vars"] is not (null or JsonObject))
        {
            suite.NotTaken($"{place}.vars", "is no object; variables of files and scripts are not read");
            return;
        }

        var values = new JsonObject();
        foreach (var (name, value) in (defaults["vars"] as JsonObject ?? []).Concat(test["vars"] as JsonObject ?? [])) values[name] = value?.DeepClone();
        var combinations = Combinations(values).Take(MostCombinations + 1).ToArray();
        if (combinations.Length > MostCombinations)
        {
            suite.NotTaken($"{place}.vars", $"makes more than {MostCombinations} combinations");
            return;
        }

        var asserts = (defaults["assert"] as JsonArray ?? []).Select(static (a, i) => (a, At: $"defaultTest.assert[{i}]")).Concat((test["assert"] as JsonArray ?? []).Select((a, i) => (a, At: $"{place}.assert[{i}]"))).ToArray();
        foreach (var (prompt, combination, number) in prompts.SelectMany(p => combinations.Select((c, n) => (p, c, n)))) One(suite, place, prompt, combination, number, asserts);
    }

    // Each list of values is tried value by value, with each of the others.
    private static IEnumerable<JsonObject> Combinations(JsonObject values)
    {
        IEnumerable<JsonObject> all = [new JsonObject()];
        foreach (var (name, value) in values)
        {
            var choices = value is JsonArray list ? list.ToArray() : [value];
            all = all.SelectMany(c => choices.Select(v =>
            {
                var made = (JsonObject)c.DeepClone();
                made[name] = v?.DeepClone();
                return made;
            }));
        }

        return all;
    }

    private static void One(SuiteBuilder suite, string place, (string Id, JsonNode Template) prompt, JsonObject values, int number, (JsonNode? Assert, string At)[] asserts)
    {
        try
        {
            if (values.Select(static v => ImportJson.Text(v.Value)).FirstOrDefault(static t => t?.StartsWith("file://", StringComparison.Ordinal) == true) is { } named) throw new FormatException($"the variable {named} is a file, which is not read");
            if (ImportJson.Messages(Filled(prompt.Template, values), place, suite) is not { } messages) return;
            var graders = new JsonArray();
            foreach (var (assert, at) in asserts)
            {
                if (PromptfooAssert.Read(suite, at, Filled(assert, values) as JsonObject) is { } grader) graders.Add((JsonNode)grader);
            }

            if (graders.Count == 0) suite.NotTaken(place, "has no assertion that can be taken, so that nothing says how good an answer is");
            else suite.Add(place, $"{place.Trim('t', 'e', 's', '[', ']')}-{prompt.Id}-{number + 1}", messages, [], graders);
        }
        catch (FormatException wrong)
        {
            suite.NotTaken(place, wrong.Message);
        }
    }

    private static JsonNode? Filled(JsonNode? node, JsonObject values) => node switch
    {
        JsonObject map => new JsonObject(map.Select(p => KeyValuePair.Create(p.Key, Filled(p.Value, values)))),
        JsonArray list => new JsonArray([.. list.Select(n => Filled(n, values))]),
        _ when ImportJson.Text(node) is { } text => JsonValue.Create(Template.Render(text, values, TemplateKind.Nunjucks)),
        _ => node?.DeepClone(),
    };
}
