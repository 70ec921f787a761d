namespace Slipway.Evaluation.Statistics;

/// <summary>
/// Is something seldom enough: errors, or answers that are slower than the limit? A quantile is a rate in disguise: "the 95th percentile is at most L" is
/// "at most 5 in 100 take longer than L", so that latencies are judged by the same evidence as answers, request by request.
/// </summary>
public sealed class RateLimit
{
    private readonly Betting _pass, _fail;

    /// <summary>Makes a test.</summary>
    /// <param name="most">The largest rate that is good enough, between 0 and 1.</param>
    /// <param name="alpha">The chance of passing a rate that is larger.</param>
    /// <param name="alphaFail">The chance of failing one that is not.</param>
    public RateLimit(double most, double alpha = 0.05, double alphaFail = 0.05)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(most, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(most, 1);
        (Most, Alpha, AlphaFail) = (most, alpha, alphaFail);
        (_pass, _fail) = (new Betting(most - 1), new Betting(-most));
    }

    /// <summary>The largest rate that is good enough.</summary>
    public double Most { get; }

    /// <summary>The chance of passing a rate that is larger.</summary>
    public double Alpha { get; }

    /// <summary>The chance of failing one that is not.</summary>
    public double AlphaFail { get; }

    /// <summary>Judges.</summary>
    /// <param name="happened">How often it happened.</param>
    /// <param name="total">Of how many.</param>
    /// <param name="least">Observations before which nothing is decided.</param>
    public Judgement Judge(long happened, long total, long least = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(happened);
        ArgumentOutOfRangeException.ThrowIfLessThan(total, happened);
        var pass = _pass.LogWealth((Most - 1, happened), (Most, total - happened));
        var fail = _fail.LogWealth((1 - Most, happened), (-Most, total - happened));
        var verdict = total < least ? Verdict.Undecided : pass >= -Math.Log(Alpha) ? Verdict.Pass : fail >= -Math.Log(AlphaFail) ? Verdict.Fail : Verdict.Undecided;
        var rate = total == 0 ? 0 : happened / (double)total;
        FormattableString reason = $"{happened} of {total}, {(verdict switch { Verdict.Pass => "shown to be at most", Verdict.Fail => "shown to be more than", _ => "not decided whether at most" })} {Most * 100:0.##} in 100";
        return new Judgement(verdict, total, -rate, pass, fail) { Words = reason };
    }

    /// <summary>How many more observations in which it does not happen would pass.</summary>
    /// <param name="happened">How often it happened.</param>
    /// <param name="total">Of how many.</param>
    public long More(long happened, long total)
    {
        var (low, high) = (0L, 1L);
        while (Judge(happened, total + high).Verdict is not Verdict.Pass) (low, high) = (high, high * 2);
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            if (Judge(happened, total + middle).Verdict is Verdict.Pass) high = middle;
            else low = middle;
        }

        return Judge(happened, total).Verdict is Verdict.Pass ? 0 : high;
    }
}
