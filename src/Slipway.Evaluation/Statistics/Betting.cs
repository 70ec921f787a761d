using System.Collections.Immutable;

namespace Slipway.Evaluation.Statistics;

/// <summary>
/// Bets against the claim that a bounded quantity is at most 0 on average. Whatever the quantity's distribution, however often one looks and whenever one
/// stops, the chance that the wealth ever reaches 1/alpha while the claim is true is at most alpha (Ville's inequality).
/// </summary>
/// <remarks>
/// Waudby-Smith and Ramdas, "Estimating means of bounded random variables by betting", JRSS-B 86 (2024), arXiv:2010.09686: the wealth of a bettor who stakes the
/// part lambda of it on each observation y is the product of 1 + lambda y, and an average over several lambdas is a wealth too. The lambdas are fixed beforehand, so that the
/// wealth depends on how often each value came, and not on the order; a test over scores of right and wrong is in three numbers. It rests on one thing: that
/// observations come in an order that has nothing to do with their values (drawn at random, or shuffled by a recorded seed; what belongs together counts once).
/// </remarks>
public sealed class Betting
{
    /// <summary>How many stakes the wealth is spread over.</summary>
    public const int Stakes = 24;

    // Of the largest stake that cannot lose everything: the largest used, and the smallest. In between each is 0.82 of the one before; the best for a
    // margin d and a share of discordant pairs p is near d / p, between 0.05 and 1 for all that people test.
    private const double Largest = 0.95, Smallest = 0.01;

    private readonly double _lowest;

    /// <summary>Makes a bettor.</summary>
    /// <param name="lowest">The least value that an observation can have, below 0: it bounds what may be staked.</param>
    public Betting(double lowest)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(lowest, 0);
        _lowest = lowest;
        var ratio = Math.Pow(Smallest / Largest, 1.0 / (Stakes - 1));
        Lambdas = [.. Enumerable.Range(0, Stakes).Select(j => Largest * Math.Pow(ratio, j) / -lowest)];
    }

    /// <summary>The stakes, largest first.</summary>
    public ImmutableArray<double> Lambdas { get; }

    /// <summary>The logarithm of the wealth after observations, each value with how often it came.</summary>
    /// <param name="observed">The values and their counts.</param>
    /// <returns>The logarithm; 0 at the start.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A value is below the least, or a count below 0.</exception>
    public double LogWealth(params ReadOnlySpan<(double Value, long Count)> observed)
    {
        Span<double> logs = stackalloc double[Stakes];
        logs.Clear();
        foreach (var (value, count) in observed) Add(logs, Gains(value), count);
        return LogMean(logs);
    }

    /// <summary>What an observation adds to the logarithm of each stake's wealth.</summary>
    internal double[] Gains(double value) => [.. Enumerable.Range(0, Stakes).Select(j => Log(j, value))];

    /// <summary>The logarithm of the wealth after observations of three values, by what each adds: for tests that are asked after every pair.</summary>
    internal static double LogWealth((double[] Gains, long Count) a, (double[] Gains, long Count) b, (double[] Gains, long Count) c)
    {
        Span<double> logs = stackalloc double[Stakes];
        logs.Clear();
        Add(logs, a.Gains, a.Count);
        Add(logs, b.Gains, b.Count);
        Add(logs, c.Gains, c.Count);
        return LogMean(logs);
    }

    private static void Add(Span<double> logs, double[] gains, long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        for (var j = 0; j < Stakes; j++) logs[j] += count * gains[j];
    }

    /// <summary>The start of a test whose observations have many values: one logarithm for each stake.</summary>
    public static ImmutableArray<double> Start { get; } = [.. new double[Stakes]];

    /// <summary>A test with an observation more.</summary>
    /// <param name="state">The logarithms so far.</param>
    /// <param name="value">The observation.</param>
    /// <returns>The logarithms after it.</returns>
    public ImmutableArray<double> After(ImmutableArray<double> state, double value)
    {
        if (state.Length != Stakes) throw new ArgumentOutOfRangeException(nameof(state), state.Length, $"A state has {Stakes} stakes.");
        return [.. state.Select((log, j) => log + Log(j, value))];
    }

    /// <summary>The logarithm of the wealth of a state.</summary>
    public static double LogWealth(ImmutableArray<double> state) => LogMean(state.AsSpan());

    private double Log(int stake, double value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, _lowest);
        return Math.Log(1 + (Lambdas[stake] * value));
    }

    private static double LogMean(ReadOnlySpan<double> logs)
    {
        var most = double.NegativeInfinity;
        foreach (var log in logs) most = Math.Max(most, log);
        var sum = 0.0;
        foreach (var log in logs) sum += Math.Exp(log - most);
        return most + Math.Log(sum / logs.Length);
    }
}
