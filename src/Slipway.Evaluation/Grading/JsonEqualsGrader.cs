using System.Collections.Immutable;
using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Grading.Json;
using Slipway.Evaluation.Suites;

namespace Slipway.Evaluation.Grading;

/// <summary>The answer is JSON and equal to what is expected, whatever the order of its keys and the blanks.</summary>
/// <param name="subset">Whether more keys than those expected will do.</param>
/// <param name="fenced">Whether it may stand in a fenced block of Markdown.</param>
/// <param name="values">What is expected, as JSON; empty for what the prompt expects.</param>
public sealed class JsonEqualsGrader(bool subset, bool fenced, ImmutableArray<string> values) : AnswerGrader
{
    internal static IGrader Read(Fields with)
    {
        var grader = new JsonEqualsGrader(with.Flag("subset"), with.Flag("fenced"), [.. with.List("values").Select(static v => v.Node?.ToJsonString() ?? "null")]);
        with.Done();
        return grader;
    }

    /// <inheritdoc/>
    public override void Check(IReadOnlyList<string> expected, Action<string> problem)
    {
        ArgumentNullException.ThrowIfNull(expected);
        ArgumentNullException.ThrowIfNull(problem);
        if (!values.IsEmpty) return;
        if (expected.Count == 0 || expected.Any(static e => JsonAnswer.Parse(e, fenced: false, out _) is null)) problem("needs expected: JSON");
    }

    /// <inheritdoc/>
    public override Grade Grade(Prompt prompt, Answer answer)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentNullException.ThrowIfNull(answer);
        if (JsonAnswer.Parse(answer.Text, fenced, out var reason) is not { } found) return Grading.Grade.Wrong(reason);
        var differences = (values.IsEmpty ? prompt.Expected : values).Select(e => JsonDifference.Find(JsonAnswer.Parse(e, fenced: false, out _)!.Value, found, subset)).ToArray();
        return differences.Any(static d => d is null) ? Grading.Grade.Right() : Grading.Grade.Wrong(differences[0]!);
    }
}
