using System.Text.RegularExpressions;
using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Suites;

namespace Slipway.Evaluation.Grading;

/// <summary>The answer chooses the letter that is expected: "B", "(B)", "Answer: B". Where it names several, the last one that is set apart counts.</summary>
public sealed class ChoiceGrader : AnswerGrader
{
    internal static IGrader Read(Fields with)
    {
        with.Done();
        return new ChoiceGrader();
    }

    /// <inheritdoc/>
    public override void Check(IReadOnlyList<string> expected, Action<string> problem)
    {
        ArgumentNullException.ThrowIfNull(expected);
        ArgumentNullException.ThrowIfNull(problem);
        if (expected.Count == 0 || expected.Any(static e => e.Trim() is not [>= 'A' and <= 'J' or >= 'a' and <= 'j'])) problem("needs expected: a letter from A to J");
    }

    /// <inheritdoc/>
    public override Grade Grade(Prompt prompt, Answer answer)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentNullException.ThrowIfNull(answer);
        var said = s_said.Matches(answer.Text);
        var found = said.Count > 0 ? said[^1].Groups["letter"].Value : s_alone.Matches(answer.Text) is { Count: > 0 } letters ? letters[^1].Groups["letter"].Value : null;
        if (found is null) return Grading.Grade.Wrong($"no letter is chosen in {Quote.One(answer.Text)}");
        return Grading.Grade.Of(prompt.Expected.Any(e => string.Equals(e.Trim(), found, StringComparison.OrdinalIgnoreCase)), $"expected {Quote.Any(prompt.Expected)}, not {found}");
    }

    private static readonly Regex s_said = new(
        @"(?i:answer|choice|option)(?i:\s+is)?\s*:?\s*[\(\*\$]*(?<letter>[A-Ja-j])\b", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);

    // "A" alone may be an article: only at the start of a line or in brackets, and before a mark or the line's end.
    private static readonly Regex s_alone = new(
        @"(^\s*|[\(\*])(?<letter>[A-J])([\)\.\*:]|\s*$)", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Multiline);
}
