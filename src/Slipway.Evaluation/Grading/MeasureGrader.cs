using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Suites;

namespace Slipway.Evaluation.Grading;

/// <summary>How near the answer's text is to what is expected, by one of the measures of the field; with several expected, to the nearest.</summary>
/// <remarks>Such measures compare wordings, not truths: "It is not 5" is near "It is 5". Use them for translations and summaries, beside others.</remarks>
/// <param name="name">The measure's name, for reasons.</param>
/// <param name="measure">From 0 to 1 for an answer and all that is expected.</param>
/// <param name="threshold">From which on the answer is right, and below wrong; null for the measure itself as the score.</param>
public sealed class MeasureGrader(string name, Func<string, IReadOnlyList<string>, double> measure, double? threshold) : AnswerGrader
{
    /// <summary>Most characters of a text. Some measures take time that grows with the product of both lengths.</summary>
    public const int MostCharacters = 20_000;

    internal static Func<Fields, IGrader> Reader(string name, Func<string, string, double> measure) =>
        ReaderOfAll(name, (answer, expected) => expected.Max(e => measure(answer, e)));

    internal static Func<Fields, IGrader> ReaderOfAll(string name, Func<string, IReadOnlyList<string>, double> measure) => with =>
    {
        var grader = new MeasureGrader(name, measure, with.Number("threshold", 0, 1));
        with.Done();
        return grader;
    };

    /// <inheritdoc/>
    public override void Check(IReadOnlyList<string> expected, Action<string> problem)
    {
        ArgumentNullException.ThrowIfNull(expected);
        ArgumentNullException.ThrowIfNull(problem);
        if (expected.Count == 0) problem("needs expected: a text to compare the answer with");
        if (expected.Any(static e => e.Length > MostCharacters)) problem($"takes texts of at most {MostCharacters} characters in expected");
    }

    /// <inheritdoc/>
    public override Grade Grade(Prompt prompt, Answer answer)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentNullException.ThrowIfNull(answer);
        // Wrong and not "not graded": a model must not escape a grade by going on and on.
        if (answer.Text.Length > MostCharacters) return Grading.Grade.Wrong($"is longer than {MostCharacters} characters: {Quote.One(answer.Text)}");
        var score = measure(answer.Text, prompt.Expected);
        var reason = score >= (threshold ?? 1) ? "" : FormattableString.Invariant($"{name} {score:0.###}{(threshold is null ? "" : $" is below {threshold}")}: expected {Quote.Any(prompt.Expected)}, not {Quote.One(answer.Text)}");
        return new(threshold is null ? score : score >= threshold ? 1 : 0, reason);
    }
}
