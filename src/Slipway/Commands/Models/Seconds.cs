using System.CommandLine.Parsing;
using System.Globalization;
using Slipway.Capacity.Answers.Models;

namespace Slipway.Commands.Models;

/// <summary>Times as people write them on a command line: 40ms, 1.5s.</summary>
internal static class Seconds
{
    /// <summary>Parses an option's value; a bare number is seconds.</summary>
    public static double? Parse(ArgumentResult result)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        var (digits, unit) = text.EndsWith("ms", StringComparison.OrdinalIgnoreCase) ? (text[..^2], 0.001)
            : text.EndsWith('s') ? (text[..^1], 1.0)
            : (text, 1.0);
        if (double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number is > 0 and < 86_400) return number * unit;
        result.AddError($"'{text}' is no time; write it as 40ms or 1.5s");
        return null;
    }

    /// <summary>Writes a band of times.</summary>
    public static string Of(BandFact band) => $"{Of(band.Low)}-{Of(band.High)}";

    /// <summary>Writes a time with as many digits as an estimate deserves.</summary>
    public static string Of(double seconds) => seconds < 1
        ? string.Create(CultureInfo.InvariantCulture, $"{seconds * 1000:0.#} ms")
        : string.Create(CultureInfo.InvariantCulture, $"{seconds:0.#} s");
}
