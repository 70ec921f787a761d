using System.Globalization;

namespace Slipway.Capacity.Answers.Models;

/// <summary>Amounts of memory as people write them: 24GB, 80GiB, 512M.</summary>
public static class MemorySize
{
    /// <summary>Reads one.</summary>
    /// <param name="text">A number with K, M, G or T, with or without B; decimal, or binary with an i.</param>
    /// <returns>Bytes; null when it is none.</returns>
    public static long? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var unit = text.AsSpan().TrimStart("0123456789.");
        var number = text.AsSpan(0, text.Length - unit.Length);
        unit = unit.Trim();
        if (unit.EndsWith("B", StringComparison.OrdinalIgnoreCase)) unit = unit[..^1];
        var binary = unit.EndsWith("i", StringComparison.Ordinal);
        if (binary) unit = unit[..^1];
        var power = unit switch { "" => 0, [var u] => " KMGT".IndexOf(char.ToUpperInvariant(u), StringComparison.Ordinal), _ => -1 };
        if (power < 0 || unit is " " || (binary && power == 0)) return null;
        return double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) && amount * Math.Pow(binary ? 1024 : 1000, power) is > 0 and < 1e16 and var bytes
            ? (long)bytes
            : null;
    }
}
