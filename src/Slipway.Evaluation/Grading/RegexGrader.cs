using System.Text.RegularExpressions;
using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Suites;

namespace Slipway.Evaluation.Grading;

/// <summary>A regular expression is found in the answer. It is run without backtracking, in time that grows with the answer's length only: no answer can make it hang.</summary>
/// <param name="pattern">The expression.</param>
/// <param name="group">Names a group whose text has to be what the prompt expects; null when finding it is enough.</param>
public sealed class RegexGrader(Regex pattern, string? group) : AnswerGrader
{
    internal static IGrader Read(Fields with)
    {
        var (text, ignoreCase, group) = (with.Text("pattern"), with.Flag("ignoreCase"), with.Text("group"));
        with.Done();
        if (text is null) with.Problem("pattern", "is required: the regular expression to be found in the answer");
        var pattern = SafePattern.Read(text ?? "", ignoreCase, out var problem);
        if (pattern is null) with.Problem("pattern", problem);
        else if (group is not null && pattern.GroupNumberFromName(group) < 0) with.Problem("group", $"\"{group}\" is no group of the pattern");
        return new RegexGrader(pattern ?? s_never, group);
    }

    private static readonly Regex s_never = new("$^", RegexOptions.NonBacktracking);

    /// <inheritdoc/>
    public override void Check(IReadOnlyList<string> expected, Action<string> problem)
    {
        ArgumentNullException.ThrowIfNull(expected);
        ArgumentNullException.ThrowIfNull(problem);
        if (group is not null && expected.Count == 0) problem("needs expected: what the group's text has to be");
    }

    /// <inheritdoc/>
    public override Grade Grade(Prompt prompt, Answer answer)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentNullException.ThrowIfNull(answer);
        var match = pattern.Match(answer.Text);
        if (!match.Success || group is null) return Grading.Grade.Of(match.Success, $"{pattern} is not found in {Quote.One(answer.Text)}");
        var found = match.Groups[group].Value.Trim();
        return Grading.Grade.Of(prompt.Expected.Any(e => e.Trim() == found), $"expected {Quote.Any(prompt.Expected)}, found {Quote.One(found)}");
    }
}
