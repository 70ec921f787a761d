using CsCheck;
using Slipway.Models.Hub.Search;

namespace Slipway.Models.Tests.Hub;

public sealed class StreamMergeTests
{
    private static readonly Gen<(int[][] Scores, int Page, int Limit)> s_lists =
        Gen.Select(Gen.Int[0, 50].Array[0, 30].Array[1, 3], Gen.Int[1, 7], Gen.Int[1, 9]);

    [Fact]
    public void Any_lists_in_pages_of_any_size_make_one_sorted_list_with_every_row_once() => s_lists.Sample(static input =>
    {
        var lists = input.Scores.Select(static (scores, list) =>
            scores.OrderDescending().Select((score, i) => Model($"list-{list}/row-{i}", score)).ToList()).ToList();

        var found = Walk(lists, input.Page, input.Limit);

        Assert.Equal(lists.Sum(static l => l.Count), found.Select(static m => m.Id).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(found.Select(static m => m.Downloads).OrderDescending(), found.Select(static m => m.Downloads));
    });

    [Fact]
    public void A_model_whose_figure_is_unknown_comes_last()
    {
        var merged = StreamMerge.Take([Page([Model("a/unknown", null)], 0, 10), Page([Model("b/none", 0)], 0, 10)], [new(), new()], SearchSort.Downloads, 10);

        Assert.Equal(["b/none", "a/unknown"], merged.Models.Select(static m => m.Id));
        Assert.All(merged.Places, static p => Assert.True(p.Ended));
    }

    private static List<FoundModel> Walk(List<List<FoundModel>> lists, int size, int limit)
    {
        var found = new List<FoundModel>();
        IReadOnlyList<StreamPlace> places = [.. lists.Select(static _ => new StreamPlace())];
        for (var round = 0; !places.All(static p => p.Ended); round++)
        {
            Assert.True(round < 1000, "the walk does not end");
            var pages = places.Select((p, i) => p.Ended ? null : Page(lists[i], p.Cursor is { } cursor ? int.Parse(cursor) : 0, size)).ToList();
            var merged = StreamMerge.Take(pages, places, SearchSort.Downloads, limit);
            Assert.True(merged.Models.Count <= limit);
            found.AddRange(merged.Models);
            places = merged.Places;
        }

        return found;
    }

    private static ListingPage Page(List<FoundModel> list, int from, int size) => new(
        new Listing([.. list.Skip(from).Take(size)], 0), from + size < list.Count ? $"{from + size}" : null, SearchOrigin.Hub, DateTimeOffset.UnixEpoch);

    private static FoundModel Model(string id, int? downloads) => new() { Id = id, PageAddress = new Uri("https://hub.test/" + id), Downloads = downloads };
}
