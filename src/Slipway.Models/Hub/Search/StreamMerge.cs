namespace Slipway.Models.Hub.Search;

/// <summary>Rows in order, and where each list goes on.</summary>
internal sealed record Merged(IReadOnlyList<FoundModel> Models, IReadOnlyList<StreamPlace> Places);

/// <summary>Makes one sorted list of several sorted ones: the hub takes one task a request, and some of ours are two of its.</summary>
internal static class StreamMerge
{
    /// <summary>Takes rows in order until there are enough, or a list must be asked for its next page before the order is known.</summary>
    /// <param name="pages">The page of each list; null for one that has ended.</param>
    /// <param name="places">Where in these pages to begin.</param>
    /// <param name="sort">The order that the lists are in.</param>
    /// <param name="limit">Most rows.</param>
    public static Merged Take(IReadOnlyList<ListingPage?> pages, IReadOnlyList<StreamPlace> places, SearchSort sort, int limit)
    {
        var at = places.Select((p, i) => Math.Min(p.Skip, Rows(pages[i]).Count)).ToArray();
        var models = new List<FoundModel>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (models.Count < limit && !pages.Where((p, i) => p?.NextCursor is not null && at[i] == p.Listing.Models.Count).Any())
        {
            var waiting = Enumerable.Range(0, at.Length).Where(i => at[i] < Rows(pages[i]).Count).ToList();
            if (waiting.Count == 0) break;
            var best = waiting.MaxBy(i => (Key(Rows(pages[i])[at[i]], sort), -i));
            var model = Rows(pages[best])[at[best]++];
            if (seen.Add(model.Id)) models.Add(model);
        }

        return new Merged(models, [.. places.Select((place, i) => Next(place, pages[i], at[i]))]);
    }

    private static StreamPlace Next(StreamPlace place, ListingPage? page, int at) => page switch
    {
        null => place,
        _ when at < page.Listing.Models.Count => place with { Skip = at },
        { NextCursor: { } cursor } => new StreamPlace(cursor),
        _ => new StreamPlace(Ended: true),
    };

    private static IReadOnlyList<FoundModel> Rows(ListingPage? page) => page?.Listing.Models ?? [];

    private static double Key(FoundModel model, SearchSort sort) => sort switch
    {
        SearchSort.Trending => model.TrendingScore,
        SearchSort.Downloads => model.Downloads,
        SearchSort.Likes => model.Likes,
        SearchSort.Created => model.Created?.ToUnixTimeMilliseconds(),
        _ => model.Modified?.ToUnixTimeMilliseconds(),
    }
    ?? double.NegativeInfinity;
}
