using System.Globalization;

namespace Slipway.Runtimes.Engines.Metrics;

/// <summary>Reads metrics in Prometheus' text format: names and values, summed over their labels.</summary>
/// <remarks><see href="https://prometheus.io/docs/instrumenting/exposition_formats/"/>. What is no sample, and a value that is no number, is passed over: an engine's other metrics are nobody's concern.</remarks>
public static class PrometheusText
{
    /// <summary>Sums the samples of some names.</summary>
    /// <param name="text">The text.</param>
    /// <param name="wanted">Whether a name is wanted.</param>
    /// <returns>The sums; names without a sample are not there.</returns>
    public static IReadOnlyDictionary<string, double> Sum(string text, Func<string, bool> wanted)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(wanted);
        var sums = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var at = line.Trim();
            if (at.IsEmpty || at[0] == '#') continue;
            var length = at.IndexOfAny("{ \t");
            if (length <= 0) continue;
            var name = at[..length].ToString();
            if (!wanted(name) || Value(at[length..]) is not { } value || !double.IsFinite(value)) continue;
            sums[name] = sums.GetValueOrDefault(name) + value;
        }

        return sums;
    }

    // Behind the labels, whose values may hold anything in quotes; a time may follow.
    private static double? Value(ReadOnlySpan<char> rest)
    {
        if (rest[0] == '{')
        {
            var quoted = false;
            var i = 1;
            for (; i < rest.Length; i++)
            {
                if (quoted && rest[i] == '\\') i++;
                else if (rest[i] == '"') quoted = !quoted;
                else if (!quoted && rest[i] == '}') break;
            }

            if (i >= rest.Length) return null;
            rest = rest[(i + 1)..];
        }

        rest = rest.Trim();
        var end = rest.IndexOfAny(" \t");
        return double.TryParse(end < 0 ? rest : rest[..end], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;
    }
}
