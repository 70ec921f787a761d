using System.Collections.Immutable;

namespace Slipway.Evaluation.Statistics;

/// <summary>
/// Raises an alarm when scores fall by more than a margin, at whatever time that begins: nobody knows it beforehand, and a test that runs for ever would fail some day by chance alone. While they have not fallen, it takes at least so many observations on average until the
/// first false alarm, whatever the scores' distribution.
/// </summary>
/// <remarks>
/// The Shiryaev-Roberts e-detector of Shin, Ramdas and Rinaldo, "E-detectors: a nonparametric framework for sequential change detection" (2022), arXiv:2203.03532, definition 2.6 and theorem 2.4: with each observation another bettor starts, and the alarm is raised when the wealth of all
/// together reaches the average run length that is wanted. The bettors are those of <see cref="Betting"/>.
/// </remarks>
public sealed class DriftDetector
{
    private readonly Betting _bettor;

    /// <summary>Makes one.</summary>
    /// <param name="margin">How far scores may fall without alarm: 0.05 is five points. Between 0 and 1.</param>
    /// <param name="averageRunLength">Observations until the first false alarm, on average and at the least.</param>
    public DriftDetector(double margin, double averageRunLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(margin, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(margin, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(averageRunLength, 1);
        (Margin, AverageRunLength, _bettor) = (margin, averageRunLength, new Betting(-1 - margin));
    }

    /// <summary>How far scores may fall without alarm.</summary>
    public double Margin { get; }

    /// <summary>Observations until the first false alarm, on average and at the least.</summary>
    public double AverageRunLength { get; }

    /// <summary>Nothing observed.</summary>
    public static ImmutableArray<double> Start { get; } = [.. Enumerable.Repeat(double.NegativeInfinity, Betting.Stakes)];

    /// <summary>Takes in an observation.</summary>
    /// <param name="evidence">For each stake the logarithm of what all bettors have; <see cref="Start"/> at the beginning.</param>
    /// <param name="reference">The score that is held up, 0 to 1.</param>
    /// <param name="score">The score now, 0 to 1, of a prompt drawn by chance.</param>
    public ImmutableArray<double> After(ImmutableArray<double> evidence, double reference, double score)
    {
        foreach (var value in (double[])[reference, score])
        {
            // NaN fails both.
            if (value is not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(score), value, "Scores lie between 0 and 1.");
        }

        // Each stake's bettors, and one more that starts with 1.
        return _bettor.After([.. evidence.Select(static log => AddOne(log))], reference - score - Margin);
    }

    /// <summary>How near the alarm is: 1 raises it.</summary>
    /// <param name="evidence">The evidence.</param>
    public double Share(ImmutableArray<double> evidence) => Math.Exp(Math.Min(0, Betting.LogWealth(evidence) - Math.Log(AverageRunLength)));

    /// <summary>Whether the alarm is raised.</summary>
    /// <param name="evidence">The evidence.</param>
    public bool IsAlarm(ImmutableArray<double> evidence) => Betting.LogWealth(evidence) >= Math.Log(AverageRunLength);

    private static double AddOne(double log) => log > 0 ? log + Math.Log(1 + Math.Exp(-log)) : Math.Log(1 + Math.Exp(log));
}
