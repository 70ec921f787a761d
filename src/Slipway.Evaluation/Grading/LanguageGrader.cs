using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Grading.Behaviour;
using Slipway.Evaluation.Suites;

namespace Slipway.Evaluation.Grading;

/// <summary>The answer is in a language, by <see cref="Languages"/>: that of <c>with.language</c>, or else one that the prompt expects. Where close kin can't be told apart, either is right.</summary>
/// <param name="language">Its ISO 639-1 code; null for what the prompt expects.</param>
public sealed class LanguageGrader(string? language) : AnswerGrader
{
    internal static IGrader Read(Fields with)
    {
        var language = with.Text("language");
        if (language is not null && !Languages.Known.Contains(language)) with.Problem("language", $"is one of {string.Join(", ", Languages.Known)}, not \"{language}\"");
        with.Done();
        return new LanguageGrader(language);
    }

    /// <inheritdoc/>
    public override void Check(IReadOnlyList<string> expected, Action<string> problem)
    {
        ArgumentNullException.ThrowIfNull(expected);
        ArgumentNullException.ThrowIfNull(problem);
        if (language is null && (expected.Count == 0 || expected.Any(static e => !Languages.Known.Contains(e)))) problem($"needs with.language, or expected: one of {string.Join(", ", Languages.Known)}");
    }

    /// <inheritdoc/>
    public override Grade Grade(Prompt prompt, Answer answer)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentNullException.ThrowIfNull(answer);
        var found = Languages.Candidates(answer.Text);
        var (right, wanted) = language is null ? (prompt.Expected.Any(e => found.Contains(e)), string.Join(" or ", prompt.Expected)) : (found.Contains(language), language);
        return Grading.Grade.Of(right, $"is in {(found.IsEmpty ? "no language that is known" : string.Join(" or ", found))}, not {wanted}: {Quote.One(answer.Text)}");
    }
}
