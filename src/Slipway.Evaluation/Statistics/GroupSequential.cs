using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Slipway.Evaluation.Statistics;

/// <summary>A test that is looked at a number of times planned beforehand, as when a suite is run in parts. About a fifth fewer pairs than betting, if the plan is kept.</summary>
/// <remarks>O'Brien and Fleming, Biometrics 35 (1979): pass at look k of K when the z of the pairs so far is at least C sqrt(K / k); C is what makes the chance of any false pass alpha, for many pairs.</remarks>
public sealed class GroupSequential
{
    // Points of the grid on which densities are carried from look to look, and its half width in standard deviations.
    private const int Points = 201;
    private const double Width = 8;

    // A plan takes a good part of a second to make, and there are few.
    private const int MostKept = 64;
    private static readonly ConcurrentDictionary<(int, double), GroupSequential> s_plans = new();

    /// <summary>Makes a plan.</summary>
    /// <param name="looks">How often it is looked at, evenly spaced.</param>
    /// <param name="alpha">The chance of a false pass at any of them.</param>
    public GroupSequential(int looks, double alpha = 0.05)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(looks, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(looks, 20);
        var (low, high) = (Normal.Quantile(1 - alpha) / 2, 10.0);
        for (var i = 0; i < 26; i++)
        {
            var middle = (low + high) / 2;
            if (CrossingChance(Bounds(looks, middle)) > alpha) low = middle;
            else high = middle;
        }

        Constant = high;
        Boundaries = Bounds(looks, high);
    }

    /// <summary>A plan, which is made once.</summary>
    /// <param name="looks">How often it is looked at, evenly spaced.</param>
    /// <param name="alpha">The chance of a false pass at any of them.</param>
    public static GroupSequential Of(int looks, double alpha)
    {
        if (s_plans.Count > MostKept) s_plans.Clear();
        return s_plans.GetOrAdd((looks, alpha), static plan => new GroupSequential(plan.Item1, plan.Item2));
    }

    /// <summary>C.</summary>
    public double Constant { get; }

    /// <summary>The z to reach at each look.</summary>
    public ImmutableArray<double> Boundaries { get; }

    /// <summary>The z of pairs for a margin: how many standard errors the difference is above "worse by the margin".</summary>
    /// <remarks>
    /// Tango, Statistics in Medicine 17 (1998) 891: the error is that of the likeliest shares of pairs among those that are worse by exactly the margin. By the shares as they
    /// were seen, a lucky draw with few pairs that differ would look more certain than it is: 5.6 passes in a hundred for 5. Right for many pairs; only betting is for any number.
    /// </remarks>
    public static double Z(PairCounts counts, double margin)
    {
        if (counts.Total == 0) return 0;
        var (better, worse, n) = ((double)counts.Better, (double)counts.Worse, (double)counts.Total);
        // The larger root of 2 n q^2 + b q + c = 0: the share of pairs in which the candidate is worse.
        var b = -(better + worse) - (margin * ((2 * n) - better + worse));
        var c = worse * margin * (1 + margin);
        var q = (Math.Sqrt(Math.Max(0, (b * b) - (8 * n * c))) - b) / (4 * n);
        return (better - worse + (n * margin)) / Math.Sqrt(n * ((2 * q) - (margin * (1 + margin))));
    }

    private static ImmutableArray<double> Bounds(int looks, double constant) => [.. Enumerable.Range(1, looks).Select(k => constant * Math.Sqrt(looks / (double)k))];

    // Armitage, McPherson, Rowe (1969): the density of the sum of so many steps that stayed below every boundary so far, carried from one look to the next.
    private static double CrossingChance(ImmutableArray<double> boundaries)
    {
        var crossed = 1 - Normal.Cumulative(boundaries[0]);
        var (low, high) = (-Width, boundaries[0]);
        var (at, density) = Grid(low, high, static x => Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI));
        for (var k = 2; k <= boundaries.Length; k++)
        {
            // In sums of standard steps: the boundary at look k is z sqrt(k).
            var boundary = boundaries[k - 1] * Math.Sqrt(k);
            crossed += Integral(at, density, s => 1 - Normal.Cumulative(boundary - s));
            var (before, weights) = (at, density);
            (at, density) = Grid(-Width * Math.Sqrt(k), boundary, x => Integral(before, weights, s => Math.Exp(-(x - s) * (x - s) / 2) / Math.Sqrt(2 * Math.PI)));
        }

        return crossed;
    }

    private static (double[] At, double[] Density) Grid(double low, double high, Func<double, double> density)
    {
        var at = new double[Points];
        for (var i = 0; i < Points; i++) at[i] = low + ((high - low) * i / (Points - 1));
        return (at, [.. at.Select(density)]);
    }

    // Simpson's rule.
    private static double Integral(double[] at, double[] density, Func<double, double> factor)
    {
        var sum = 0.0;
        for (var i = 0; i < Points; i++) sum += density[i] * factor(at[i]) * (i is 0 or Points - 1 ? 1 : i % 2 == 1 ? 4 : 2);
        return sum * (at[^1] - at[0]) / (Points - 1) / 3;
    }
}
