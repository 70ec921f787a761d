using Slipway.Evaluation.Statistics;

namespace Slipway.Evaluation.Tests.Statistics;

/// <summary>One rate beside another.</summary>
public sealed class RateDifferenceTests
{
    [Fact]
    public void The_evidence_is_the_product_of_what_was_staked_request_by_request()
    {
        // Computed anew: the mean over the stakes of the product of 1 + lambda y.
        const double Margin = 0.05;
        double[] pass = [Margin - 2, Margin + 2, Margin, Margin, Margin], fail = [2 - Margin, -2 - Margin, -Margin, -Margin, -Margin];
        var judged = new RateDifference(Margin).Judge((1, 3), (1, 2));
        Assert.Equal(Wealth(pass, Margin - 2), judged.LogPass, 1e-9);
        Assert.Equal(Wealth(fail, -2 - Margin), judged.LogFail, 1e-9);

        static double Wealth(double[] seen, double lowest) => Math.Log(Enumerable.Range(0, 24).Average(j =>
        {
            var lambda = 0.95 * Math.Pow(0.01 / 0.95, j / 23.0) / -lowest;
            return seen.Aggregate(1.0, (wealth, y) => wealth * (1 + lambda * y));
        }));
    }

    [Theory]
    [InlineData(0.3, 0.3, Verdict.Pass)]
    [InlineData(0.02, 0.02, Verdict.Pass)]
    [InlineData(0.3, 0.1, Verdict.Fail)]
    [InlineData(0.1, 0.3, Verdict.Pass)]
    public void It_is_decided_by_how_far_the_rates_are_apart_and_not_by_how_large_they_are(double candidate, double control, Verdict verdict) =>
        Assert.Equal(verdict, Run(1, candidate, control, 20_000, 0.05));

    [Theory]
    [InlineData(0.05, 0.0)]
    [InlineData(0.25, 0.2)]
    [InlineData(0.55, 0.5)]
    public void At_the_margin_a_pass_is_as_seldom_as_promised_however_often_one_looks(double candidate, double control)
    {
        const int Runs = 400;
        var passed = Enumerable.Range(1, Runs).AsParallel().Count(seed => Run(seed, candidate, control, 1500, 0.05) is Verdict.Pass);
        // Alpha, and three standard errors of so many runs.
        Assert.InRange(passed / (double)Runs, 0, 0.05 + 3 * Math.Sqrt(0.05 * 0.95 / Runs));
    }

    [Theory]
    [InlineData(0.05, 0.0)]
    [InlineData(0.25, 0.2)]
    public void At_the_margin_a_failure_is_as_seldom_as_promised_too(double candidate, double control)
    {
        const int Runs = 400;
        var failed = Enumerable.Range(1, Runs).AsParallel().Count(seed => Run(seed, candidate, control, 1500, 0.05) is Verdict.Fail);
        Assert.InRange(failed / (double)Runs, 0, 0.05 + 3 * Math.Sqrt(0.05 * 0.95 / Runs));
    }

    [Theory]
    [InlineData(100, 100, true)]
    [InlineData(100, 60, true)]
    [InlineData(100, 30, false)]
    [InlineData(5, 0, false)]
    [InlineData(0, 0, false)]
    [InlineData(10_000, 9_400, false)]
    public void Shares_that_chance_does_not_make_are_told(long first, long other, bool even) => Assert.Equal(even, RateDifference.IsEven(first, other));

    // Looks after every tenth request, and stops at the first verdict.
    private static Verdict Run(int seed, double candidate, double control, int most, double margin)
    {
        var (random, test) = (new Random(seed), new RateDifference(margin));
        long a = 0, ofA = 0, b = 0, ofB = 0;
        for (var i = 1; i <= most; i++)
        {
            if (random.Next(2) == 0)
            {
                ofA++;
                if (random.NextDouble() < candidate) a++;
            }
            else
            {
                ofB++;
                if (random.NextDouble() < control) b++;
            }

            if (i % 10 == 0 && test.Judge((a, ofA), (b, ofB)).Verdict is var verdict and not Verdict.Undecided) return verdict;
        }

        return Verdict.Undecided;
    }
}
