using CsCheck;
using Slipway.Evaluation.Statistics;

namespace Slipway.Evaluation.Tests.Statistics;

/// <summary>Against published figures.</summary>
public sealed class FormulaTests
{
    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(1.959963984540054, 0.975)]
    [InlineData(-1.6448536269514722, 0.05)]
    [InlineData(-5, 2.866515718791939e-7)]
    [InlineData(3.6, 0.9998408914098424)]
    [InlineData(-8, 6.220960574271785e-16)]
    public void The_normal_distribution_is_that_of_the_tables(double z, double chance)
    {
        Assert.InRange(Normal.Cumulative(z) / chance, 1 - 1e-12, 1 + 1e-12);
        Assert.Equal(z, Normal.Quantile(chance), 1e-7);
    }

    // The table of quality gates' literature: n = 6.18 p / margin^2.
    [Theory]
    [InlineData(0.02, 0.01, 1237)]
    [InlineData(0.05, 0.02, 773)]
    [InlineData(0.10, 0.03, 687)]
    [InlineData(0.10, 0.02, 1546)]
    [InlineData(0.20, 0.05, 495)]
    public void A_test_takes_as_many_pairs_as_the_table_says(double discordance, double margin, long pairs) => Assert.InRange(SampleSize.Pairs(discordance, margin), pairs - 1, pairs + 1);

    [Fact]
    public void Two_hundred_prompts_show_five_and_a_half_points()
    {
        Assert.Equal(0.0556, SampleSize.DetectableMargin(200, 0.1), 0.0001);
        Assert.Throws<ArgumentOutOfRangeException>(static () => SampleSize.Pairs(0.1, 0.02, -0.02));
    }

    // Wilson's intervals, as computed by R's binom.confint(method = "wilson").
    [Theory]
    [InlineData(0, 10, 0, 0.2775328)]
    [InlineData(5, 10, 0.2365931, 0.7634069)]
    [InlineData(81, 263, 0.2552830, 0.3662029)]
    public void Rates_have_Wilsons_interval(long happened, long total, double low, double high)
    {
        var interval = Interval.OfRate(happened, total);
        Assert.Equal(low, interval.Low, 5e-4);
        Assert.Equal(high, interval.High, 5e-4);
    }

    [Fact]
    public void What_belongs_together_counts_once()
    {
        var alone = Enumerable.Range(0, 100).Select(static i => ((i % 3) / 2.0, $"{i}")).ToList();
        var twice = alone.Concat(alone).ToList();
        var (one, two) = (Interval.OfMean(alone), Interval.OfMean(twice));
        Assert.Equal(one.Low, two.Low, 1e-12);
        Assert.Equal(one.High, two.High, 1e-12);
        var (drawn, formula) = (Interval.Bootstrap(twice, seed: 1), Interval.OfMean(twice));
        Assert.Equal(formula.Low, drawn.Low, 0.02);
        Assert.Equal(formula.High, drawn.High, 0.02);
        Assert.Equal(drawn, Interval.Bootstrap(twice, seed: 1));
    }

    // O'Brien and Fleming's constants for a one-sided level of 0.05, and of 0.025 (Jennison and Turnbull 2000, table 2.3, two-sided 0.05).
    [Theory]
    [InlineData(1, 0.05, 1.6449)]
    [InlineData(5, 0.05, 1.751)]
    [InlineData(2, 0.025, 1.977)]
    [InlineData(5, 0.025, 2.040)]
    [InlineData(10, 0.025, 2.087)]
    public void Looks_that_are_planned_have_the_published_boundaries(int looks, double alpha, double constant)
    {
        var plan = new GroupSequential(looks, alpha);
        Assert.Equal(constant, plan.Constant, 0.0015);
        Assert.Equal(plan.Constant, plan.Boundaries[^1], 1e-12);
    }

    // By trying all shares: none that is worse by exactly the margin makes what was seen likelier than the one that the error is taken from.
    [Fact]
    public void The_error_is_that_of_the_likeliest_shares_at_the_margin() => Gen.Select(Gen.Int[0, 40], Gen.Int[1, 400], Gen.Int[0, 40], Gen.Double[0.01, 0.2]).Sample(static (better, same, worse, margin) =>
    {
        var counts = new PairCounts(better, same, worse);
        var n = (double)counts.Total;
        // What the z implies.
        var share = (Math.Pow((better - worse + (n * margin)) / GroupSequential.Z(counts, margin), 2) / n + (margin * (1 + margin))) / 2;
        double Log(double q) => Part(better, q - margin) + Part(worse, q) + Part(same, 1 - (2 * q) + margin);
        static double Part(int count, double p) => count == 0 ? 0 : p <= 0 ? double.NegativeInfinity : count * Math.Log(p);
        var best = Enumerable.Range(1, 2000).Select(i => margin + (i * (1 - margin) / 4000)).Max(Log);
        return Math.Abs(better - worse + (n * margin)) < 1e-9 || Log(share) >= best - 1e-9;
    });

    [Fact]
    public void A_z_without_a_pair_that_differs_is_not_infinite() => Assert.InRange(GroupSequential.Z(new PairCounts(0, 100, 0), 0.02), 1, 2);
}
