using Slipway.Evaluation.Statistics;

namespace Slipway.Evaluation.Tests.Statistics;

public sealed class RateLimitTests
{
    [Fact]
    public void Errors_pass_when_they_are_shown_to_be_few_and_fail_when_shown_to_be_many()
    {
        var test = new RateLimit(0.05);
        Assert.Equal(Verdict.Undecided, test.Judge(0, 0).Verdict);
        Assert.Equal(Verdict.Undecided, test.Judge(0, 20).Verdict);
        Assert.Equal(Verdict.Pass, test.Judge(0, 130).Verdict);
        Assert.Equal(Verdict.Fail, test.Judge(12, 40).Verdict);
        Assert.Equal(Verdict.Undecided, test.Judge(5, 100).Verdict);
        Assert.Contains("12 of 40, shown to be more than 5 in 100", test.Judge(12, 40).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void At_the_limit_no_more_pass_than_the_level_whenever_one_stops()
    {
        const int Runs = 2000;
        var (test, random, passed) = (new RateLimit(0.1), new SeededRandom(3), 0);
        for (var run = 0; run < Runs; run++)
        {
            var happened = 0;
            for (var i = 1; i <= 600; i++)
            {
                if (random.NextDouble() < 0.1) happened++;
                if (test.Judge(happened, i).Verdict is not Verdict.Pass) continue;
                passed++;
                break;
            }
        }

        Assert.InRange(passed, 1, 0.05 * Runs);
    }

    [Fact]
    public void More_than_there_were_cannot_have_happened() => Assert.Throws<ArgumentOutOfRangeException>(static () => new RateLimit(0.1).Judge(2, 1));
}
