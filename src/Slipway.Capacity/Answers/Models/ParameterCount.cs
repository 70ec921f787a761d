using System.Globalization;

namespace Slipway.Capacity.Answers.Models;

/// <summary>Numbers of parameters as people write them: 8B, 500M.</summary>
public static class ParameterCount
{
    /// <summary>Reads one.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The number; null when it is none.</returns>
    public static long? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var factor = text.Length > 0 ? char.ToUpperInvariant(text[^1]) switch { 'B' => 1e9, 'M' => 1e6, _ => 1 } : 1;
        return double.TryParse(factor == 1 ? text : text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number is > 0 and < 1e9
            ? (long)(number * factor)
            : null;
    }
}
