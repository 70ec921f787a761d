using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Suites;

namespace Slipway.Evaluation.Grading;

/// <summary>The answer is as long as it should be.</summary>
/// <param name="unit"><c>characters</c> (Unicode's scalar values), <c>words</c> (between blanks), <c>lines</c> or <c>tokens</c> (as the engine counts them).</param>
/// <param name="least">The least that is right.</param>
/// <param name="most">The most that is right.</param>
public sealed class LengthGrader(string unit, long least, long most) : AnswerGrader
{
    internal static IGrader Read(Fields with)
    {
        var grader = new LengthGrader(with.Word("unit", "characters", "words", "lines", "tokens"), with.Whole("least", 0, int.MaxValue) ?? 0, with.Whole("most", 0, int.MaxValue) ?? long.MaxValue);
        if (!with.Has("least") && !with.Has("most")) with.Problem("", "needs least or most");
        if (grader.Least > grader.Most) with.Problem("most", "is below least");
        with.Done();
        return grader;
    }

    private long Least => least;

    private long Most => most;

    /// <inheritdoc/>
    public override Grade Grade(Prompt prompt, Answer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        long? length = unit switch
        {
            "words" => answer.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length,
            "lines" => answer.Text.Length == 0 ? 0 : answer.Text.TrimEnd('\n').Count(static c => c == '\n') + 1,
            "tokens" => answer.CompletionTokens,
            _ => answer.Text.EnumerateRunes().Count(),
        };
        if (length is null) return Grading.Grade.None("the engine does not say how many tokens the answer has");
        return Grading.Grade.Of(length >= Least && length <= Most, $"has {length} {unit}, {(length < Least ? $"fewer than {Least}" : $"more than {Most}")}");
    }
}
