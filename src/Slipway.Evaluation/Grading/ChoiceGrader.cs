using System.Text.RegularExpressions;
using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Suites;

namespace Slipway.Evaluation.Grading;

/// <summary>
/// The answer chooses the letter that is expected: "B", "(B)", "Answer: B", "\boxed{B}". Where it says several, the last one that is called an answer counts, or
/// else the last that stands alone.
/// </summary>
/// <param name="letters">The letters to choose from.</param>
public sealed class ChoiceGrader(string letters) : AnswerGrader
{
    /// <summary>The letters to choose from when a suite does not say.</summary>
    public const string AllLetters = "ABCDEFGHIJ";

    internal static IGrader Read(Fields with)
    {
        var letters = with.Text("letters") ?? AllLetters;
        with.Done();
        if (letters.Length is < 2 or > 26 || letters.Any(static c => c is not (>= 'A' and <= 'Z')) || letters.Distinct().Count() < letters.Length) with.Problem("letters", "is at least two different capital letters, such as ABCD");
        return new ChoiceGrader(letters);
    }

    /// <inheritdoc/>
    public override void Check(IReadOnlyList<string> expected, Action<string> problem)
    {
        ArgumentNullException.ThrowIfNull(expected);
        ArgumentNullException.ThrowIfNull(problem);
        if (expected.Count == 0 || expected.Any(e => e.Trim() is not [var c] || !letters.Contains(char.ToUpperInvariant(c), StringComparison.Ordinal))) problem($"needs expected: a letter of {letters}");
    }

    /// <inheritdoc/>
    public override Grade Grade(Prompt prompt, Answer answer)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentNullException.ThrowIfNull(answer);
        var found = Last(s_said, answer.Text) ?? Last(s_alone, answer.Text);
        if (found is null) return Grading.Grade.Wrong($"no letter is chosen in {Quote.One(answer.Text)}");
        return Grading.Grade.Of(prompt.Expected.Any(e => string.Equals(e.Trim(), found, StringComparison.OrdinalIgnoreCase)), $"expected {Quote.Any(prompt.Expected)}, not {found}");
    }

    private string? Last(Regex pattern, string text) =>
        pattern.Matches(text).Select(static m => m.Groups["letter"].Value.ToUpperInvariant()).LastOrDefault(l => letters.Contains(l, StringComparison.Ordinal));

    // A small letter, and the words "A" and "I", may go on as a sentence: they need a mark or the end after them, or a colon before.
    private static readonly Regex s_said = new(
        """
        (?i:answer|choice|option)(?i:\s+is)?\s*[:=]\s*[\(\*\$\{]*(?<letter>[A-Za-z])(\W|\z)
        | (?i:answer|choice|option)(?i:\s+is)?\s*[\(\*\$\{]*((?<letter>[B-HJ-Z])(\W|\z)|(?<letter>[A-Za-z])(\s*[^\w\s]|\s*\z|\s*\n|\s+because\b))
        | \\boxed\{(\\text\{)?\s*\(?(?<letter>[A-Za-z])\)?\s*\}
        """,
        RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace);

    // At the start of a line or in brackets, and before a mark or the line's end; a small letter only in brackets or as all there is.
    private static readonly Regex s_alone = new(
        """
        (^\s*|[\(\*])(?<letter>[A-Z])([\)\.\*:,]|\s*$)
        | \((?<letter>[a-z])\)
        | \A\s*(?<letter>[a-z])[\)\.]?\s*\z
        """,
        RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Multiline | RegexOptions.IgnorePatternWhitespace);
}
