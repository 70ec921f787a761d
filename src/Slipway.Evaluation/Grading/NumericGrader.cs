using System.Globalization;
using System.Text.RegularExpressions;
using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Suites;

namespace Slipway.Evaluation.Grading;

/// <summary>The last number of the answer is one of those expected, within <c>absolute + relative * |expected|</c>.</summary>
/// <param name="absolute">The absolute tolerance.</param>
/// <param name="relative">The relative tolerance: 0.01 is one in a hundred.</param>
public sealed class NumericGrader(double absolute, double relative) : AnswerGrader
{
    internal static IGrader Read(Fields with)
    {
        var grader = new NumericGrader(with.Number("absolute", 0) ?? 0, with.Number("relative", 0) ?? 0);
        with.Done();
        return grader;
    }

    /// <inheritdoc/>
    public override void Check(IReadOnlyList<string> expected, Action<string> problem)
    {
        ArgumentNullException.ThrowIfNull(expected);
        ArgumentNullException.ThrowIfNull(problem);
        if (!expected.Any(static e => LastNumber(e) is not null)) problem("needs expected: a number");
    }

    /// <inheritdoc/>
    public override Grade Grade(Prompt prompt, Answer answer)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentNullException.ThrowIfNull(answer);
        var found = LastNumber(answer.Text);
        if (found is null) return Grading.Grade.Wrong($"there is no number in {Quote.One(answer.Text)}");
        var expected = prompt.Expected.Select(LastNumber).OfType<double>().ToArray();
        return Grading.Grade.Of(
            expected.Any(e => Math.Abs(found.Value - e) <= absolute + (relative * Math.Abs(e))),
            FormattableString.Invariant($"expected {string.Join(" or ", expected)}, not {found}"));
    }

    // With thousands set apart as in 1,234,567: a comma that is followed by other than three digits is a comma.
    private static double? LastNumber(string text) =>
        s_numbers.Matches(text) is { Count: > 0 } all && double.TryParse(all[^1].Value.Replace(",", "", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private static readonly Regex s_numbers = new(
        @"-?([0-9]{1,3}(,[0-9]{3})+|[0-9]+)(\.[0-9]+)?([eE][+-]?[0-9]+)?", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);
}
