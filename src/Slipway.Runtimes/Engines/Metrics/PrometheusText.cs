using System.Globalization;
using System.Text;

namespace Slipway.Runtimes.Engines.Metrics;

/// <summary>A sample of Prometheus' text format.</summary>
/// <param name="Name">The metric.</param>
/// <param name="Labels">Its labels, as they stand in the text, without braces.</param>
/// <param name="Value">Its value, finite.</param>
public readonly record struct PrometheusSample(string Name, string Labels, double Value)
{
    /// <summary>The value of a label; null when it is not there.</summary>
    /// <param name="name">The label.</param>
    public string? Label(string name)
    {
        for (var rest = Labels.AsSpan(); !rest.IsEmpty;)
        {
            var equals = rest.IndexOf('=');
            if (equals < 0 || equals + 1 >= rest.Length || rest[equals + 1] != '"') return null;
            var mine = rest[..equals].Trim().SequenceEqual(name);
            rest = rest[(equals + 2)..];
            var end = End(rest);
            if (end < 0) return null;
            if (mine) return Unescaped(rest[..end]);
            rest = rest[(end + 1)..].TrimStart(", \t");
        }

        return null;
    }

    private static string Unescaped(ReadOnlySpan<char> text)
    {
        if (!text.Contains('\\')) return text.ToString();
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length) plain.Append(text[++i] is 'n' ? '\n' : text[i]);
            else plain.Append(text[i]);
        }

        return plain.ToString();
    }

    // The quote that is not escaped.
    private static int End(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\') i++;
            else if (text[i] == '"') return i;
        }

        return -1;
    }
}

/// <summary>Reads metrics in Prometheus' text format.</summary>
/// <remarks><see href="https://prometheus.io/docs/instrumenting/exposition_formats/"/>. What is no sample, and a value that is no number, is passed over: an engine's other metrics are nobody's concern.</remarks>
public static class PrometheusText
{
    /// <summary>Sums the samples of some names over their labels.</summary>
    /// <param name="text">The text.</param>
    /// <param name="wanted">Whether a name is wanted.</param>
    /// <returns>The sums; names without a sample are not there.</returns>
    public static IReadOnlyDictionary<string, double> Sum(string text, Func<string, bool> wanted)
    {
        var sums = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var sample in Read(text, wanted)) sums[sample.Name] = sums.GetValueOrDefault(sample.Name) + sample.Value;
        return sums;
    }

    /// <summary>Reads the samples of some names.</summary>
    /// <param name="text">The text.</param>
    /// <param name="wanted">Whether a name is wanted.</param>
    /// <returns>The samples, in order.</returns>
    public static IReadOnlyList<PrometheusSample> Read(string text, Func<string, bool> wanted)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(wanted);
        var samples = new List<PrometheusSample>();
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var at = line.Trim();
            if (at.IsEmpty || at[0] == '#') continue;
            var length = at.IndexOfAny("{ \t");
            if (length <= 0) continue;
            var name = at[..length].ToString();
            if (wanted(name) && Rest(at[length..], out var labels) is { } value && double.IsFinite(value)) samples.Add(new PrometheusSample(name, labels.ToString(), value));
        }

        return samples;
    }

    // Labels, whose values may hold anything in quotes, and the value; a time may follow.
    private static double? Rest(ReadOnlySpan<char> rest, out ReadOnlySpan<char> labels)
    {
        labels = [];
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
            labels = rest[1..i];
            rest = rest[(i + 1)..];
        }

        rest = rest.Trim();
        var end = rest.IndexOfAny(" \t");
        return double.TryParse(end < 0 ? rest : rest[..end], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;
    }
}
