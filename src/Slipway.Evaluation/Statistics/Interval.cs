using System.Runtime.InteropServices;

namespace Slipway.Evaluation.Statistics;

/// <summary>An estimate with the range that is likely; for reports, not for stopping: who looks until it suits is fooled.</summary>
/// <param name="Low">Its lower end.</param>
/// <param name="Estimate">The estimate.</param>
/// <param name="High">Its upper end.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Interval(double Low, double Estimate, double High)
{
    /// <summary>Of a rate: Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927).</summary>
    /// <param name="happened">How often it happened.</param>
    /// <param name="total">Of how many, at least 1.</param>
    /// <param name="level">How likely the range is.</param>
    public static Interval OfRate(long happened, long total, double level = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(total, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(happened);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(happened, total);
        var z = Normal.Quantile(1 - ((1 - level) / 2));
        var (rate, n, zz) = (happened / (double)total, (double)total, z * z);
        var middle = (rate + (zz / (2 * n))) / (1 + (zz / n));
        var half = z / (1 + (zz / n)) * Math.Sqrt((rate * (1 - rate) / n) + (zz / (4 * n * n)));
        return new(Math.Max(0, middle - half), rate, Math.Min(1, middle + half));
    }

    /// <summary>Of the mean of scores, where those of one cluster (a conversation, a text that several questions are about) go together.</summary>
    /// <remarks>Miller, "Adding Error Bars to Evals" (2024), arXiv:2411.00640, equation 4: the sum over clusters of the squared sums of deviations, over n squared.</remarks>
    /// <param name="scores">The scores with their clusters; at least one.</param>
    /// <param name="level">How likely the range is.</param>
    public static Interval OfMean(IReadOnlyCollection<(double Score, string Cluster)> scores, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(scores);
        if (scores.Count == 0) throw new ArgumentException("There are no scores.", nameof(scores));
        var mean = scores.Average(static s => s.Score);
        var squares = scores.GroupBy(static s => s.Cluster, StringComparer.Ordinal).Sum(g => Math.Pow(g.Sum(s => s.Score - mean), 2));
        var half = Normal.Quantile(1 - ((1 - level) / 2)) * Math.Sqrt(squares) / scores.Count;
        return new(mean - half, mean, mean + half);
    }

    /// <summary>Of the mean of scores by drawing clusters again and again, as a check that rests on no formula (Efron 1979).</summary>
    /// <param name="scores">The scores with their clusters; at least one.</param>
    /// <param name="seed">The seed, so that anybody gets the same.</param>
    /// <param name="draws">How often.</param>
    /// <param name="level">How likely the range is.</param>
    public static Interval Bootstrap(IReadOnlyCollection<(double Score, string Cluster)> scores, ulong seed, int draws = 2000, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(scores);
        if (scores.Count == 0) throw new ArgumentException("There are no scores.", nameof(scores));
        var clusters = scores.GroupBy(static s => s.Cluster, StringComparer.Ordinal).Select(static g => (Sum: g.Sum(static s => s.Score), Count: g.Count())).ToArray();
        var random = new SeededRandom(seed);
        var means = new double[draws];
        for (var d = 0; d < draws; d++)
        {
            var (sum, count) = (0.0, 0);
            for (var i = 0; i < clusters.Length; i++)
            {
                var drawn = clusters[random.Next(clusters.Length)];
                (sum, count) = (sum + drawn.Sum, count + drawn.Count);
            }

            means[d] = sum / count;
        }

        Array.Sort(means);
        var cut = (1 - level) / 2;
        return new(means[(int)(cut * (draws - 1))], scores.Average(static s => s.Score), means[(int)Math.Ceiling((1 - cut) * (draws - 1))]);
    }
}
