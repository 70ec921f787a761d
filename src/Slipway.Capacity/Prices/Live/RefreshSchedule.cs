namespace Slipway.Capacity.Prices.Live;

/// <summary>When to ask a source of prices again. Pure.</summary>
public static class RefreshSchedule
{
    /// <summary>Time between refreshes of a region in use.</summary>
    public static TimeSpan Period { get; } = TimeSpan.FromHours(12);

    private static readonly TimeSpan s_afterFailure = TimeSpan.FromMinutes(5);

    /// <summary>The time to the next refresh.</summary>
    /// <param name="failures">Refreshes that failed since the last that did not.</param>
    /// <param name="retryAfter">How long the source asked to wait; null when it did not.</param>
    /// <param name="random">0 to 1: spreads many Slipways over the hour after the period.</param>
    public static TimeSpan Next(int failures, TimeSpan? retryAfter, double random)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(failures);
        if (failures == 0) return Period + random * TimeSpan.FromHours(1);
        var pause = s_afterFailure * Math.Pow(2, Math.Min(failures - 1, 10));
        if (pause > Period) pause = Period;
        return (retryAfter > pause ? retryAfter.Value : pause) * (1 + random * 0.1);
    }
}
