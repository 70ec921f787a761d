using System.Collections.Immutable;

namespace Slipway.Evaluation.Grading.Logprobs;

/// <summary>One text as two deployments hold it likely.</summary>
/// <param name="Bytes">Its length in UTF-8.</param>
/// <param name="Baseline">The natural logarithms of its tokens' probabilities in the model as it is.</param>
/// <param name="Candidate">The same in the candidate.</param>
public sealed record ScoredText(int Bytes, ImmutableArray<double> Baseline, ImmutableArray<double> Candidate);

/// <summary>How much worse a candidate foretells the same texts.</summary>
/// <param name="Ratio">The candidate's perplexity by byte over that of the model as it is: 1 for alike, 1.01 for one in a hundred worse.</param>
/// <param name="BaselineBitsPerByte">Bits that a byte takes with the model as it is.</param>
/// <param name="CandidateBitsPerByte">Bits that a byte takes with the candidate.</param>
/// <param name="Differences">For each text, in the order given, how many bits a byte takes more with the candidate: what an interval is made of.</param>
public sealed record PerplexityComparison(double Ratio, double BaselineBitsPerByte, double CandidateBitsPerByte, ImmutableArray<double> Differences);

/// <summary>Perplexity: of how many equally likely tokens a model chooses, on average, when it foretells a text.</summary>
public static class Perplexity
{
    /// <summary>The perplexity of a text's tokens: exp of minus the mean of the logarithms; infinite when a token was held impossible.</summary>
    /// <param name="logprobs">The natural logarithms, at least one.</param>
    public static double Of(ImmutableArray<double> logprobs) =>
        logprobs.IsEmpty ? throw new ArgumentException("There are no tokens.", nameof(logprobs)) : Math.Exp(-Sum(logprobs) / logprobs.Length);

    /// <summary>
    /// Compares two deployments on the same texts. It goes by bytes and not by tokens, since a candidate may cut texts into other tokens, and fewer tokens have a higher
    /// perplexity each.
    /// </summary>
    /// <param name="texts">The texts.</param>
    /// <returns>The comparison; null when there is none to make: no texts, or one without tokens in either.</returns>
    public static PerplexityComparison? Compare(IReadOnlyList<ScoredText> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        if (texts.Count == 0 || texts.Any(static t => t.Bytes < 1 || t.Baseline.IsEmpty || t.Candidate.IsEmpty)) return null;
        var bytes = texts.Sum(static t => (long)t.Bytes);
        var (baseline, candidate) = (-texts.Sum(static t => Sum(t.Baseline)) / bytes, -texts.Sum(static t => Sum(t.Candidate)) / bytes);
        return new(
            Math.Exp(candidate - baseline),
            baseline / Math.Log(2),
            candidate / Math.Log(2),
            [.. texts.Select(static t => (Sum(t.Baseline) - Sum(t.Candidate)) / t.Bytes / Math.Log(2))]);
    }

    internal static double Sum(ImmutableArray<double> logprobs) => logprobs.Sum(Checked);

    // Engines round: a sure token may come as a hair above 0.
    internal static double Checked(double logprob) =>
        logprob <= 1e-3 ? Math.Min(0, logprob) : throw new ArgumentOutOfRangeException(nameof(logprob), logprob, "A logarithm of a probability is at most 0.");
}
