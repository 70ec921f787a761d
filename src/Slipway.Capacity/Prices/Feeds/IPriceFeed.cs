namespace Slipway.Capacity.Prices.Feeds;

/// <summary>A source of prices of one provider.</summary>
public interface IPriceFeed
{
    /// <summary>The provider: <c>azure</c>, <c>aws</c>, <c>gcp</c>.</summary>
    string Provider { get; }

    /// <summary>What an answer covers: the region, or <c>all</c> when the source has all regions in one file.</summary>
    /// <param name="region">The region whose prices are wanted.</param>
    string Scope(string region);

    /// <summary>Asks for the prices of a scope.</summary>
    /// <param name="scope">A region, or <c>all</c>; a name that no cloud gives its regions is refused.</param>
    /// <param name="etag">The mark of the answer that is kept; empty for none.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<FeedAnswer> FetchAsync(string scope, string etag, CancellationToken cancellationToken);
}
