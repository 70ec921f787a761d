using System.Collections.Immutable;
using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Suites;

namespace Slipway.Evaluation.Grading;

/// <summary>The answer contains any, all or none of some texts: those of <c>with.values</c>, or else what the prompt expects.</summary>
/// <param name="mode"><c>any</c>, <c>all</c> or <c>none</c>.</param>
/// <param name="values">The texts; empty for those that the prompt expects.</param>
/// <param name="ignoreCase">Whether large and small letters are alike.</param>
public sealed class ContainsGrader(string mode, ImmutableArray<string> values, bool ignoreCase) : AnswerGrader
{
    internal static IGrader Read(Fields with)
    {
        var grader = new ContainsGrader(with.Word("mode", "any", "all", "none"), with.Texts("values"), with.Flag("ignoreCase"));
        with.Done();
        return grader;
    }

    /// <inheritdoc/>
    public override void Check(IReadOnlyList<string> expected, Action<string> problem)
    {
        ArgumentNullException.ThrowIfNull(expected);
        ArgumentNullException.ThrowIfNull(problem);
        if (values.IsEmpty && expected.Count == 0) problem("needs something to look for: expected, or with.values");
        if ((values.IsEmpty ? expected : values).Contains("")) problem("looks for an empty text, which every answer contains");
    }

    /// <inheritdoc/>
    public override Grade Grade(Prompt prompt, Answer answer)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentNullException.ThrowIfNull(answer);
        var texts = values.IsEmpty ? prompt.Expected : values;
        var comparison = ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        var found = texts.Where(t => answer.Text.Contains(t, comparison)).ToImmutableArray();
        return mode switch
        {
            "all" => Grading.Grade.Of(found.Length == texts.Length, $"{Quote.Any([.. texts.Except(found)])} is not in {Quote.One(answer.Text)}"),
            "none" => Grading.Grade.Of(found.IsEmpty, $"{Quote.Any(found)} is in {Quote.One(answer.Text)}"),
            _ => Grading.Grade.Of(!found.IsEmpty, $"{Quote.Any(texts)} is not in {Quote.One(answer.Text)}"),
        };
    }
}
