using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Slipway.Evaluation.Importing;

/// <summary>
/// Evals of OpenAI's evals repository: a registry's YAML with the classes Match, Includes, FuzzyMatch, JsonMatch and ModelBasedClassify, their samples as JSON
/// lines and the specifications of model-graded ones. Other classes are Python of their own.
/// </summary>
public static class OpenAIEvals
{
    /// <summary>Imports one eval.</summary>
    /// <param name="registry">The registry's YAML.</param>
    /// <param name="eval">The eval's name, <c>name</c> or <c>name.split.version</c>; null for the only one that has a class.</param>
    /// <param name="file">Gives the text of a file that is named there: samples, and <c>NAME.yaml</c> of a model-graded specification. Throws <see cref="IOException"/> when there is none.</param>
    public static Import Read(string registry, string? eval, Func<string, string> file)
    {
        ArgumentNullException.ThrowIfNull(registry);
        ArgumentNullException.ThrowIfNull(file);
        var suite = new SuiteBuilder();
        if (ImportYaml.Read("registry", registry, suite) is { } map && Find(map, eval, suite) is var (name, entry)) Entry(suite, name, entry, file);
        return suite.Build(eval ?? "openai-evals", "An eval of OpenAI's evals repository.");
    }

    private static (string Name, JsonObject Entry)? Find(JsonObject registry, string? eval, SuiteBuilder suite)
    {
        if (eval is not null && ImportJson.Text(registry[eval]?["id"]) is { } id) eval = id;
        var entries = registry.Where(e => e.Value?["class"] is not null && (eval is null || e.Key == eval)).Select(static e => (e.Key, (JsonObject)e.Value!)).ToArray();
        if (entries is [var only]) return only;
        suite.NotTaken("registry", entries.Length == 0 ? $"has no eval {eval}" : $"has several evals, name one: {string.Join(", ", entries.Select(static e => e.Key).Take(10))}");
        return null;
    }

    private static void Entry(SuiteBuilder suite, string name, JsonObject entry, Func<string, string> file)
    {
        suite.Unknown(name, entry, "class", "args");
        var args = entry["args"] as JsonObject ?? [];
        suite.Unknown($"{name}.args", args, "samples_jsonl", "max_tokens", "num_few_shot", "few_shot_jsonl", "ignore_case", "modelgraded_spec", "eval_type");
        var kind = ImportJson.Text(entry["class"])?.Split(':')[^1];
        if (kind is not ("Match" or "Includes" or "FuzzyMatch" or "JsonMatch" or "ModelBasedClassify"))
        {
            suite.NotTaken($"{name}.class", $"{kind} is Python of its own: Match, Includes, FuzzyMatch, JsonMatch and ModelBasedClassify are taken");
            return;
        }

        suite.Request["temperature"] = 0;
        suite.Request["maxTokens"] = (int)(ImportJson.Number(args["max_tokens"]) ?? (kind == "JsonMatch" ? 512 : kind == "ModelBasedClassify" ? 1024 : 500));
        var grader = kind switch
        {
            "Match" => ImportJson.Grader("match", new() { ["at"] = "start" }),
            "Includes" => ImportJson.Grader("match", new() { ["at"] = "anywhere", ["ignoreCase"] = ImportJson.Flag(args["ignore_case"]) ?? false }),
            "FuzzyMatch" => ImportJson.Grader("match", new() { ["at"] = "either", ["normal"] = "squad" }),
            "JsonMatch" => ImportJson.Grader("jsonEquals"),
            _ => ModelGraded(suite, $"{name}.args.modelgraded_spec", args, file),
        };
        if (grader is null || ImportJson.Text(args["samples_jsonl"]) is not { } samples)
        {
            if (grader is not null) suite.NotTaken($"{name}.args.samples_jsonl", "is required");
            return;
        }

        if (FewShot(suite, $"{name}.args", args, file) is not { } examples || ImportJson.File($"{name}.args.samples_jsonl", samples, file, suite) is not { } text) return;
        foreach (var (line, place) in ImportJson.Lines(samples, text, suite)) Sample(suite, line, place, kind, grader, examples);
    }

    private static void Sample(SuiteBuilder suite, JsonObject line, string place, string kind, JsonObject grader, List<JsonNode> examples)
    {
        // What a model-graded prompt has beyond the three (a criterion) stands in the sample.
        var fields = s_field.Matches(ImportJson.Text(grader["with"]?["rubric"]) ?? "").Select(static m => m.Groups["name"].Value).Distinct().ToArray();
        suite.Unknown(place, line, ["input", "ideal", "id", "metadata", .. fields]);
        if (fields.FirstOrDefault(f => ImportJson.Text(line[f]) is null) is { } missing)
        {
            suite.NotTaken(place, $"has no text {missing}, which the judge's prompt asks for");
            return;
        }

        grader = (JsonObject)grader.DeepClone();
        if (fields.Length > 0) grader["with"]!["rubric"] = s_field.Replace(ImportJson.Text(grader["with"]!["rubric"])!, m => ImportJson.Text(line[m.Groups["name"].Value])!);
        if (ImportJson.Messages(line["input"], place, suite) is not { } messages) return;
        foreach (var example in examples) messages.Insert(messages.Count - 1, example.DeepClone());
        var ideal = ImportJson.Texts(line["ideal"]);
        if (ideal is null or { Count: 0 })
        {
            if (kind != "ModelBasedClassify" || line["ideal"] is not null)
            {
                suite.NotTaken(place, "has no ideal that is a text or a list of texts");
                return;
            }
        }

        if (kind == "JsonMatch" && ideal!.Any(static i => i.Contains("null", StringComparison.Ordinal))) suite.Differs(place, "null is equal to null here; in JsonMatch it is equal to nothing");
        suite.Add(place, place.Split(' ')[^1], messages, ideal ?? [], ImportJson.Graders(grader));
    }

