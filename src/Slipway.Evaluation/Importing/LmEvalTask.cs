using System.Text.Json.Nodes;

namespace Slipway.Evaluation.Importing;

/// <summary>
/// Tasks of EleutherAI's lm-evaluation-harness that need no Python: <c>generate_until</c> with data in a file of JSON lines, templates of values and simple filters,
/// the filters <c>regex</c>, <c>take_first</c> and <c>remove_whitespace</c>, and the metric <c>exact_match</c>.
/// </summary>
public static class LmEvalTask
{
    private const int MostIncludes = 8;
    private const string LeadingBlank = "^ ";

    // Of no consequence for what is asked and how it is graded.
    private static readonly string[] s_notes = ["task", "tag", "group", "task_alias", "group_alias", "metadata", "include", "training_split", "dataset_name", "unsafe_code", "should_decontaminate", "doc_to_decontamination_query"];
    private static readonly string[] s_texts = ["doc_to_text", "doc_to_target", "description", "fewshot_delimiter", "target_delimiter", "output_type"];
    private static readonly string[] s_known = ["dataset_path", "dataset_kwargs", "test_split", "validation_split", "fewshot_split", "doc_to_text", "doc_to_target", "doc_to_choice", "description", "fewshot_delimiter",
        "target_delimiter", "num_fewshot", "fewshot_config", "output_type", "generation_kwargs", "repeats", "filter_list", "metric_list"];

    /// <summary>Imports one task.</summary>
    /// <param name="yaml">The task's YAML.</param>
    /// <param name="file">Gives the text of a file that it names (<c>include</c>, <c>dataset_kwargs.data_files</c>). Throws <see cref="IOException"/> when there is none.</param>
    public static Import Read(string yaml, Func<string, string> file)
    {
        ArgumentNullException.ThrowIfNull(yaml);
        ArgumentNullException.ThrowIfNull(file);
        var suite = new SuiteBuilder();
        var task = Merged(suite, "task", yaml, file, MostIncludes);
        if (task is not null) Take(suite, task, file);
        return suite.Build(ImportJson.Text(task?["task"]) ?? "lm-eval", "A task of lm-evaluation-harness.");
    }

    private static JsonObject? Merged(SuiteBuilder suite, string place, string yaml, Func<string, string> file, int left)
    {
        var task = ImportYaml.Read(place, yaml, suite);
        if (task?["include"] is null) return task;
        if (ImportJson.Texts(task["include"]) is not { } names || names.Count > left || left == 0)
        {
            suite.NotTaken($"{place}.include", $"is no file, or more than {MostIncludes} deep");
            return null;
        }

        var merged = new JsonObject();
        foreach (var name in names)
        {
            if (ImportJson.File($"{place}.include", name, file, suite) is not { } text || Merged(suite, name, text, file, left - 1) is not { } included) return null;
            foreach (var (key, value) in included) merged[key] = value?.DeepClone();
        }

        foreach (var (key, value) in task) merged[key] = value?.DeepClone();
        return merged;
    }

