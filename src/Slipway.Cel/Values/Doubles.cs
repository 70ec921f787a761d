using System.Globalization;
using System.Numerics;

namespace Slipway.Cel.Values;

/// <summary>Doubles as text, as the reference implementation writes them.</summary>
internal static class Doubles
{
    /// <summary>The fewest digits that read back the same, never with an exponent: what string.format's %s writes.</summary>
    public static string Shortest(double value)
    {
        if (Special(value) is { } special) return special;
        var (sign, digits, exponent) = Parts(value);
        if (exponent < 0) return $"{sign}0.{new string('0', -exponent - 1)}{digits}";
        return digits.Length <= exponent + 1
            ? sign + digits.PadRight(exponent + 1, '0')
            : $"{sign}{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}";
    }

    /// <summary>As <see cref="Shortest"/>, with an exponent below 1e-4 and from 1e6, as Go's %g has it: what string(double) answers.</summary>
    public static string General(double value)
    {
        if (!double.IsFinite(value)) return double.IsNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
        var (sign, digits, exponent) = Parts(value);
        if (exponent is >= -4 and < 6) return Shortest(value);
        var mantissa = digits.Length == 1 ? digits : $"{digits[0]}.{digits[1..]}";
        return $"{sign}{mantissa}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
    }

    public static string? Special(double value) =>
        double.IsNaN(value) ? "NaN" : double.IsPositiveInfinity(value) ? "Infinity" : double.IsNegativeInfinity(value) ? "-Infinity" : null;

    /// <summary>Rounds half to even on the exact binary value, as C and Go do; .NET rounds exact halves away from zero.</summary>
    public static string Fixed(double value, int places)
    {
        if (Special(value) is { } special) return special;
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (int)((bits >> 52) & 0x7FF);
        var mantissa = bits & 0xFFFFFFFFFFFFF;
        if (exponent == 0) exponent++;
        else mantissa |= 1L << 52;
        exponent -= 1075;
        var scaled = mantissa * BigInteger.Pow(10, places);
        if (exponent >= 0)
        {
            scaled <<= exponent;
        }
        else
        {
            var half = BigInteger.One << (-exponent - 1);
            var rest = scaled & ((BigInteger.One << -exponent) - 1);
            scaled >>= -exponent;
            if (rest > half || rest == half && !scaled.IsEven) scaled++;
        }

        var digits = scaled.ToString(CultureInfo.InvariantCulture).PadLeft(places + 1, '0');
        var sign = bits < 0 ? "-" : "";
        return places == 0 ? sign + digits : $"{sign}{digits[..^places]}.{digits[^places..]}";
    }

    /// <summary>Significant digits, the first of which counts ten to the exponent.</summary>
    private static (string Sign, string Digits, int Exponent) Parts(double value)
    {
        var round = Math.Abs(value).ToString("R", CultureInfo.InvariantCulture);
        var e = round.IndexOf('E', StringComparison.Ordinal);
        var mantissa = e < 0 ? round : round[..e];
        var exponent = e < 0 ? 0 : int.Parse(round.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var dot = mantissa.IndexOf('.', StringComparison.Ordinal);
        var digits = mantissa.Replace(".", "", StringComparison.Ordinal);
        var zeros = digits.Length - digits.TrimStart('0').Length;
        exponent += (dot < 0 ? mantissa.Length : dot) - 1 - zeros;
        digits = digits.Trim('0');
        return (double.IsNegative(value) ? "-" : "", digits.Length == 0 ? "0" : digits, digits.Length == 0 ? 0 : exponent);
    }
}
