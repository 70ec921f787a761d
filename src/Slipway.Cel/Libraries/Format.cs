using System.Globalization;
using System.Text;
using Slipway.Cel.Functions;
using Slipway.Cel.Values;

namespace Slipway.Cel.Libraries;

/// <summary>string.format (cel-spec tests string_ext, section format).</summary>
internal static class Format
{
    private const int MaxPlaces = 1000;

    public static void Add(FunctionList list, Func<string, string> exponent) =>
        list.Add("format(this string, list(dyn)): string", a => Run(a[0].Text(), a[1].Items(), exponent));

    /// <summary>1.5e+02.</summary>
    public static string PlainExponent(string text) => text;

    /// <summary>1.5×10⁰²: what the version of the strings library writes that Kubernetes uses.</summary>
    public static string TypographicExponent(string text)
    {
        var e = text.IndexOf('e', StringComparison.Ordinal);
        if (e < 0) return text;
        var digits = text[(e + 2)..].Select(c => "⁰¹²³⁴⁵⁶⁷⁸⁹"[c - '0']);
        return $"{text[..e]}×10{(text[e + 1] == '-' ? "⁻" : "")}{string.Concat(digits)}";
    }

    private static CelValue Run(string format, CelValue[] arguments, Func<string, string> exponent)
    {
        var result = new StringBuilder(format.Length);
        var next = 0;
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%')
            {
                result.Append(format[i]);
                continue;
            }

            if (++i < format.Length && format[i] == '%')
            {
                result.Append('%');
                continue;
            }

            if (!Places(format, ref i, out var places)) return Arg.Error("could not parse formatting clause: error while parsing precision");
            if (i >= format.Length) return Arg.Error("could not parse formatting clause: unexpected end of string");
            if (!"sdfebxXo".Contains(format[i], StringComparison.Ordinal))
            {
                return Arg.Error($"could not parse formatting clause: unrecognized formatting clause \"{format[i]}\"");
            }

            if (next >= arguments.Length) return Arg.Error($"index {next} out of range");
            var (text, error) = Clause(format[i], arguments[next++], places, exponent);
            if (error is not null) return Arg.Error($"error during formatting: {error}");
            result.Append(text);
            if (result.Length > Strings.MaxLength) return Arg.Error("the string grows too long");
        }

        return Arg.String(result.ToString());
    }

    private static bool Places(string format, ref int i, out int places)
    {
        places = 6;
        if (i >= format.Length || format[i] != '.') return true;
        var start = ++i;
        while (i < format.Length && char.IsAsciiDigit(format[i])) i++;
        return int.TryParse(format.AsSpan(start, i - start), NumberStyles.None, CultureInfo.InvariantCulture, out places) && places <= MaxPlaces;
    }

    private static (string? Text, string? Error) Clause(char clause, CelValue value, int places, Func<string, string> exponent)
    {
        var given = $"was given {value.Type.Name}";
        return clause switch
        {
            's' => Text(value) is { } text ? (text, null) : (null, $"string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps, {given}"),
            'd' => value is IntValue or UintValue || value is DoubleValue d && !double.IsFinite(d.Value)
                ? (value.ToString(), null)
                : (null, $"decimal clause can only be used on integers, {given}"),
            'f' => value is NumberValue f ? (Doubles.Fixed(f.AsDouble, places), null) : (null, $"fixed-point clause can only be used on doubles, {given}"),
            'e' => value is NumberValue e ? (exponent(Scientific(e.AsDouble, places)), null) : (null, $"scientific clause can only be used on doubles, {given}"),
            'b' => Radix(value, 2) is { } binary ? (binary, null) : value is BoolValue b
                ? (b.Value ? "1" : "0", null)
                : (null, $"only integers and bools can be formatted as binary, {given}"),
            'o' => Radix(value, 8) is { } octal ? (octal, null) : (null, $"octal clause can only be used on integers, {given}"),
            _ => Hex(value) is { } hex
                ? (clause == 'X' ? hex.ToUpperInvariant() : hex, null)
                : (null, $"only integers, byte buffers, and strings can be formatted as hex, {given}"),
        };
    }

    private static string Scientific(double value, int places)
    {
        if (Doubles.Special(value) is { } special) return special;
        var text = value.ToString($"e{places}", CultureInfo.InvariantCulture);
        var e = text.IndexOf('e', StringComparison.Ordinal);
        var digits = text[(e + 2)..].TrimStart('0').PadLeft(2, '0');
        return $"{text[..(e + 2)]}{digits}";
    }

    private static string? Hex(CelValue value) => value switch
    {
        StringValue s => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(s.Value)),
        BytesValue b => Convert.ToHexStringLower(b.Value),
        _ => Radix(value, 16),
    };

    private static string? Radix(CelValue value, uint radix)
    {
        var (sign, magnitude) = value switch
        {
            IntValue i => (i.Value < 0 ? "-" : "", (ulong)Int128.Abs(i.Value)),
            UintValue u => ("", u.Value),
            _ => (null, 0UL),
        };
        if (sign is null) return null;
        var digits = "";
        do
        {
            digits = "0123456789abcdef"[(int)(magnitude % radix)] + digits;
            magnitude /= radix;
        }
        while (magnitude > 0);
        return sign + digits;
    }

    private static string? Text(CelValue value) => value switch
    {
        ListValue list => Joined("[", list.Items.Select(Text), "]"),
        MapValue map => Joined("{", map.Entries.Select(e => (Key: Text(e.Key), e.Value)).OrderBy(e => e.Key, StringComparer.Ordinal)
            .Select(e => Text(e.Value) is { } text ? $"{e.Key}: {text}" : null), "}"),
        OpaqueValue or OptionalValue => null,
        _ => value.ToString(),
    };

    private static string? Joined(string open, IEnumerable<string?> parts, string close)
    {
        var all = parts.ToList();
        return all.Contains(null) ? null : open + string.Join(", ", all) + close;
    }
}