    private static void Take(SuiteBuilder suite, JsonObject task, Func<string, string> file)
    {
        if (task["task"] is JsonArray || task["aggregate_metric_list"] is not null)
        {
            suite.NotTaken("task", "is a group of tasks: import each by itself");
            return;
        }

        var refused = Functions(task, "").Select(static place => (Place: place, Reason: "is Python (!function), which is not run")).ToList();
        // What is not known may change what is asked: a task in part would be another task.
        refused.AddRange(task.Select(static p => p.Key).Except([.. s_notes, .. s_known, .. refused.Select(static r => r.Place)]).Select(static k => (k, "is not understood here, and may change what is asked or how it is graded")));
        if (ImportJson.Text(task["output_type"]) is { } output and not "generate_until") refused.Add(("output_type", $"{output} needs the logprobs of given texts, which are not asked for; generate_until is taken"));
        refused.AddRange(s_texts.Where(k => task[k] is not null && ImportJson.Text(task[k]) is null && refused.All(r => r.Place != k)).Select(static k => (k, "is no text")));
        if ((ImportJson.Number(task["repeats"]) ?? 1) != 1) refused.Add(("repeats", "asks several times; once is asked here"));
        foreach (var (place, reason) in refused) suite.NotTaken(place, reason);
        if (refused.Count > 0 || Grader(suite, task) is not { } grader || !Settings(suite, task) || Documents(suite, task, Split(task), file) is not { } documents) return;
        if (Examples(suite, task, file) is not { } examples) return;

        var name = ImportJson.Text(task["task"]) ?? "task";
        foreach (var (document, place) in documents)
        {
            if (Rendered(suite, ImportJson.Text(task["description"]) ?? "", document, $"{place} (description)") is not { } description || Text(suite, task, document, place) is not { } text || Targets(suite, task, document, place) is not { } targets) continue;
            // The blank is taken from the answer only; a suite's grader would take it from both.
            if (grader.ToJsonString().Contains(LeadingBlank, StringComparison.Ordinal) && targets.Any(static t => t.StartsWith(' '))) suite.NotTaken(place, "expects a blank at the beginning, which remove_whitespace takes from every answer");
            else suite.Add(place, $"{name}-{place.Split(' ')[^1]}", ImportJson.User(description + examples + text), targets, ImportJson.Graders((JsonObject)grader.DeepClone()));
        }
    }

    private static IEnumerable<string> Functions(JsonNode? node, string place) => node switch
    {
        JsonObject map when map.Any(static p => p.Key.StartsWith('!')) => [place],
        JsonObject map => map.SelectMany(p => Functions(p.Value, place.Length == 0 ? p.Key : $"{place}.{p.Key}")),
        JsonArray list => list.SelectMany((n, i) => Functions(n, $"{place}[{i}]")),
        _ => [],
    };

    private static string? Split(JsonObject task) => ImportJson.Text(task["test_split"]) ?? ImportJson.Text(task["validation_split"]);

    private static IEnumerable<(JsonObject Document, string Place)>? Documents(SuiteBuilder suite, JsonObject task, string? split, Func<string, string> file)
    {
        var files = task["dataset_kwargs"]?["data_files"];
        if (ImportJson.Text(task["dataset_path"]) != "json" || files is null)
        {
            suite.NotTaken("dataset_path", $"{task["dataset_path"]?.ToJsonString() ?? "nothing"} is not fetched: save its split {split} as JSON lines, and say dataset_path: json and dataset_kwargs: {{data_files: {{{split}: FILE}}}}");
            return null;
        }

        suite.Unknown("dataset_kwargs", (JsonObject)task["dataset_kwargs"]!, "data_files");
        var names = files is JsonObject bySplit ? bySplit[split ?? ""] : files;
        if (split is null || ImportJson.Texts(names) is not { Count: > 0 } list)
        {
            suite.NotTaken("dataset_kwargs.data_files", $"has no file for the split {split ?? "(none is named by test_split or validation_split)"}");
            return null;
        }

        var texts = list.Select(n => (Name: n, Text: ImportJson.File("dataset_kwargs.data_files", n, file, suite))).ToArray();
        return texts.Any(static t => t.Text is null) ? null : texts.SelectMany(t => ImportJson.Lines(t.Name, t.Text!, suite)).ToArray();
    }

    // A name of a field stands for the field; everything else is a template.
    private static string? Text(SuiteBuilder suite, JsonObject task, JsonObject document, string place)
    {
        var template = ImportJson.Text(task["doc_to_text"]);
        if (template is not null && document[template] is { } field && ImportJson.Texts(field) is [var value]) return value;
        return Rendered(suite, template, document, $"{place} (doc_to_text)");
    }

