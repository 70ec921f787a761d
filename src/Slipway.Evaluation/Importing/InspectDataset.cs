using System.Text.Json.Nodes;

namespace Slipway.Evaluation.Importing;

/// <summary>How an Inspect task scores: its tasks are Python, so that a data set does not say it.</summary>
public enum InspectScorer
{
    /// <summary><c>match()</c>: the answer ends with the target, blanks and punctuation at the ends and letters' case aside.</summary>
    Match,

    /// <summary><c>match(location="begin")</c>.</summary>
    MatchBegin,

    /// <summary><c>match(location="any")</c>.</summary>
    MatchAny,

    /// <summary><c>match(location="exact")</c>.</summary>
    MatchExact,

    /// <summary><c>includes()</c>: the target is in the answer, letters' case aside.</summary>
    Includes,
}

/// <summary>A data set of Inspect (UK AI Security Institute) as JSON lines: <c>input</c>, <c>target</c>, <c>choices</c>, <c>id</c>, <c>metadata</c>.</summary>
public static class InspectDataset
{
    private static readonly string[] s_sandbox = ["sandbox", "files", "setup"];

    /// <summary>Imports.</summary>
    /// <param name="name">The file's name.</param>
    /// <param name="text">Its text.</param>
    /// <param name="scorer">How its task scores samples without choices; those with choices are scored by the letter.</param>
    public static Import Read(string name, string text, InspectScorer scorer)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(text);
        var suite = new SuiteBuilder();
        foreach (var (line, place) in ImportJson.Lines(name, text, suite))
        {
            suite.Unknown(place, line, "input", "target", "choices", "id", "metadata", "sandbox", "files", "setup");
            var needs = s_sandbox.FirstOrDefault(k => line[k] is not null);
            var id = (ImportJson.Texts(line["id"]) ?? [place.Split(' ')[^1]])[0];
            if (needs is not null) suite.NotTaken(place, $"needs a sandbox ({needs}), and there is none");
            else if (ImportJson.Texts(line["target"]) is not { Count: > 0 } targets) suite.NotTaken(place, "has no target");
            else if (line["choices"] is JsonArray { Count: > 0 } choices) Choice(suite, place, id, line["input"], choices, targets);
            else if (ImportJson.Messages(line["input"], place, suite) is { } messages) suite.Add(place, id, messages, targets, ImportJson.Graders(Grader(scorer)));
        }

        return suite.Build(System.IO.Path.GetFileNameWithoutExtension(name), "A data set of Inspect.");
    }

    private static JsonObject Grader(InspectScorer scorer) => scorer == InspectScorer.Includes
        ? ImportJson.Grader("match", new() { ["at"] = "anywhere", ["ignoreCase"] = true })
        : ImportJson.Grader("match", new()
        {
            ["at"] = scorer switch { InspectScorer.MatchBegin => "start", InspectScorer.MatchAny => "anywhere", InspectScorer.MatchExact => "whole", _ => "end" },
            ["ignoreCase"] = true,
            ["trim"] = "punctuation",
        });

    private static void Choice(SuiteBuilder suite, string place, string id, JsonNode? input, JsonArray choices, IReadOnlyList<string> targets)
    {
        if (ImportJson.Text(input) is not { } question || choices.Any(static c => ImportJson.Text(c) is null))
        {
            suite.NotTaken(place, "has choices that are not texts, or a conversation before them");
            return;
        }

        if (choices.Count is < 2 or > 26 || targets is not [[>= 'A' and <= 'Z'] target])
        {
            suite.NotTaken(place, "has other than one right letter, or other than 2 to 26 choices");
            return;
        }

        var letters = string.Concat(Enumerable.Range(0, choices.Count).Select(static i => (char)('A' + i)));
        var listed = string.Join('\n', choices.Select((c, i) => $"{letters[i]}) {ImportJson.Text(c)}"));
        suite.Differs(place, "choices are asked for in Slipway's own words, and the letter is also found where it is not on a line \"ANSWER: A\" alone");
        suite.Add(place, id, ImportJson.User($"{question}\n\n{listed}\n\nEnd with a line \"ANSWER: \" and the letter of the right choice, one of {string.Join(", ", letters.AsEnumerable())}."),
            [target], ImportJson.Graders(ImportJson.Grader("choice", new() { ["letters"] = letters })));
    }
}
