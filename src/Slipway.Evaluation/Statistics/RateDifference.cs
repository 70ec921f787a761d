namespace Slipway.Evaluation.Statistics;

/// <summary>
/// Does something happen more often in one of two groups than in the other, by more than a margin, where chance gives each request to either of them alike? What hits both, such as a network or a store that both rest on, is
/// then no mark against one.
/// </summary>
/// <remarks>
/// A request counts +2 when it is of the first group and it happens, -2 when it is of the other and it happens, and 0 otherwise: with even chances that is the difference of the two rates on average, whatever else a request is
/// (Horvitz and Thompson 1952, with weights of 1/2). So the evidence is a bet over the requests of both (see <see cref="Betting"/>), and is in three numbers.
/// </remarks>
public sealed class RateDifference
{
    // Of a request of the first group to which it happens, of one of the other, and of all others.
    private readonly (double[] First, double[] Other, double[] Not) _passGains, _failGains;

    /// <summary>Makes a test.</summary>
    /// <param name="margin">How much larger the first group's rate may be, between 0 and 1.</param>
    /// <param name="alpha">The chance of passing one that is larger by the margin.</param>
    /// <param name="alphaFail">The chance of failing one that is not.</param>
    public RateDifference(double margin, double alpha = 0.05, double alphaFail = 0.05)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(margin, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(margin, 1);
        (Margin, Alpha, AlphaFail) = (margin, alpha, alphaFail);
        var (pass, fail) = (new Betting(margin - 2), new Betting(-2 - margin));
        _passGains = (pass.Gains(margin - 2), pass.Gains(margin + 2), pass.Gains(margin));
        _failGains = (fail.Gains(2 - margin), fail.Gains(-2 - margin), fail.Gains(-margin));
    }

    /// <summary>How much larger the first group's rate may be.</summary>
    public double Margin { get; }

    /// <summary>The chance of passing one that is larger by the margin.</summary>
    public double Alpha { get; }

    /// <summary>The chance of failing one that is not.</summary>
    public double AlphaFail { get; }

    /// <summary>Whether two groups may have come by even chances: as many as four standard deviations apart is hardly chance.</summary>
    /// <param name="first">Requests of the one.</param>
    /// <param name="other">Requests of the other.</param>
    public static bool IsEven(long first, long other) => first > 0 && other > 0 && Math.Abs(first - other) <= 4 * Math.Sqrt(first + other);

    /// <summary>Judges.</summary>
    /// <param name="first">How often it happened in the first group, and of how many.</param>
    /// <param name="other">The same of the other.</param>
    public Judgement Judge((long Happened, long Total) first, (long Happened, long Total) other)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first.Happened, nameof(first));
        ArgumentOutOfRangeException.ThrowIfNegative(other.Happened, nameof(other));
        ArgumentOutOfRangeException.ThrowIfLessThan(first.Total, first.Happened, nameof(first));
        ArgumentOutOfRangeException.ThrowIfLessThan(other.Total, other.Happened, nameof(other));
        var not = first.Total + other.Total - first.Happened - other.Happened;
        var pass = Betting.LogWealth((_passGains.First, first.Happened), (_passGains.Other, other.Happened), (_passGains.Not, not));
        var fail = Betting.LogWealth((_failGains.First, first.Happened), (_failGains.Other, other.Happened), (_failGains.Not, not));
        var verdict = pass >= -Math.Log(Alpha) ? Verdict.Pass : fail >= -Math.Log(AlphaFail) ? Verdict.Fail : Verdict.Undecided;
        var difference = first.Total == 0 || other.Total == 0 ? 0 : (first.Happened / (double)first.Total) - (other.Happened / (double)other.Total);
        FormattableString reason = $"{first.Happened} of {first.Total} beside {other.Happened} of {other.Total}, {(verdict switch { Verdict.Pass => "shown to be at most", Verdict.Fail => "shown to be more than", _ => "not decided whether at most" })} {Margin * 100:0.##} points more";
        return new Judgement(verdict, first.Total + other.Total, -difference, pass, fail) { Words = reason };
    }
}
