using System.Collections.Immutable;

namespace Slipway.Capacity.Prices.Live;

/// <summary>What a refresh came to. Whatever it is, prices that stood before and were not replaced still stand.</summary>
public abstract record RefreshOutcome
{
    private RefreshOutcome()
    {
    }

    /// <summary>New prices stand.</summary>
    /// <param name="Accepted">How many.</param>
    /// <param name="Quarantined">Those that moved too far, and wait for <see cref="LivePrices.AcceptAsync"/>.</param>
    /// <param name="NotKept">Why they could not be written to disk; null when they were.</param>
    public sealed record Updated(int Accepted, ImmutableArray<QuarantinedRate> Quarantined, string? NotKept = null) : RefreshOutcome;

    /// <summary>The source says that nothing changed.</summary>
    public sealed record Unchanged : RefreshOutcome;

    /// <summary>Nothing was taken.</summary>
    /// <param name="Reason">Why, in words for a user.</param>
    /// <param name="RetryAfter">How long the source asked to wait; null when it did not.</param>
    public sealed record Failed(string Reason, TimeSpan? RetryAfter = null) : RefreshOutcome;
}
