namespace Slipway.Models.Hub.Search;

/// <summary>Order of results; the greatest or latest first, which is the only way the hub sorts.</summary>
public enum SearchSort
{
    /// <summary>By the hub's own measure of recent interest, <c>trendingScore</c>.</summary>
    Trending,

    /// <summary>By downloads of the last 30 days.</summary>
    Downloads,

    /// <summary>By likes of all time.</summary>
    Likes,

    /// <summary>By the date of the repository's making.</summary>
    Created,

    /// <summary>By the date of the last change.</summary>
    Modified,
}
