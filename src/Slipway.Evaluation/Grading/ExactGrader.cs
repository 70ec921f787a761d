using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Suites;

namespace Slipway.Evaluation.Grading;

/// <summary>The answer is exactly one of those expected, blanks at its ends aside; as <c>with</c> says also letters' case and punctuation.</summary>
/// <param name="ignoreCase">Whether large and small letters are alike.</param>
/// <param name="ignorePunctuation">Whether punctuation is left out.</param>
public sealed class ExactGrader(bool ignoreCase, bool ignorePunctuation) : AnswerGrader
{
    internal static IGrader Read(Fields with)
    {
        var grader = new ExactGrader(with.Flag("ignoreCase"), with.Flag("ignorePunctuation"));
        with.Done();
        return grader;
    }

    /// <inheritdoc/>
    public override void Check(IReadOnlyList<string> expected, Action<string> problem)
    {
        ArgumentNullException.ThrowIfNull(expected);
        ArgumentNullException.ThrowIfNull(problem);
        if (expected.Count == 0) problem("needs expected: the answer that is right");
    }

    /// <inheritdoc/>
    public override Grade Grade(Prompt prompt, Answer answer)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentNullException.ThrowIfNull(answer);
        var found = Normal(answer.Text);
        return Grading.Grade.Of(prompt.Expected.Any(e => Normal(e) == found), $"expected {Quote.Any(prompt.Expected)}, not {Quote.One(answer.Text)}");
    }

    // A full-width digit or letter is the same answer. (Unicode's own normal forms need globalization data, which the product does without.)
    private string Normal(string text)
    {
        text = string.Concat(text.Select(static c => c is >= '\uFF01' and <= '\uFF5E' ? (char)(c - 0xFEE0) : c));
        if (ignoreCase) text = text.ToLowerInvariant();
        if (ignorePunctuation) text = string.Concat(text.Where(static c => !char.IsPunctuation(c) && !char.IsSymbol(c)));
        return ignorePunctuation ? string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)) : text.Trim();
    }
}