    // Examples stand before the question; null, and named, when they can't be had.
    private static List<JsonNode>? FewShot(SuiteBuilder suite, string place, JsonObject args, Func<string, string> file)
    {
        var examples = new List<JsonNode>();
        var count = (int)(ImportJson.Number(args["num_few_shot"]) ?? 0);
        if (count == 0) return examples;
        if (ImportJson.Text(args["few_shot_jsonl"]) is not { } name || ImportJson.File($"{place}.few_shot_jsonl", name, file, suite) is not { } text)
        {
            suite.NotTaken($"{place}.num_few_shot", "asks for examples, and there are none");
            return null;
        }

        foreach (var (line, at) in ImportJson.Lines(name, text, suite).Take(count))
        {
            if (ImportJson.Messages(line["sample"], at, suite) is not { } messages) return null;
            examples.AddRange(messages.Select(static m => m!.DeepClone()));
        }

        return examples;
    }

    private static JsonObject? ModelGraded(SuiteBuilder suite, string place, JsonObject args, Func<string, string> file)
    {
        if (ImportJson.Text(args["modelgraded_spec"]) is not { } name || ImportJson.File(place, $"{name}.yaml", file, suite) is not { } text || ImportYaml.Read($"{name}.yaml", text, suite) is not { } spec) return null;
        if (spec[name] is JsonObject inner) spec = inner;
        suite.Unknown($"{name}.yaml", spec, "prompt", "choice_strings", "choice_scores", "input_outputs", "eval_type");
        if (ImportJson.Text(spec["prompt"]) is not { } prompt || spec["input_outputs"] is not JsonObject { Count: 1 } pairs || ImportJson.Text(pairs["input"]) is not { } completion)
        {
            suite.NotTaken($"{name}.yaml", "grades other than one answer to input, or its prompt is no text");
            return null;
        }

        var choices = Choices(spec);
        if (choices is null)
        {
            suite.NotTaken($"{name}.yaml.choice_scores", "is required: without it the verdicts have no scores. Give each of choice_strings one");
            return null;
        }

        if (prompt.Contains("{{", StringComparison.Ordinal) || prompt.Contains("}}", StringComparison.Ordinal))
        {
            suite.NotTaken($"{name}.yaml.prompt", "has braces that stand for themselves ({{ or }}), which are not understood here");
            return null;
        }

        var names = new Dictionary<string, string>(StringComparer.Ordinal) { ["input"] = "(the QUESTION below)", [completion] = "(the ANSWER below)", ["ideal"] = "(the REFERENCE below)" };
        suite.Differs(place, "the judge is asked for its verdict in Slipway's way, with what it judges fenced off, and a reply that is no verdict is not graded, where evals gives it the lowest score");
        var with = new JsonObject { ["rubric"] = s_field.Replace(prompt, m => names.GetValueOrDefault(m.Groups["name"].Value, m.Value)), ["choices"] = choices };
        if (s_field.Matches(prompt).Any(static m => m.Groups["name"].Value == "ideal")) with["reference"] = true;
        return ImportJson.Grader("judge", with);
    }

    private static JsonObject? Choices(JsonObject spec)
    {
        // A text is a list of its letters.
        var names = spec["choice_strings"] is JsonArray ? ImportJson.Texts(spec["choice_strings"]) : ImportJson.Text(spec["choice_strings"])?.Select(static c => c.ToString()).ToArray();
        if (names is null) return null;
        if (ImportJson.Text(spec["choice_scores"]) == "from_strings")
            return names.All(static n => double.TryParse(n, System.Globalization.CultureInfo.InvariantCulture, out var score) && score is >= 0 and <= 1) ? new(names.Select(static n => KeyValuePair.Create<string, JsonNode?>(n, double.Parse(n, System.Globalization.CultureInfo.InvariantCulture)))) : null;
        return spec["choice_scores"] is JsonObject scores && names.All(n => ImportJson.Number(scores[n]) is >= 0 and <= 1) ? new(names.Select(n => KeyValuePair.Create<string, JsonNode?>(n, ImportJson.Number(scores[n])))) : null;
    }

    private static readonly Regex s_field = new(@"\{(?<name>[A-Za-z_][A-Za-z0-9_]*)\}", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);
}
