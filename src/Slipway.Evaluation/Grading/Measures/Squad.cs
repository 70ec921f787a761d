using System.Text.RegularExpressions;

namespace Slipway.Evaluation.Grading.Measures;

/// <summary>The two measures of question answering: equal after normalising, and F1 over words.</summary>
/// <remarks>Rajpurkar et al., "SQuAD: 100,000+ Questions for Machine Comprehension of Text", EMNLP 2016, as in the evaluation script of version 2.0.</remarks>
public static class Squad
{
    /// <summary>Small letters, without ASCII punctuation, English articles and more than one blank.</summary>
    /// <param name="text">The text.</param>
    public static string Normalize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var plain = string.Concat(text.ToLowerInvariant().Where(static c => !(char.IsAscii(c) && (char.IsPunctuation(c) || char.IsSymbol(c)))));
        return string.Join(' ', NGrams.Words(s_articles.Replace(plain, " ")));
    }

    /// <summary>1 when both are the same after normalising, else 0.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="expected">What is expected.</param>
    public static double Exact(string answer, string expected) => Normalize(answer) == Normalize(expected) ? 1 : 0;

    /// <summary>The F1 of the words that both share, from 0 to 1. Two empty texts are the same.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="expected">What is expected.</param>
    public static double F1(string answer, string expected)
    {
        var (found, right) = (NGrams.Words(Normalize(answer)), NGrams.Words(Normalize(expected)));
        if (found.Length == 0 || right.Length == 0) return found.Length == right.Length ? 1 : 0;
        var shared = (double)NGrams.Shared(NGrams.Count(found, 1), NGrams.Count(right, 1));
        return NGrams.F(shared / found.Length, shared / right.Length);
    }

    private static readonly Regex s_articles = new(@"\b(a|an|the)\b", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);
}
