using System.Globalization;

namespace Slipway.Capacity.Accelerators;

/// <summary>Readers of label values. A label is what anybody may write: what makes no sense reads as null.</summary>
internal static class LabelText
{
    public static string? Text(this IReadOnlyDictionary<string, string> labels, string key) =>
        labels.TryGetValue(key, out var value) && value.Length > 0 ? value : null;

    /// <summary>A positive whole number.</summary>
    public static long? Whole(this IReadOnlyDictionary<string, string> labels, string key) =>
        labels.Text(key) is { } text && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value is > 0 and <= int.MaxValue ? value : null;

    /// <summary>Mebibytes as bytes.</summary>
    public static long? Mebibytes(this IReadOnlyDictionary<string, string> labels, string key) => labels.Whole(key) * 1024 * 1024;

    /// <summary>AMD's form of a size: <c>192G</c>, in GiB, or <c>512M</c>.</summary>
    public static long? Vram(string? text)
    {
        if (text is not { Length: > 1 and < 16 }) return null;
        if (!long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value is <= 0 or > 1 << 20) return null;
        return text[^1] switch { 'G' => value << 30, 'M' => value << 20, _ => null };
    }

    /// <summary>Four hexadecimal digits in lower case, as PCI ids are written; null when the text is none.</summary>
    public static string? Hex4(ReadOnlySpan<char> text)
    {
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)) text = text[2..];
        if (text.Length != 4) return null;
        foreach (var c in text)
        {
            if (!char.IsAsciiHexDigit(c)) return null;
        }

        return text.ToString().ToLowerInvariant();
    }
}
