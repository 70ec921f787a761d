namespace Slipway.Evaluation.Grading.Measures;

/// <summary>chrF2: the F-score, recall twice as important, of runs of one to six characters. It needs no words, and so holds for any language.</summary>
/// <remarks>Popović, "chrF: character n-gram F-score for automatic MT evaluation", WMT 2015, in the form of sacreBLEU: blanks left out, no runs of words, the mean over the orders that both texts have.</remarks>
public static class ChrF
{
    private const int Orders = 6;
    private const double Beta = 2;

    /// <summary>chrF2 from 0 to 1, where sacreBLEU says 0 to 100.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="expected">The reference.</param>
    public static double Sentence(string answer, string expected)
    {
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentNullException.ThrowIfNull(expected);
        var (found, right) = (NGrams.Characters(answer), NGrams.Characters(expected));
        var (precision, recall, orders) = (0.0, 0.0, Math.Min(Orders, Math.Min(found.Length, right.Length)));
        for (var n = 1; n <= orders; n++)
        {
            var shared = (double)NGrams.Shared(NGrams.Count(found, n), NGrams.Count(right, n));
            precision += shared / (found.Length - n + 1);
            recall += shared / (right.Length - n + 1);
        }

        if (precision + recall == 0) return 0;
        (precision, recall) = (precision / orders, recall / orders);
        return (1 + (Beta * Beta)) * precision * recall / ((Beta * Beta * precision) + recall);
    }
}
