namespace Slipway.Capacity.Prices.Live;

/// <summary>What the last refresh of a region's prices came to, as it is kept for people to see.</summary>
/// <param name="Provider">The provider.</param>
/// <param name="Region">The region that was asked for.</param>
/// <param name="At">When.</param>
/// <param name="Outcome"><c>updated</c>, <c>unchanged</c> or <c>failed</c>.</param>
/// <param name="Message">The same in words.</param>
/// <param name="Failures">Refreshes that failed since the last that did not.</param>
/// <param name="Next">When a running Slipway asks again.</param>
public sealed record RefreshReport(string Provider, string Region, DateTimeOffset At, string Outcome, string Message, int Failures, DateTimeOffset Next)
{
    /// <summary>Of an outcome.</summary>
    /// <param name="provider">The provider.</param>
    /// <param name="region">The region.</param>
    /// <param name="outcome">What came.</param>
    /// <param name="before">The report before; null when there is none.</param>
    /// <param name="now">The time.</param>
    /// <param name="random">0 to 1, as <see cref="RefreshSchedule.Next"/> takes it.</param>
    public static RefreshReport Of(string provider, string region, RefreshOutcome outcome, RefreshReport? before, DateTimeOffset now, double random)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        var failures = outcome is RefreshOutcome.Failed ? (before?.Failures ?? 0) + 1 : 0;
        var (name, message) = outcome switch
        {
            RefreshOutcome.Updated updated => ("updated", Words(updated)),
            RefreshOutcome.Unchanged => ("unchanged", "the source says that nothing changed"),
            RefreshOutcome.Failed failed => ("failed", failed.Reason),
            _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
        };
        return new RefreshReport(provider, region, now, name, message, failures, now + RefreshSchedule.Next(failures, (outcome as RefreshOutcome.Failed)?.RetryAfter, random));
    }

    private static string Words(RefreshOutcome.Updated updated) =>
        $"{updated.Accepted} prices taken"
        + (updated.Quarantined.IsEmpty ? "" : $"; {updated.Quarantined.Length} moved by more than {RefreshVerdict.MaxFactor} times and do not count, as {updated.Quarantined[0]}")
        + (updated.NotKept is { } why ? $"; not kept on disk: {why}" : "");
}
