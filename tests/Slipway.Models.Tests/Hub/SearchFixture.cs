using Microsoft.Extensions.Time.Testing;
using Slipway.Models.Hub.Search;
using Slipway.Models.Store;
using Slipway.Testing;

namespace Slipway.Models.Tests.Hub;

/// <summary>A stub of the hub, an empty cache, a clock, and searches over them.</summary>
internal sealed class SearchFixture : IDisposable
{
    public StubHub Hub { get; } = new();

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero));

    public TempDirectory Directory { get; } = new();

    public ModelStoreOptions Options { get; set; }

    public SearchFixture() => Options = new ModelStoreOptions
    {
        CacheDirectory = Directory["hub"],
        Endpoint = new Uri("https://hub.test"),
        Time = Time,
        MaxRetries = 0,
    };

    public string CacheFolder => Directory["hub-search"];

    /// <summary>Searches with a new object each time, so that what is known of before is known from the disk.</summary>
    public async Task<SearchResult> SearchAsync(SearchQuery query)
    {
        using var search = new ModelSearch(Options, handler: Hub);
        return await search.SearchAsync(query, TestContext.Current.CancellationToken);
    }

    public async Task<SearchResult.Page> FindAsync(SearchQuery query) => await SearchAsync(query) switch
    {
        SearchResult.Page page => page,
        SearchResult.Failed { Error: var error } => throw new InvalidOperationException($"{error.Kind}: {error.Message}"),
        _ => throw new InvalidOperationException(),
    };

    public async Task<ModelError> FailAsync(SearchQuery query) => Assert.IsType<SearchResult.Failed>(await SearchAsync(query)).Error;

    /// <summary>All pages of a search.</summary>
    public async Task<List<SearchResult.Page>> AllAsync(SearchQuery query)
    {
        var pages = new List<SearchResult.Page>();
        do pages.Add(await FindAsync(query with { Next = pages.LastOrDefault()?.Next }));
        while (pages[^1].Next is not null && pages.Count < 100);
        return pages;
    }

    public void Dispose()
    {
        Hub.Dispose();
        Directory.Dispose();
    }
}
