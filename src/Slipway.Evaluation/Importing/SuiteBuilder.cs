using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Evaluation.Suites;

namespace Slipway.Evaluation.Importing;

/// <summary>Gathers prompts and remarks, and makes a suite of those prompts that a suite can have.</summary>
internal sealed class SuiteBuilder
{
    private readonly List<(string Place, JsonObject Prompt)> _prompts = [];
    private readonly List<Remark> _notTaken = [], _differences = [];
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);

    public JsonObject Request { get; } = [];

    public void NotTaken(string place, string reason) => _notTaken.Add(new(place, reason));

    /// <summary>Notes a difference, once for each reason: it is the same on every line.</summary>
    public void Differs(string place, string reason)
    {
        if (_differences.All(d => d.Reason != reason)) _differences.Add(new(place, reason));
    }

    /// <summary>Notes each field that was not read.</summary>
    public void Unknown(string place, JsonObject map, params ReadOnlySpan<string> known)
    {
        foreach (var (name, _) in map)
        {
            if (!known.Contains(name)) NotTaken(place.Length == 0 ? name : $"{place}.{name}", "is not understood here");
        }
    }

    /// <summary>Adds a prompt.</summary>
    /// <param name="place">Where it comes from.</param>
    /// <param name="id">Its name; a number is added when there is one of it.</param>
    /// <param name="messages">The conversation.</param>
    /// <param name="expected">What is expected.</param>
    /// <param name="graders">Its graders.</param>
    public JsonObject? Add(string place, string id, JsonArray messages, IEnumerable<string> expected, JsonArray graders)
    {
        if (_prompts.Count == SuiteReader.MostPrompts)
        {
            NotTaken(place, $"a suite has at most {SuiteReader.MostPrompts} prompts");
            return null;
        }

        var unique = id;
        for (var n = 2; !_ids.Add(unique); n++) unique = $"{id}-{n}";
        var prompt = new JsonObject { ["id"] = unique, ["messages"] = messages };
        var texts = new JsonArray([.. expected.Select(static e => (JsonNode)JsonValue.Create(e))]);
        if (texts.Count > 0) prompt["expected"] = texts;
        prompt["graders"] = graders;
        _prompts.Add((place, prompt));
        return prompt;
    }

    /// <summary>Makes the suite. Each prompt is read as a suite's first: what is wrong with one costs that one only, and is named.</summary>
    public Import Build(string name, string description)
    {
        var taken = new JsonArray();
        foreach (var (place, prompt) in _prompts)
        {
            var problems = SuiteReader.Read(Manifest("x", "", [], [prompt.DeepClone()])).Problems;
            if (problems.IsEmpty) taken.Add((JsonNode)prompt);
            else NotTaken(place, string.Join("; ", problems.Take(3).Select(static p => p.Replace("spec.prompts[0]", "the prompt", StringComparison.Ordinal))));
        }

        var manifest = taken.Count == 0 ? null : Manifest(Word(name), description, (JsonObject)Request.DeepClone(), taken);
        if (manifest is not null && SuiteReader.Read(manifest) is { Suite: null } reading)
        {
            foreach (var problem in reading.Problems) NotTaken("", problem);
            manifest = null;
        }

        if (manifest is null && _notTaken.Count == 0) NotTaken("", "there are no prompts");
        return new(manifest, [.. _notTaken], [.. _differences]);
    }

    private static JsonObject Manifest(string name, string description, JsonObject request, JsonArray prompts) => new()
    {
        ["apiVersion"] = "slipway.dev/v1alpha1",
        ["kind"] = "EvaluationSuite",
        ["metadata"] = new JsonObject { ["name"] = name },
        ["spec"] = new JsonObject { ["description"] = description, ["request"] = request, ["prompts"] = prompts },
    };

    // A name that Kubernetes takes.
    private static string Word(string name)
    {
        var word = new StringBuilder();
        foreach (var c in name.ToLowerInvariant()) word.Append(char.IsAsciiLetterOrDigit(c) ? c : '-');
        var plain = word.ToString().Trim('-');
        return plain.Length == 0 ? "imported" : plain[..Math.Min(63, plain.Length)].TrimEnd('-');
    }
}
