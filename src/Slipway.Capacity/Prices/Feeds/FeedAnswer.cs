using System.Collections.Immutable;

namespace Slipway.Capacity.Prices.Feeds;

/// <summary>What a source of prices answered.</summary>
public abstract record FeedAnswer
{
    private FeedAnswer()
    {
    }

    /// <summary>Prices, complete.</summary>
    /// <param name="Rates">The rates; none is 0.</param>
    /// <param name="ETag">The source's mark of this answer, to ask "since then" with; empty when it gives none.</param>
    public sealed record Fresh(ImmutableArray<RateRow> Rates, string ETag) : FeedAnswer;

    /// <summary>Nothing changed since the mark that was sent.</summary>
    public sealed record NotModified : FeedAnswer;

    /// <summary>No prices.</summary>
    /// <param name="Reason">Why, in words for a user.</param>
    /// <param name="RetryAfter">How long the source asked to wait; null when it did not.</param>
    public sealed record Failed(string Reason, TimeSpan? RetryAfter = null) : FeedAnswer;
}
