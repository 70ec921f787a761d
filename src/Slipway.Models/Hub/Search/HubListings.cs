using Microsoft.Extensions.Logging;
using Slipway.Models.Store;

namespace Slipway.Models.Hub.Search;

/// <summary>One page of the hub's list, and how current it is.</summary>
internal sealed record ListingPage(Listing Listing, string? NextCursor, SearchOrigin Origin, DateTimeOffset Asked, ModelError? Because = null);

/// <summary>Gets pages of the hub's list: from the hub, or from a copy of what it said.</summary>
internal sealed class HubListings(HttpMessageInvoker http, ModelStoreOptions options, ILogger logger)
{
    /// <summary>Largest answer read. A hundred rows with their chat templates are some 2 MB.</summary>
    public const int MaxPageBytes = 16 << 20;

    // Going back a page, or changing a condition that is checked here, asks nothing.
    private static readonly TimeSpan s_fresh = TimeSpan.FromMinutes(1);

    private readonly ListingCache _cache = new(options);
    private readonly HubTransport _transport = new(http, options, new SearchErrand(), logger);
    private long _notBefore = DateTimeOffset.MinValue.UtcTicks;

    /// <summary>Gets a page.</summary>
    /// <param name="path">Address of the first page.</param>
    /// <param name="cursor">Where the page begins; null for the first.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The page, from a copy when the hub is busy or out of reach; or why there is none.</returns>
    public async Task<HubAnswer<ListingPage>> GetAsync(string path, string? cursor, CancellationToken cancellationToken)
    {
        var address = cursor is null ? path : $"{path}&cursor={Uri.EscapeDataString(cursor)}";
        var copy = _cache.Find(address);
        // A damaged copy is no copy; it must not be confirmed by its tag either.
        var listing = copy is null ? null : ListingParser.Parse(copy.Body, options.Endpoint);
        if (listing is not { Fault: null }) (copy, listing) = (null, null);
        if (copy is not null && options.Time.GetUtcNow() - copy.Asked is var age && age >= TimeSpan.Zero && age < s_fresh)
            return new ListingPage(listing!, copy.NextCursor, SearchOrigin.Cache, copy.Asked);

        var answer = await AskAsync(address, copy, listing, cancellationToken);
        if (answer.TryGet(out _, out var error) || copy is null || error.Kind is not (ModelErrorKind.HubUnavailable or ModelErrorKind.RateLimited)) return answer;
        return new ListingPage(listing!, copy.NextCursor, SearchOrigin.Cache, copy.Asked, error);
    }

    private async Task<HubAnswer<ListingPage>> AskAsync(string address, CachedListing? copy, Listing? listing, CancellationToken cancellationToken)
    {
        if (options.Offline)
            return new ModelError(ModelErrorKind.HubUnavailable, "HF_HUB_OFFLINE forbids asking the hub. Unset it to search all models.");
        var wait = new DateTimeOffset(Interlocked.Read(ref _notBefore), TimeSpan.Zero) - options.Time.GetUtcNow();
        if (wait > TimeSpan.Zero) return SearchErrand.TooMany(options.Endpoint, options.Token is not null, wait);

        var answer = await _transport.GetAsync(address, 0, cancellationToken, etag: copy?.ETag);
        if (!answer.TryGet(out var response, out var error))
        {
            if (error is { Kind: ModelErrorKind.RateLimited, RetryAfter: { } later }) HoldFor(later);
            return error;
        }

        using (response)
        {
            if (HubQuota.Of(response) is { Remaining: 0, Reset: { } reset }) HoldFor(reset);
            var now = options.Time.GetUtcNow();
            if (response.StatusCode == System.Net.HttpStatusCode.NotModified)
            {
                _cache.Keep(address, copy! with { Asked = now });
                return new ListingPage(listing!, copy.NextCursor, SearchOrigin.Hub, now);
            }

            var body = await ReadAsync(response, cancellationToken);
            if (!body.TryGet(out var bytes, out error)) return error;
            var fresh = ListingParser.Parse(bytes, options.Endpoint);
            var next = ListingLink.NextCursor(response, options.Endpoint);
            if (fresh.Fault is { } fault) return HubErrors.Nonsense(options.Endpoint, fault);
            if (next is "") return HubErrors.Nonsense(options.Endpoint, "its link to the next page cannot be read");
            _cache.Keep(address, new CachedListing(now, response.Headers.ETag?.ToString() is { Length: <= 256 } tag ? tag : null, next, bytes));
            return new ListingPage(fresh, next, SearchOrigin.Hub, now);
        }
    }

    private async Task<HubAnswer<byte[]>> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var idle = new CancellationTokenSource(options.IdleTimeout, options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(idle.Token, cancellationToken);
        try
        {
            await response.Content.LoadIntoBufferAsync(MaxPageBytes, either.Token);
            return await response.Content.ReadAsByteArrayAsync(cancellationToken);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            return HubErrors.Nonsense(options.Endpoint, $"its list of models is larger than {MaxPageBytes >> 20} MiB");
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return HubErrors.Unreachable(e, options.Endpoint, "listing models", kept: "");
        }
    }

    /// <summary>Asks nothing for a while; for a day at most, for a longer wait is a mistake of somebody.</summary>
    private void HoldFor(TimeSpan wait) =>
        Interlocked.Exchange(ref _notBefore, (options.Time.GetUtcNow() + (wait < TimeSpan.FromDays(1) ? wait : TimeSpan.FromDays(1))).UtcTicks);
}
