using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Suites;

namespace Slipway.Evaluation.Grading;

/// <summary>The last number of the answer is one of those expected, within <c>absolute + relative * |expected|</c>.</summary>
/// <remarks>
/// Read are thousands set apart (1,234,567), exponents, fractions (3/4, 1 1/2, ½, \frac{3}{4}) and percent. Where only one of the two is in percent, 50% is taken
/// for 50 and for 0.5. What is written in words is no number.
/// </remarks>
/// <param name="absolute">The absolute tolerance.</param>
/// <param name="relative">The relative tolerance: 0.01 is one in a hundred.</param>
public sealed class NumericGrader(double absolute, double relative) : AnswerGrader
{
    // Fractions and decimals are rounded on their way to binary; without a tolerance 0.1 + 0.2 is still 0.3.
    private const double Rounding = 1e-12;

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
        if (expected.Count == 0 || expected.Any(static e => WrittenNumber.LastOf(e) is null)) problem("needs expected: a number");
    }

    /// <inheritdoc/>
    public override Grade Grade(Prompt prompt, Answer answer)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentNullException.ThrowIfNull(answer);
        if (WrittenNumber.LastOf(answer.Text) is not { } found) return Grading.Grade.Wrong($"there is no number in {Quote.One(answer.Text)}");
        var expected = prompt.Expected.Select(WrittenNumber.LastOf).OfType<WrittenNumber>().ToArray();
        return Grading.Grade.Of(expected.Any(e => Matches(e, found)), $"expected {string.Join(" or ", expected.Take(3))}, not {found}");
    }

    private bool Matches(WrittenNumber expected, WrittenNumber found)
    {
        if (expected.Percent == found.Percent) return Near(expected.Value, found.Value);
        return found.Percent
            ? Near(expected.Value, found.Value) || Near(expected.Value, found.Value / 100)
            : Near(expected.Value, found.Value) || Near(expected.Value / 100, found.Value);
    }

    private bool Near(double expected, double found) => Math.Abs(found - expected) <= absolute + (Math.Max(relative, Rounding) * Math.Abs(expected));
}
