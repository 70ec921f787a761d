using System.Text.RegularExpressions;

namespace Slipway.Evaluation.Grading.Measures;

/// <summary>BLEU of one answer: the shares of its runs of one to four words that are in a reference, as geometric mean, and less for an answer that is too short.</summary>
/// <remarks>
/// Papineni et al., "BLEU: a Method for Automatic Evaluation of Machine Translation", ACL 2002, in the form of sacreBLEU's sentence BLEU (Post 2018): tokenizer 13a,
/// exponential smoothing (Chen and Cherry 2014, method 3), only as many orders as the answer has words for. From 0 to 1, where sacreBLEU says 0 to 100.
/// </remarks>
public static class Bleu
{
    private const int Orders = 4;

    /// <summary>BLEU from 0 to 1.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="references">Any number of references, at least one; all count together.</param>
    public static double Sentence(string answer, IReadOnlyList<string> references)
    {
        ArgumentNullException.ThrowIfNull(references);
        var found = Tokens(answer);
        var right = references.Select(Tokens).ToArray();
        var correct = new int[Orders];
        for (var n = 1; n <= Orders; n++)
        {
            var grams = NGrams.Count(found, n);
            var counts = right.Select(r => NGrams.Count(r, n)).ToArray();
            correct[n - 1] = grams.Sum(g => Math.Min(g.Value, counts.Max(c => c.GetValueOrDefault(g.Key))));
        }

        if (correct.All(static c => c == 0)) return 0;
        var (logs, order, smooth) = (0.0, 0, 1.0);
        for (var n = 1; n <= Orders && found.Length >= n; n++, order++)
        {
            var total = found.Length - n + 1;
            if (correct[n - 1] == 0) smooth *= 2;
            logs += correct[n - 1] == 0 ? -Math.Log(smooth * total) : Math.Log(correct[n - 1] / (double)total);
        }

        // Of several references the one whose length is nearest; of two as near, the shorter.
        var length = right.Select(static r => r.Length).OrderBy(l => Math.Abs(l - found.Length)).ThenBy(static l => l).First();
        var brevity = found.Length < length ? Math.Exp(1 - (length / (double)found.Length)) : 1;
        return brevity * Math.Exp(logs / order);
    }

    /// <summary>The words of a text by tokenizer 13a, that of mteval-v13a.pl: punctuation apart, but not within numbers.</summary>
    private static string[] Tokens(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        text = text.TrimEnd().Replace("<skipped>", "").Replace("-\n", "").Replace('\n', ' ')
            .Replace("&quot;", "\"").Replace("&amp;", "&").Replace("&lt;", "<").Replace("&gt;", ">");
        text = $" {text} ";
        foreach (var (pattern, replacement) in s_steps) text = pattern.Replace(text, replacement);
        return NGrams.Words(text);
    }

    private static readonly (Regex Pattern, string Replacement)[] s_steps =
    [
        (Step(@"([\{-~\[-` -&\(-\+:-@/])"), " $1 "),
        (Step(@"([^0-9])([\.,])"), "$1 $2 "),
        (Step(@"([\.,])([^0-9])"), " $1 $2"),
        (Step(@"([0-9])(-)"), "$1 $2 "),
    ];

    private static Regex Step(string pattern) => new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
}
