using System.Globalization;
using System.Text;
using Slipway.Cel.Functions;
using Slipway.Cel.Values;

namespace Slipway.Cel.Libraries;

/// <summary>Conversions between kinds (CEL spec, "Type Conversion"): what does not fit is an error.</summary>
internal static class Conversions
{
    private const double TwoTo63 = 9223372036854775808.0;
    private static readonly UTF8Encoding s_strict = new(false, throwOnInvalidBytes: true);

    public static void Add(FunctionList list)
    {
        list.AddCheap("dyn(<T>): dyn", a => a[0]);
        list.AddCheap("type(<T>): type(<T>)", a => new TypeValue(a[0].Type));
        foreach (var type in new[] { "bool", "int", "uint", "double", "string", "bytes" }) list.AddCheap($"{type}({type}): {type}", a => a[0]);
        list.AddCheap("timestamp(timestamp): timestamp", a => a[0]);
        list.AddCheap("duration(duration): duration", a => a[0]);

        list.AddCheap("int(uint): int", a => a[0].Uint() > long.MaxValue ? ErrorValue.IntOverflow : new IntValue((long)a[0].Uint()));
        list.AddCheap("int(double): int", a => Math.Abs(a[0].Double()) < TwoTo63 ? new IntValue((long)a[0].Double()) : ErrorValue.IntOverflow);
        list.Add("int(string): int", a => long.TryParse(a[0].Text(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) ? new IntValue(n) : Bad(a[0], "int"));
        list.AddCheap("int(timestamp): int", a => new IntValue(a[0].Time().Seconds));
        list.AddCheap("int(duration): int", a => new IntValue(a[0].Duration().Nanoseconds));

        list.AddCheap("uint(int): uint", a => a[0].Int() < 0 ? ErrorValue.IntOverflow : new UintValue((ulong)a[0].Int()));
        list.AddCheap("uint(double): uint", a => a[0].Double() is >= 0 and < 2 * TwoTo63 ? new UintValue((ulong)a[0].Double()) : ErrorValue.IntOverflow);
        list.Add("uint(string): uint", a => ulong.TryParse(a[0].Text(), NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? new UintValue(n) : Bad(a[0], "uint"));

        list.AddCheap("double(int): double", a => new DoubleValue(a[0].Int()));
        list.AddCheap("double(uint): double", a => new DoubleValue(a[0].Uint()));
        list.Add("double(string): double", a => Double(a[0].Text()) is { } d ? new DoubleValue(d) : Bad(a[0], "double"));

        foreach (var type in new[] { "bool", "int", "uint", "timestamp", "duration" }) list.AddCheap($"string({type}): string", a => Arg.String(a[0].ToString()!));
        list.AddCheap("string(double): string", a => Arg.String(Doubles.General(a[0].Double())));
        list.Add("string(bytes): string", a => Text(a[0].Bytes()));
        list.Add("bytes(string): bytes", a => new BytesValue(Encoding.UTF8.GetBytes(a[0].Text())));
        list.AddCheap("bool(string): bool", a => a[0].Text() switch
        {
            "1" or "t" or "T" or "true" or "TRUE" or "True" => BoolValue.True,
            "0" or "f" or "F" or "false" or "FALSE" or "False" => BoolValue.False,
            _ => Bad(a[0], "bool"),
        });

        list.AddCheap("timestamp(int): timestamp", a => TimestampValue.Of((Int128)a[0].Int() * 1_000_000_000));
        list.AddCheap("timestamp(string): timestamp", a => TimeText.Timestamp(a[0].Text()) ?? Bad(a[0], CelType.Timestamp.Name));
        list.AddCheap("duration(int): duration", a => DurationValue.Of((Int128)a[0].Int() * 1_000_000_000));
        list.AddCheap("duration(string): duration", a => TimeText.Duration(a[0].Text()) ?? Bad(a[0], CelType.Duration.Name));
    }

    private static ErrorValue Bad(CelValue text, string type) => new($"type conversion error from '{text.Type.Name}' to '{type}'");

    private static double? Double(string text)
    {
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        switch (text.ToLowerInvariant())
        {
            case "nan": return double.NaN;
            case "inf" or "+inf" or "infinity" or "+infinity": return double.PositiveInfinity;
            case "-inf" or "-infinity": return double.NegativeInfinity;
        }

        var valid = double.TryParse(text, Style, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value);
        return valid ? value : null;
    }

    private static CelValue Text(byte[] bytes)
    {
        try
        {
            return Arg.String(s_strict.GetString(bytes));
        }
        catch (DecoderFallbackException)
        {
            return Arg.Error("invalid UTF-8 in bytes, cannot convert to string");
        }
    }
}
