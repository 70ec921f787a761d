namespace Slipway.Evaluation.Grading.Measures;

/// <summary>How few characters have to be put in, taken out or replaced to make one text of another.</summary>
/// <remarks>Levenshtein 1966; characters are Unicode's scalar values.</remarks>
public static class Levenshtein
{
    /// <summary>1 less the distance as a share of the longer text's length: 1 for the same text, 0 when nothing can stay.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="expected">What is expected.</param>
    public static double Similarity(string answer, string expected)
    {
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentNullException.ThrowIfNull(expected);
        int[] a = [.. answer.EnumerateRunes().Select(static r => r.Value)], b = [.. expected.EnumerateRunes().Select(static r => r.Value)];
        if (a.Length == 0 && b.Length == 0) return 1;
        return 1 - (Distance(a, b) / (double)Math.Max(a.Length, b.Length));
    }

    private static int Distance(int[] a, int[] b)
    {
        int[] above = [.. Enumerable.Range(0, b.Length + 1)], row = new int[b.Length + 1];
        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var kept = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                row[j] = Math.Min(kept, Math.Min(above[j], row[j - 1]) + 1);
            }

            (above, row) = (row, above);
        }

        return above[^1];
    }
}
