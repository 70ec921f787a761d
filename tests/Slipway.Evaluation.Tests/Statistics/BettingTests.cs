using CsCheck;
using Slipway.Evaluation.Statistics;

namespace Slipway.Evaluation.Tests.Statistics;

public sealed class BettingTests
{
    [Fact]
    public void The_wealth_is_the_mean_of_the_products_written_out() => Gen.Select(Gen.Double[0.005, 0.4], Gen.Int[-1, 1].Array[0, 300]).Sample(static (margin, differences) =>
    {
        var betting = new Betting(margin - 1);
        var mean = betting.Lambdas.Average(l => differences.Aggregate(1.0, (wealth, d) => wealth * (1 + (l * (d + margin)))));
        var counted = betting.LogWealth([.. differences.GroupBy(static d => d).Select(g => (g.Key + margin, (long)g.Count()))]);
        var state = differences.Aggregate(Betting.Start, (s, d) => betting.After(s, d + margin));
        return Close(Math.Log(mean), counted) && Close(counted, Betting.LogWealth(state));
    });

    // What makes it valid: where the claim holds, no stake gains on average, so that no sequence of looks can.
    [Fact]
    public void No_stake_gains_on_average_while_the_claim_holds() => Gen.Select(Gen.Double[-3, -0.01], Gen.Double[0.01, 3], Gen.Double[0, 1]).Sample(static (lowest, highest, chance) =>
    {
        // Any quantity of two values with a mean of at most 0.
        var least = highest / (highest - lowest);
        var low = least + ((1 - least) * chance);
        var betting = new Betting(lowest);
        return betting.Lambdas.All(l => (low * (1 + (l * lowest))) + ((1 - low) * (1 + (l * highest))) <= 1 + 1e-12);
    });

    [Fact]
    public void Nothing_that_may_come_takes_all_of_it() => Gen.Double[-5, -0.001].Sample(static lowest =>
    {
        var betting = new Betting(lowest);
        return betting.Lambdas.All(static l => l > 0) && double.IsFinite(betting.LogWealth((lowest, 1_000_000)));
    });

    [Fact]
    public void What_may_not_come_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(static () => new Betting(0));
        Assert.Throws<ArgumentOutOfRangeException>(static () => new Betting(-0.5).LogWealth((-0.6, 1)));
        Assert.Throws<ArgumentOutOfRangeException>(static () => new Betting(-0.5).LogWealth((0.1, -1)));
        Assert.Equal(0, new Betting(-0.5).LogWealth());
    }

    private static bool Close(double a, double b) => Math.Abs(a - b) <= 1e-9 * Math.Max(1, Math.Abs(a));
}
