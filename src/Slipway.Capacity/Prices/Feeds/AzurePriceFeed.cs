using System.Collections.Immutable;

namespace Slipway.Capacity.Prices.Feeds;

/// <summary>
/// Reads the Azure Retail Prices API, one region at a time, because its paging is not stable over more. It has no marks to ask "since then"
/// with, so every refresh reads all pages.
/// </summary>
/// <param name="http">Sends the requests; the caller disposes of it.</param>
/// <param name="options">How.</param>
public sealed class AzurePriceFeed(HttpMessageInvoker http, FeedOptions options) : IPriceFeed
{
    private readonly Download _download = new(http, options);

    /// <inheritdoc/>
    public string Provider => "azure";

    /// <inheritdoc/>
    public string Scope(string region) => region;

    /// <inheritdoc/>
    public async Task<FeedAnswer> FetchAsync(string scope, string etag, CancellationToken cancellationToken)
    {
        if (AzureQuery.For(options.Azure, scope, options.Currency) is not { } next) return new FeedAnswer.Failed($"'{scope}' is no name of a region of Azure");
        var meters = new List<AzureMeter>();
        for (var page = 1; ; page++)
        {
            if (page > options.MaxPages) return new FeedAnswer.Failed($"the answer has more than {options.MaxPages} pages");
            switch (await _download.GetAsync(next, "", cancellationToken))
            {
                case Download.Answer.Failed failed:
                    return new FeedAnswer.Failed($"{failed.Reason} (page {page})", failed.RetryAfter);
                case Download.Answer.Body body:
                    AzurePage? read;
                    await using (body.Content) read = await AzurePage.ReadAsync(body.Content, cancellationToken);
                    if (read is null) return new FeedAnswer.Failed($"page {page} is not whole, or is no page of prices");
                    if (page > 1 && read.Count == 0) return new FeedAnswer.Failed($"page {page} is empty, and the one before it promised more");
                    meters.AddRange(read.Meters);
                    if (read.Next.Length == 0) return Rates(meters, scope);
                    // A page must not lead to another host.
                    if (!Uri.TryCreate(read.Next, UriKind.Absolute, out var link) || link.Authority != next.Authority || link.Scheme != next.Scheme)
                        return new FeedAnswer.Failed($"page {page} leads to another place than {next.Authority}");
                    next = link;
                    break;
                default:
                    return new FeedAnswer.Failed("the answer makes no sense");
            }
        }
    }

    private FeedAnswer Rates(List<AzureMeter> meters, string region)
    {
        var now = options.Time.GetUtcNow();
        if (meters.Find(m => m.Currency != options.Currency) is { } foreign) return new FeedAnswer.Failed($"asked for {options.Currency}, and got {foreign.Currency}");
        var edition = new PriceEdition("Azure Retail Prices API", options.Currency, now);
        var rates = ImmutableArray.CreateBuilder<RateRow>();
        foreach (var same in meters.Where(m => m.Amount > 0 && m.Region == region && m.Since <= now && !(m.Until <= now)).GroupBy(static m => (m.MachineType, m.Kind)))
        {
            // Meters of one machine type: the primary one bills; of those the newest; where prices still differ nobody can tell, and the table's stands.
            var candidates = same.Any(static m => m.Primary) ? same.Where(static m => m.Primary).ToList() : [.. same];
            var newest = candidates.Max(static m => m.Since);
            var amounts = candidates.Where(m => m.Since == newest).Select(static m => m.Amount).Distinct().ToList();
            if (amounts.Count == 1) rates.Add(new RateRow(region, same.Key.MachineType, same.Key.Kind, new Rate(amounts[0], edition)));
        }

        return new FeedAnswer.Fresh(rates.ToImmutable(), "");
    }
}
