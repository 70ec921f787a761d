namespace Slipway.Evaluation.Grading.Measures;

/// <summary>ROUGE: how much of a reference's words, pairs of words or order of words is in an answer, as F-measure from 0 to 1.</summary>
/// <remarks>
/// Lin, "ROUGE: A Package for Automatic Evaluation of Summaries", 2004, in the form of the Python package rouge_score without stemming: only the letters a to z and
/// digits make words, so it says nothing of answers in other scripts.
/// </remarks>
public static class Rouge
{
    /// <summary>ROUGE-N.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="expected">The reference.</param>
    /// <param name="n">Words of a run: 1 or 2.</param>
    public static double N(string answer, string expected, int n)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        var (found, right) = (NGrams.Count(Words(answer), n), NGrams.Count(Words(expected), n));
        var shared = (double)NGrams.Shared(found, right);
        return NGrams.F(shared / Math.Max(1, found.Values.Sum()), shared / Math.Max(1, right.Values.Sum()));
    }

    /// <summary>ROUGE-L: by the longest run of words that both have in this order, whatever stands between.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="expected">The reference.</param>
    public static double L(string answer, string expected)
    {
        var (found, right) = (Words(answer), Words(expected));
        if (found.Length == 0 || right.Length == 0) return 0;
        var common = (double)LongestCommon(found, right);
        return NGrams.F(common / found.Length, common / right.Length);
    }

    private static int LongestCommon(string[] a, string[] b)
    {
        var (above, row) = (new int[b.Length + 1], new int[b.Length + 1]);
        foreach (var word in a)
        {
            for (var j = 1; j <= b.Length; j++) row[j] = word == b[j - 1] ? above[j - 1] + 1 : Math.Max(above[j], row[j - 1]);
            (above, row) = (row, above);
        }

        return above[^1];
    }

    private static string[] Words(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return NGrams.Words(string.Concat(text.ToLowerInvariant().Select(static c => c is >= 'a' and <= 'z' or >= '0' and <= '9' ? c : ' ')));
    }
}
