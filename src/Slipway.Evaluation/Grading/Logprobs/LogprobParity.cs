using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Slipway.Evaluation.Chat;

namespace Slipway.Evaluation.Grading.Logprobs;

/// <summary>How far two deployments agree on one answer, token by token.</summary>
/// <remarks>
/// For a change that is not to change answers (another engine version, another card, a kernel): both answer at temperature 0 with logprobs. Rounding alone turns near
/// ties, so tokens part even between equal deployments; measure a deployment against itself first.
/// </remarks>
/// <param name="Compared">Tokens that both wrote alike from the start; after the first that differs they answer different texts, and nothing is compared.</param>
/// <param name="Same">Whether they wrote the same to the end.</param>
/// <param name="MeanAbsolute">The mean of the absolute differences of the logarithms; 0 when nothing was compared.</param>
/// <param name="Largest">The largest absolute difference.</param>
/// <param name="MarginAtParting">
/// Where they part: by how much the model as it is held its own token likelier than the candidate's, by its own logarithms. Small is a near tie; large is a change of
/// mind. Null when they don't part, or when the candidate's token is not among the likeliest that were given.
/// </param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct LogprobParity(int Compared, bool Same, double MeanAbsolute, double Largest, double? MarginAtParting)
{
    /// <summary>Compares two answers to one question.</summary>
    /// <param name="baseline">The tokens of the model as it is.</param>
    /// <param name="candidate">The tokens of the candidate.</param>
    /// <returns>The comparison; null when either gave no logprobs, since nothing can be said then.</returns>
    public static LogprobParity? Of(ImmutableArray<TokenLogprob> baseline, ImmutableArray<TokenLogprob> candidate)
    {
        if (baseline.IsEmpty || candidate.IsEmpty) return null;
        var (compared, sum, largest) = (0, 0.0, 0.0);
        for (; compared < Math.Min(baseline.Length, candidate.Length) && baseline[compared].Token == candidate[compared].Token; compared++)
        {
            var difference = Difference(baseline[compared].Logprob, candidate[compared].Logprob);
            sum += difference;
            largest = Math.Max(largest, difference);
        }

        double? margin = null;
        if (compared < baseline.Length && compared < candidate.Length)
        {
            var other = baseline[compared].Top.Where(t => t.Token == candidate[compared].Token).Select(static t => (double?)t.Logprob).FirstOrDefault();
            margin = Perplexity.Checked(baseline[compared].Logprob) - other;
        }

        return new(compared, compared == baseline.Length && compared == candidate.Length, compared == 0 ? 0 : sum / compared, largest, margin);
    }

    // Two tokens that both held impossible are alike; the difference of two infinities is no number.
    private static double Difference(double a, double b) => a == b ? 0 : Math.Abs(Perplexity.Checked(a) - Perplexity.Checked(b));
}
