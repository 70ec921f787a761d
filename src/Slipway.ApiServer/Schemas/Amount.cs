using System.Globalization;
using System.Numerics;

namespace Slipway.ApiServer.Schemas;

/// <summary>An amount of a resource, exact in billionths of its unit, with the form it is written in (k8s.io/apimachinery, api/resource).</summary>
/// <param name="Nanos">The amount in billionths; finer fractions were rounded up, away from zero.</param>
/// <param name="Form">The suffixes it is written with: <c>i</c> of two, <c>e</c> of exponents, <c>d</c> of ten.</param>
internal readonly record struct Amount(BigInteger Nanos, char Form)
{
    public const string Expected = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

    private const int MaxDigits = 100;

    private static readonly BigInteger s_unit = 1_000_000_000;
    private static readonly string[] s_tens = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
    private static readonly string[] s_twos = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

    public bool IsWhole => Nanos % s_unit == 0;

    /// <summary>Reads an amount.</summary>
    /// <returns>The amount, or <see langword="null"/> when the text is none.</returns>
    public static Amount? Parse(string? text)
    {
        if (text is null) return null;
        text = text.Trim();
        var at = text.Length > 0 && text[0] is '+' or '-' ? 1 : 0;
        var start = at;
        while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] == '.')) at++;
        var (number, suffix) = (text[start..at], text[at..]);
        if (number.Length is 0 or > MaxDigits || number.Count(c => c == '.') > 1 || !number.Any(char.IsAsciiDigit)) return null;
        if (Scale(suffix) is not var (twos, tens)) return null;
        var dot = number.IndexOf('.', StringComparison.Ordinal);
        var places = dot < 0 ? 0 : number.Length - dot - 1;
        var scaled = BigInteger.Parse("0" + number.Replace(".", "", StringComparison.Ordinal), NumberStyles.None, CultureInfo.InvariantCulture) << (10 * twos);
        var shift = tens - places + 9;
        if (shift >= 0) scaled *= BigInteger.Pow(10, shift);
        else scaled = RoundUp(scaled, BigInteger.Pow(10, -shift));
        return new(text[0] == '-' ? -scaled : scaled, twos > 0 ? 'i' : suffix.Length > 1 && suffix[0] is 'e' or 'E' ? 'e' : 'd');
    }

    /// <summary>Gets the one way in which an amount is shown, or the text itself when it is no amount.</summary>
    public static string Canonical(string text) =>
        IsPlain(text) ? text : Parse(text) is not { } amount ? text : amount.ToString() is var shown && shown == text ? text : shown;

    /// <summary>Rounds up to thousandths, as amounts of resources are kept.</summary>
    public Amount ToMillis() => this with { Nanos = RoundUp(BigInteger.Abs(Nanos), 1_000_000) * 1_000_000 * Nanos.Sign };

    public override string ToString()
    {
        if (Nanos.IsZero) return "0";
        var whole = BigInteger.Abs(Nanos) / s_unit;
        var sign = Nanos.Sign < 0 ? "-" : "";
        if (Form == 'i' && IsWhole && whole >= 1024)
        {
            var power = 0;
            while (power < s_twos.Length - 1 && whole % 1024 == 0) (whole, power) = (whole / 1024, power + 1);
            return $"{sign}{whole}{s_twos[power]}";
        }

        var (mantissa, exponent) = (BigInteger.Abs(Nanos), -9);
        while (mantissa % 1000 == 0 && exponent < 18) (mantissa, exponent) = (mantissa / 1000, exponent + 3);
        if (Form != 'e') return $"{sign}{mantissa}{s_tens[(exponent + 9) / 3]}";
        return exponent == 0 ? $"{sign}{mantissa}" : string.Create(CultureInfo.InvariantCulture, $"{sign}{mantissa}e{exponent}");
    }

    // Most amounts are short whole numbers, perhaps with a suffix of two, and are as they are shown.
    private static bool IsPlain(string text) => text.Length is > 0 and < 4 && text[0] is >= '1' and <= '9' && !text.AsSpan().ContainsAnyExceptInRange('0', '9');

    private static BigInteger RoundUp(BigInteger value, BigInteger divisor)
    {
        var result = BigInteger.DivRem(value, divisor, out var rest);
        return rest.IsZero ? result : result + 1;
    }

    private static (int Twos, int Tens)? Scale(string suffix)
    {
        if (suffix.Length == 2 && suffix[1] == 'i' && Array.IndexOf(s_twos, suffix) is var twos and > 0) return (twos, 0);
        if (suffix.Length > 1 && suffix[0] is 'e' or 'E')
            return int.TryParse(suffix.AsSpan(1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var tens) && tens is >= -100 and <= 100 ? (0, tens) : null;
        return Array.IndexOf(s_tens, suffix) is var at and >= 0 ? (0, (at * 3) - 9) : null;
    }
}
