using System.Globalization;
using System.Numerics;
using Slipway.Cel.Functions;
using Slipway.Cel.Values;

namespace Slipway.Cel.Libraries;

/// <summary>A Kubernetes resource quantity, exact in nano units; finer fractions round up, away from zero (k8s.io/apimachinery, api/resource).</summary>
internal sealed class QuantityValue(BigInteger nanos) : OpaqueValue(TypeNames.Quantity)
{
    private static readonly BigInteger s_unit = 1_000_000_000;

    public BigInteger Nanos { get; } = nanos;

    public bool IsInteger => Nanos % s_unit == 0 && Nanos / s_unit >= long.MinValue && Nanos / s_unit <= long.MaxValue;

    public BigInteger Whole => Nanos / s_unit;

    public double Approximate => (double)Nanos / 1e9;

    public static QuantityValue Of(long whole) => new(whole * s_unit);

    public static (QuantityValue? Value, string? Error) Parse(string text)
    {
        const string Expected = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
        var at = text.Length > 0 && text[0] is '+' or '-' ? 1 : 0;
        var start = at;
        while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] == '.')) at++;
        var (number, suffix) = (text[start..at], text[at..]);
        if (number.Length is 0 or > 1000 || number.Count(c => c == '.') > 1 || !number.Any(char.IsAsciiDigit) || !IsSuffixShaped(suffix)) return (null, Expected);
        if (Scale(suffix) is not var (multiplier, tens)) return (null, "unable to parse quantity's suffix");

        var dot = number.IndexOf('.', StringComparison.Ordinal);
        var places = dot < 0 ? 0 : number.Length - dot - 1;
        var scaled = BigInteger.Parse("0" + number.Replace(".", "", StringComparison.Ordinal), NumberStyles.None, CultureInfo.InvariantCulture) * multiplier;
        var shift = tens - places + 9;
        if (shift >= 0)
        {
            scaled *= BigInteger.Pow(10, shift);
        }
        else
        {
            scaled = BigInteger.DivRem(scaled, BigInteger.Pow(10, -shift), out var rest);
            if (!rest.IsZero) scaled++;
        }

        return (new QuantityValue(text[0] == '-' ? -scaled : scaled), null);
    }

    private static bool IsSuffixShaped(string suffix)
    {
        var rest = suffix.AsSpan().TrimStart("eEinumkKMGTP");
        if (rest.Length > 0 && rest[0] is '+' or '-') rest = rest[1..];
        return !rest.ContainsAnyExceptInRange('0', '9');
    }

    private static (BigInteger Multiplier, int Tens)? Scale(string suffix)
    {
        if (suffix.Length is 2 && suffix[1] == 'i' && "KMGTPE".IndexOf(suffix[0], StringComparison.Ordinal) is var binary and >= 0)
        {
            return (BigInteger.One << (10 * (binary + 1)), 0);
        }

        if (suffix.Length > 1 && suffix[0] is 'e' or 'E')
        {
            return int.TryParse(suffix.AsSpan(1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var tens) && tens is >= -100 and <= 100
                ? (1, tens)
                : null;
        }

        int? scale = suffix switch
        {
            "n" => -9,
            "u" => -6,
            "m" => -3,
            "" => 0,
            "k" => 3,
            "M" => 6,
            "G" => 9,
            "T" => 12,
            "P" => 15,
            "E" => 18,
            _ => null,
        };
        return scale is { } s ? (1, s) : null;
    }

    public override int GetHashCode() => Nanos.GetHashCode();

    /// <summary>A plain decimal number.</summary>
    public override string ToString()
    {
        var whole = BigInteger.DivRem(BigInteger.Abs(Nanos), s_unit, out var rest);
        return $"{(Nanos.Sign < 0 ? "-" : "")}{whole}{DurationValue.Fraction((long)rest)}";
    }

    internal override bool IsEqual(CelValue other) => other is QuantityValue q && q.Nanos == Nanos;
}

/// <summary>k8s.io/apiserver, library/quantity.go.</summary>
internal static class Quantities
{
    public static void Add(FunctionList list)
    {
        list.Add("quantity(string): kubernetes.Quantity", a => QuantityValue.Parse(a[0].Text()) is var (value, error) && value is not null ? value : Arg.Error(error!));
        list.Add("isQuantity(string): bool", a => BoolValue.Of(QuantityValue.Parse(a[0].Text()).Value is not null));
        list.AddCheap("sign(this kubernetes.Quantity): int", a => new IntValue(Q(a[0]).Nanos.Sign));
        list.AddCheap("isInteger(this kubernetes.Quantity): bool", a => BoolValue.Of(Q(a[0]).IsInteger));
        list.AddCheap("asInteger(this kubernetes.Quantity): int", a => Q(a[0]).IsInteger ? new IntValue((long)Q(a[0]).Whole) : Arg.Error("cannot convert value to integer"));
        list.AddCheap("asApproximateFloat(this kubernetes.Quantity): double", a => new DoubleValue(Q(a[0]).Approximate));
        list.AddCheap("add(this kubernetes.Quantity, kubernetes.Quantity): kubernetes.Quantity", a => new QuantityValue(Q(a[0]).Nanos + Q(a[1]).Nanos));
        list.AddCheap("add(this kubernetes.Quantity, int): kubernetes.Quantity", a => new QuantityValue(Q(a[0]).Nanos + QuantityValue.Of(a[1].Int()).Nanos));
        list.AddCheap("sub(this kubernetes.Quantity, kubernetes.Quantity): kubernetes.Quantity", a => new QuantityValue(Q(a[0]).Nanos - Q(a[1]).Nanos));
        list.AddCheap("sub(this kubernetes.Quantity, int): kubernetes.Quantity", a => new QuantityValue(Q(a[0]).Nanos - QuantityValue.Of(a[1].Int()).Nanos));
        list.AddCheap("compareTo(this kubernetes.Quantity, kubernetes.Quantity): int", a => new IntValue(Q(a[0]).Nanos.CompareTo(Q(a[1]).Nanos)));
        list.AddCheap("isLessThan(this kubernetes.Quantity, kubernetes.Quantity): bool", a => BoolValue.Of(Q(a[0]).Nanos < Q(a[1]).Nanos));
        list.AddCheap("isGreaterThan(this kubernetes.Quantity, kubernetes.Quantity): bool", a => BoolValue.Of(Q(a[0]).Nanos > Q(a[1]).Nanos));
    }

    private static QuantityValue Q(CelValue value) => (QuantityValue)value;
}
