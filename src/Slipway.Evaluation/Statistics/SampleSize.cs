namespace Slipway.Evaluation.Statistics;

/// <summary>How many pairs a test takes, and what so many can show.</summary>
/// <remarks>
/// n = (z(1-alpha) + z(power))^2 (p - d^2) / (margin + d)^2 for a share p of discordant pairs and a true difference d (paired proportions, large samples). The test by betting takes
/// 1.1 to 1.2 times as many at the median, and up to 2.6 times in one run of ten: bench/results/evaluation.md.
/// </remarks>
public static class SampleSize
{
    /// <summary>Pairs that a test fixed beforehand takes.</summary>
    /// <param name="discordance">The share of pairs that differ; that of the model with itself at least.</param>
    /// <param name="margin">The margin.</param>
    /// <param name="difference">The true difference.</param>
    /// <param name="alpha">The chance of a false pass.</param>
    /// <param name="power">The chance of a pass that is right.</param>
    public static long Pairs(double discordance, double margin, double difference = 0, double alpha = 0.05, double power = 0.8)
    {
        if (margin + difference <= 0) throw new ArgumentOutOfRangeException(nameof(difference), difference, "No number of pairs shows that a candidate is better than it is.");
        return (long)Math.Ceiling(Math.Pow(Normal.Quantile(1 - alpha) + Normal.Quantile(power), 2) * (discordance - (difference * difference)) / Math.Pow(margin + difference, 2));
    }

    /// <summary>The smallest margin that so many pairs can show, when there is no difference.</summary>
    public static double DetectableMargin(long pairs, double discordance, double alpha = 0.05, double power = 0.8)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pairs, 1);
        return (Normal.Quantile(1 - alpha) + Normal.Quantile(power)) * Math.Sqrt(discordance / pairs);
    }
}
