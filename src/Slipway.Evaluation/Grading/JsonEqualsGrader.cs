using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Suites;

namespace Slipway.Evaluation.Grading;

/// <summary>The answer is JSON and equal to what is expected, whatever the order of its keys and the blanks.</summary>
/// <param name="subset">Whether more keys than those expected will do.</param>
public sealed class JsonEqualsGrader(bool subset) : AnswerGrader
{
    internal static IGrader Read(Fields with)
    {
        var grader = new JsonEqualsGrader(with.Flag("subset"));
        with.Done();
        return grader;
    }

    /// <inheritdoc/>
    public override void Check(IReadOnlyList<string> expected, Action<string> problem)
    {
        ArgumentNullException.ThrowIfNull(expected);
        ArgumentNullException.ThrowIfNull(problem);
        if (expected.Count == 0 || !expected.All(IsJson)) problem("needs expected: JSON");
    }

    /// <inheritdoc/>
    public override Grade Grade(Prompt prompt, Answer answer)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentNullException.ThrowIfNull(answer);
        if (!IsJson(answer.Text)) return Grading.Grade.Wrong($"{Quote.One(answer.Text)} is no JSON");
        var found = JsonNode.Parse(answer.Text);
        foreach (var expected in prompt.Expected)
        {
            if (Matches(JsonNode.Parse(expected), found)) return Grading.Grade.Right();
        }

        return Grading.Grade.Wrong($"expected {Quote.Any(prompt.Expected)}, not {Quote.One(answer.Text)}");
    }

    private static bool IsJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private bool Matches(JsonNode? expected, JsonNode? found) => (expected, found) switch
    {
        (JsonObject e, JsonObject f) when subset => e.All(p => f.TryGetPropertyValue(p.Key, out var value) && Matches(p.Value, value)),
        (JsonArray e, JsonArray f) when subset => e.Count == f.Count && e.Zip(f).All(p => Matches(p.First, p.Second)),
        _ => JsonNode.DeepEquals(expected, found),
    };
}