    private static IReadOnlyList<string>? Targets(SuiteBuilder suite, JsonObject task, JsonObject document, string place)
    {
        place = $"{place} (doc_to_target)";
        if (task["doc_to_choice"] is not null)
        {
            suite.NotTaken(place, "doc_to_choice makes targets of numbers, which is not understood here");
            return null;
        }

        var template = ImportJson.Text(task["doc_to_target"]);
        if (template is not null && document[template] is { } field) return ImportJson.Texts(field);
        var text = Rendered(suite, template, document, place);
        if (text is null || !(text.StartsWith('[') && text.EndsWith(']'))) return text is null ? null : [text];
        // The harness reads it as a list of Python.
        suite.NotTaken(place, $"is a list as Python writes it: {text[..Math.Min(40, text.Length)]}");
        return null;
    }

    private static string? Rendered(SuiteBuilder suite, string? template, JsonObject document, string place)
    {
        try
        {
            return template is null ? throw new FormatException("is required, as a text") : Template.Render(template, document, TemplateKind.Jinja);
        }
        catch (FormatException wrong)
        {
            suite.NotTaken(place, wrong.Message);
            return null;
        }
    }

    private static string? Examples(SuiteBuilder suite, JsonObject task, Func<string, string> file)
    {
        var count = (int)(ImportJson.Number(task["num_fewshot"]) ?? 0);
        if (count == 0) return "";
        var config = task["fewshot_config"] as JsonObject;
        if (config?.Select(static p => p.Key).Except(["sampler", "samples", "split"]).FirstOrDefault() is { } unknown)
        {
            suite.NotTaken($"fewshot_config.{unknown}", "is not understood here, and may change the examples");
            return null;
        }

        if (ImportJson.Text(config?["sampler"]) != "first_n")
        {
            suite.NotTaken("num_fewshot", "draws examples by the harness' own chance, which is not repeated here; give fewshot_config: {sampler: first_n}, or num_fewshot: 0");
            return null;
        }

        var split = ImportJson.Text(config!["split"]) ?? ImportJson.Text(task["fewshot_split"]) ?? ImportJson.Text(task["training_split"]) ?? Split(task);
        var documents = config["samples"] is JsonArray samples ? samples.Select(static (s, i) => (s as JsonObject ?? [], $"fewshot_config.samples[{i}]")) : Documents(suite, task, split, file);
        var examples = documents?.Take(count).Select(d => (Text: Text(suite, task, d.Item1, d.Item2), Targets: Targets(suite, task, d.Item1, d.Item2))).ToArray();
        if (examples is null || examples.Length < count || examples.Any(static e => e.Text is null || e.Targets is null or { Count: 0 }))
        {
            suite.NotTaken("num_fewshot", $"asks for {count} examples, and there are fewer that can be taken");
            return null;
        }

        var (between, after) = (ImportJson.Text(task["target_delimiter"]) ?? " ", ImportJson.Text(task["fewshot_delimiter"]) ?? "\n\n");
        return string.Concat(examples.Select(e => $"{e.Text}{between}{e.Targets![0]}{after}"));
    }

    private static bool Settings(SuiteBuilder suite, JsonObject task)
    {
        var settings = task["generation_kwargs"] as JsonObject ?? [];
        suite.Unknown("generation_kwargs", settings, "until", "max_gen_toks", "max_tokens", "temperature", "top_p", "do_sample");
        suite.Request["temperature"] = ImportJson.Flag(settings["do_sample"]) == true ? ImportJson.Number(settings["temperature"]) ?? 1 : 0;
        if (ImportJson.Number(settings["top_p"]) is { } share) suite.Request["topP"] = share;
        suite.Request["maxTokens"] = (int)(ImportJson.Number(settings["max_gen_toks"]) ?? ImportJson.Number(settings["max_tokens"]) ?? 256);
        var until = settings["until"] is null ? [ImportJson.Text(task["fewshot_delimiter"]) ?? "\n\n"] : ImportJson.Texts(settings["until"]);
        if (until is null || until.Count > 4)
        {
            suite.NotTaken("generation_kwargs.until", "is more than the four texts that OpenAI's API takes: without the others answers would end elsewhere");
            return false;
        }

        if (until.Count > 0) suite.Request["stop"] = ImportJson.Array(until);
        return true;
    }

