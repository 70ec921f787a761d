using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Models.Store;

namespace Slipway.Models.Hub.Search;

/// <summary>Searches the hub for models, page by page.</summary>
/// <remarks>
/// Answers are kept on disk beside the hub cache and confirmed with the hub by their entity tags. When the hub is busy or out of reach, a
/// kept answer is given with its age; without one, the first page comes from a bundled catalogue. Every page says which it was.
/// The token goes to the hub alone: neither redirects nor links to other hosts get it. Safe for concurrent use.
/// </remarks>
public sealed partial class ModelSearch : IDisposable
{
    // Conditions that the hub does not check may leave nothing of a page; so far the search goes on by itself.
    private const int MaxRounds = 5;

    private readonly ModelStoreOptions _options;
    private readonly ILogger _logger;
    private readonly HttpMessageInvoker _http;
    private readonly HubListings _listings;

    /// <summary>Makes a search. Nothing is read or created before the first query.</summary>
    /// <param name="options">Cache directory, hub, token, clock. Somebody waits for a search, so it tries again once at most.</param>
    /// <param name="logger">Receives retries and failures.</param>
    /// <param name="handler">Sends the HTTP requests; it must not follow redirects itself. Disposed with the search. Null for a handler with the system's proxy.</param>
    public ModelSearch(ModelStoreOptions options, ILogger<ModelSearch>? logger = null, HttpMessageHandler? handler = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options with { MaxRetries = Math.Min(options.MaxRetries, 1) };
        _logger = logger ?? NullLogger<ModelSearch>.Instance;
        _http = new HttpMessageInvoker(handler ?? new SocketsHttpHandler
        {
            // Redirects are followed by hand, so that the token stays with the hub.
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        });
        _listings = new HubListings(_http, _options, _logger);
    }

    /// <summary>Gets a page of models.</summary>
    /// <param name="query">What is looked for, and where to go on.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The page, or why there is none and what to do.</returns>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<SearchResult> SearchAsync(SearchQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (QueryFault.Of(query) is { } fault) return Failed(new ModelError(ModelErrorKind.InvalidQuery, fault));
        var addresses = SearchAddress.Of(query);
        var cursor = query.Next is { } next ? SearchCursor.Read(next, addresses) : SearchCursor.Start(addresses.Count);
        if (cursor is null) return Failed(new ModelError(ModelErrorKind.InvalidQuery, "The continuation is not of this search: a condition or the order has changed. Begin at the first page."));
        if (cursor.CatalogueRow is { } row) return Bundled(query, addresses, row, null);

        var (leftOut, unreadable) = (0, 0);
        for (var round = 1; ; round++)
        {
            var answer = await FetchAsync(addresses, cursor, cancellationToken);
            if (!answer.TryGet(out var pages, out var error))
                return cursor.AtStart && error.Kind == ModelErrorKind.HubUnavailable ? Bundled(query, addresses, 0, error) : Failed(error);
            var merged = StreamMerge.Take(pages, cursor.Streams, query.Sort, query.Limit);
            var items = merged.Models.Where(m => SearchFilter.Keeps(query, m)).ToList();
            unreadable += pages.Where((p, i) => cursor.Streams[i].Skip == 0).Sum(static p => p?.Listing.Unreadable ?? 0);
            leftOut += merged.Models.Count - items.Count;
            cursor = new SearchCursor(merged.Places);
            if (items.Count == 0 && !cursor.Ended && round < MaxRounds) continue;

            var used = pages.OfType<ListingPage>().ToList();
            return new SearchResult.Page
            {
                Items = items,
                Next = cursor.Ended ? null : cursor.Write(addresses),
                Origin = used.Max(static p => p.Origin),
                Age = Since(used.Min(static p => p.Asked)),
                Because = used.Select(static p => p.Because).FirstOrDefault(static b => b is not null),
                LeftOut = leftOut,
                Unreadable = unreadable,
            };
        }
    }

    /// <summary>Closes the connections to the hub.</summary>
    public void Dispose() => _http.Dispose();

    private async Task<HubAnswer<IReadOnlyList<ListingPage?>>> FetchAsync(IReadOnlyList<string> addresses, SearchCursor cursor, CancellationToken cancellationToken)
    {
        var pages = new ListingPage?[addresses.Count];
        for (var i = 0; i < pages.Length; i++)
        {
            if (cursor.Streams[i].Ended) continue;
            var answer = await _listings.GetAsync(addresses[i], cursor.Streams[i].Cursor, cancellationToken);
            if (!answer.TryGet(out pages[i], out var error)) return error;
        }

        return pages;
    }

    private SearchResult Bundled(SearchQuery query, IReadOnlyList<string> addresses, int row, ModelError? because)
    {
        var found = BundledCatalogue.Models.Where(m => SearchFilter.KeepsBundled(query, m)).ToList();
        if (found.Count == 0 && because is not null)
            return Failed(because with { Message = because.Message + " The bundled catalogue has no such model." });
        var end = row + query.Limit;
        return new SearchResult.Page
        {
            Items = [.. found.Skip(row).Take(query.Limit)],
            Next = end < found.Count ? new SearchCursor([], end).Write(addresses) : null,
            Origin = SearchOrigin.BundledCatalogue,
            Age = Since(BundledCatalogue.Written),
            Because = because,
        };
    }

    private TimeSpan Since(DateTimeOffset time) => _options.Time.GetUtcNow() is var now && now > time ? now - time : TimeSpan.Zero;

    private SearchResult.Failed Failed(ModelError error)
    {
        LogFailed(error.Kind, error.Message);
        return new SearchResult.Failed(error);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Search for models failed ({Kind}): {Message}")]
    private partial void LogFailed(ModelErrorKind kind, string message);
}
