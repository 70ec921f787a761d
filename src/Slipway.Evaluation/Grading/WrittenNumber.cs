using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Slipway.Evaluation.Grading;

/// <summary>A number as people and models write it.</summary>
/// <param name="Value">The number before the sign of percent, if there is one.</param>
/// <param name="Percent">Whether it is in percent.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct WrittenNumber(double Value, bool Percent)
{
    /// <summary>The last number of a text; null when there is none.</summary>
    public static WrittenNumber? LastOf(string text)
    {
        foreach (var match in s_numbers.Matches(text).Reverse())
        {
            if (Read(match) is not { } value) continue;
            // A minus after a letter or a digit joins or takes away (3-5, top-10); it is no sign.
            var negative = match.Groups["sign"].Success && (match.Index == 0 || !char.IsLetterOrDigit(text[match.Index - 1]));
            return new(negative ? -value : value, match.Groups["percent"].Success);
        }

        return null;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Value}{(Percent ? "%" : "")}");

    private static double? Read(Match match)
    {
        double? Part(string name) => match.Groups[name].Success ? double.Parse(string.Concat(match.Groups[name].Value.Where(static c => c is not (',' or '\u00A0' or '\u202F'))), NumberStyles.Float, CultureInfo.InvariantCulture) : null;
        var whole = Part("mixed") ?? 0;
        var part = match.Groups["vulgar"].Success ? CharUnicodeInfo.GetNumericValue(match.Groups["vulgar"].Value[0])
            : Part("above") is { } above ? above / Part("below")!.Value
            : Part("number") ?? 0;
        return double.IsFinite(whole + part) ? whole + part : null;
    }

    // A comma that is followed by other than three digits is a comma. Two fractions in a row (1/2/2024) are none: the last number counts.
    private static readonly Regex s_numbers = new(
        """
        (?<sign>[-\u2212])?[$\u20AC\u00A3\u00A5]?
        (
          \\[dt]?frac\{(?<above>[0-9]+)\}\{(?<below>[0-9]+)\}
        | ((?<mixed>[0-9]+)[ ])?(?<above>[0-9]+)[ ]?[/\u2044][ ]?(?<below>[0-9]+)
        | (?<mixed>[0-9]+)?[ ]?(?<vulgar>[\u00BC-\u00BE\u2150-\u215E])
        | (?<number>([0-9]{1,3}([,\u00A0\u202F][0-9]{3})+|[0-9]+)(\.[0-9]+)?([eE][+-]?[0-9]+)?|\.[0-9]+)
        )
        ([ \u00A0\u202F]?\\?(?<percent>%))?
        """,
        RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace);
}