    private static JsonObject? Grader(SuiteBuilder suite, JsonObject task)
    {
        var with = new JsonObject();
        if (!Filters(suite, task["filter_list"] as JsonArray ?? [], with)) return null;
        var metrics = task["metric_list"] as JsonArray ?? [new JsonObject { ["metric"] = "exact_match" }];
        var exact = metrics.OfType<JsonObject>().FirstOrDefault(static m => ImportJson.Text(m["metric"]) == "exact_match");
        foreach (var (metric, i) in metrics.Select(static (m, i) => (m, i)).Where(m => m.m != exact)) suite.NotTaken($"metric_list[{i}]", $"{ImportJson.Text(metric?["metric"])} is over all answers together, or not known here; exact_match is taken");
        if (exact is null) return null;
        var aggregation = ImportJson.Text(exact["aggregation"]) ?? "mean";
        var unknown = exact.Select(static p => p.Key).Except(["metric", "aggregation", "higher_is_better", "ignore_case", "ignore_punctuation", "ignore_numbers", "regexes_to_ignore"]).FirstOrDefault();
        if (aggregation != "mean" || ImportJson.Flag(exact["higher_is_better"]) == false || unknown is not null)
        {
            suite.NotTaken("metric_list", $"exact_match with {unknown ?? (aggregation != "mean" ? $"aggregation {aggregation}" : "higher_is_better false")} is not understood here");
            return null;
        }

        var remove = (ImportJson.Texts(with["remove"]) ?? []).Concat((ImportJson.Texts(exact["regexes_to_ignore"]) ?? []).Select(Pattern)).ToList();
        if (ImportJson.Flag(exact["ignore_numbers"]) == true) remove.Add("[0-9]");
        if (remove.Count > 0) with["remove"] = ImportJson.Array(remove);
        if (ImportJson.Flag(exact["ignore_case"]) == true) with["ignoreCase"] = true;
        if (ImportJson.Flag(exact["ignore_punctuation"]) == true) with["ignorePunctuation"] = true;
        return ImportJson.Grader("match", with);
    }

    private static bool Filters(SuiteBuilder suite, JsonArray lists, JsonObject with)
    {
        // Each list is a score of its own there; a suite has one.
        foreach (var other in lists.Skip(1)) suite.NotTaken($"filter_list ({ImportJson.Text(other?["name"])})", "is another score of the same answers; the first is taken");
        foreach (var (filter, i) in ((lists.FirstOrDefault()?["filter"] as JsonArray) ?? []).Select(static (f, i) => (f as JsonObject ?? [], i)))
        {
            switch (ImportJson.Text(filter["function"]))
            {
                case "take_first":
                    break;
                case "regex" when with["extract"] is null && with["remove"] is null:
                    suite.Unknown($"filter_list[0].filter[{i}]", filter, "function", "regex_pattern", "group_select", "fallback");
                    with["extract"] = Pattern(ImportJson.Text(filter["regex_pattern"]) ?? @"#### (\-?[0-9\.\,]+)");
                    with["select"] = (int)(ImportJson.Number(filter["group_select"]) ?? 0);
                    with["fallback"] = ImportJson.Text(filter["fallback"]) ?? "[invalid]";
                    break;
                case "remove_whitespace":
                    // What regex found has no blanks at its ends; otherwise it is one blank at the beginning.
                    if (with["extract"] is null) with["remove"] = ImportJson.Array([LeadingBlank]);
                    break;
                case var function:
                    suite.NotTaken($"filter_list[0].filter[{i}]", $"{function} is not understood here in its place; one regex, then remove_whitespace, and take_first are");
                    return false;
            }
        }

        return true;
    }

    // Python's way to name a group.
    private static string Pattern(string pattern) => pattern.Replace("(?P<", "(?<", StringComparison.Ordinal);
}
