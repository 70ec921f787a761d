namespace Slipway.Capacity.Cost;

/// <summary>Rounds the parts of a sum so that they still make the sum.</summary>
public static class Apportion
{
    /// <summary>
    /// Parts in hundredths that add up to the total in hundredths: each rounded down, and the cents that are left given to the largest
    /// remainders (Hamilton's method).
    /// </summary>
    /// <param name="parts">Parts; none is negative.</param>
    /// <returns>The rounded parts, in the same order.</returns>
    public static decimal[] ToCents(IReadOnlyList<decimal> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Any(static p => p < 0)) throw new ArgumentOutOfRangeException(nameof(parts), "A part is negative.");
        var cents = parts.Select(static p => decimal.Floor(p * 100)).ToArray();
        var left = (int)(decimal.Round(parts.Sum() * 100, MidpointRounding.AwayFromZero) - cents.Sum());
        foreach (var i in Enumerable.Range(0, parts.Count).OrderByDescending(i => parts[i] * 100 - cents[i]).ThenBy(static i => i).Take(left)) cents[i]++;
        return [.. cents.Select(static c => c / 100)];
    }
}
