using System.Globalization;
using System.Text.Json;

namespace Slipway.Capacity.Inventory.Kubernetes;

/// <summary>Reads Kubernetes quantities as numbers.</summary>
/// <remarks>Grammar: <see href="https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/"/>.</remarks>
public static class QuantityReader
{
    /// <summary>Reads a quantity in thousandths, rounded up as Kubernetes does (<c>100m</c> is 100, <c>2</c> is 2000).</summary>
    /// <returns>The amount; 0 for what is no quantity or is negative, and at most <see cref="long.MaxValue"/>.</returns>
    public static long Thousandths(string text) => Scaled(text, 1000);

    /// <summary>Reads a quantity in whole units, rounded up (<c>80Gi</c> is 85899345920).</summary>
    /// <returns>The amount; 0 for what is no quantity or is negative, and at most <see cref="long.MaxValue"/>.</returns>
    public static long Units(string text) => Scaled(text, 1);

    /// <summary>Reads a quantity of JSON in base units, to a thousandth: cores, bytes, devices.</summary>
    internal static decimal Amount(JsonElement value) =>
        Thousandths(value.ValueKind switch { JsonValueKind.String => value.GetString()!, JsonValueKind.Number => value.GetRawText(), _ => "" }) / 1000m;

    private static long Scaled(string text, int scale)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length is 0 or > 64) return 0;
        var end = text.Length;
        while (end > 0 && !char.IsAsciiDigit(text[end - 1]) && text[end - 1] != '.') end--;
        var suffix = text[end..];
        if (Factor(suffix) is not { } factor) return 0;
        // The suffix of an exponent (1e3) ends in a digit, so it is part of the number.
        if (!double.TryParse(text.AsSpan(0, end), NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var approximate)) return 0;
        if (approximate <= 0) return 0;
        if (approximate * (double)factor * scale >= 9e18) return long.MaxValue;
        return decimal.TryParse(text.AsSpan(0, end), NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? (long)Math.Ceiling(number * factor * scale)
            : 0;
    }

    private static decimal? Factor(string suffix) => suffix switch
    {
        "" => 1,
        "n" => 1e-9m,
        "u" => 1e-6m,
        "m" => 1e-3m,
        "k" => 1e3m,
        "M" => 1e6m,
        "G" => 1e9m,
        "T" => 1e12m,
        "P" => 1e15m,
        "E" => 1e18m,
        "Ki" => 1L << 10,
        "Mi" => 1L << 20,
        "Gi" => 1L << 30,
        "Ti" => 1L << 40,
        "Pi" => 1L << 50,
        "Ei" => 1L << 60,
        _ => null,
    };
}
