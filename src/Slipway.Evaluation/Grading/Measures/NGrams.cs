using System.Text;

namespace Slipway.Evaluation.Grading.Measures;

/// <summary>Runs of n things that stand next to each other, and how often each comes.</summary>
internal static class NGrams
{
    /// <summary>Counts the runs.</summary>
    /// <param name="items">Words without blanks, or single characters.</param>
    /// <param name="n">How many are in a run.</param>
    public static Dictionary<string, int> Count(ReadOnlySpan<string> items, int n)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i + n <= items.Length; i++)
        {
            var gram = n == 1 ? items[i] : string.Join(' ', items.Slice(i, n));
            counts[gram] = counts.GetValueOrDefault(gram) + 1;
        }

        return counts;
    }

    /// <summary>How many runs two texts share; one that comes twice in both counts twice.</summary>
    public static int Shared(Dictionary<string, int> a, Dictionary<string, int> b) => a.Sum(p => Math.Min(p.Value, b.GetValueOrDefault(p.Key)));

    /// <summary>The characters (Unicode's scalar values) that are not blanks.</summary>
    public static string[] Characters(string text) => [.. text.EnumerateRunes().Where(static r => !Rune.IsWhiteSpace(r)).Select(static r => r.ToString())];

    /// <summary>The words between blanks.</summary>
    public static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The harmonic mean of two shares; 0 when both are.</summary>
    public static double F(double precision, double recall) => precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0;
}
