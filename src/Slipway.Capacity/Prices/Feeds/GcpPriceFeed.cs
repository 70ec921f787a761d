using System.Collections.Immutable;
using System.Globalization;
using Slipway.Capacity.Tables;

namespace Slipway.Capacity.Prices.Feeds;

/// <summary>Reads the list of Google Cloud's machine types that gcloud-compute.com publishes: one CSV of all regions, with columns <c>name, region, hour, hourSpot</c> in USD.</summary>
/// <param name="http">Sends the requests; the caller disposes of it.</param>
/// <param name="options">How.</param>
public sealed class GcpPriceFeed(HttpMessageInvoker http, FeedOptions options) : IPriceFeed
{
    private readonly Download _download = new(http, options);

    /// <inheritdoc/>
    public string Provider => "gcp";

    /// <inheritdoc/>
    public string Scope(string region) => "all";

    /// <inheritdoc/>
    public async Task<FeedAnswer> FetchAsync(string scope, string etag, CancellationToken cancellationToken)
    {
        switch (await _download.GetAsync(options.Gcp, etag, cancellationToken))
        {
            case Download.Answer.Failed failed:
                return new FeedAnswer.Failed(failed.Reason, failed.RetryAfter);
            case Download.Answer.Body body:
                using (var text = new StreamReader(body.Content)) return Read(text, body.ETag);
            default:
                return new FeedAnswer.NotModified();
        }
    }

    private FeedAnswer Read(StreamReader text, string etag)
    {
        var reader = new CsvReader(text);
        if (!reader.Read()) return reader.Fault is { } empty ? new FeedAnswer.Failed(empty) : new FeedAnswer.Fresh([], etag);
        int name = reader.Column("name"), region = reader.Column("region"), hour = reader.Column("hour"), spot = reader.Column("hourSpot"), width = reader.Count;
        if (name < 0 || region < 0 || hour < 0) return new FeedAnswer.Failed("the file has no columns name, region and hour");
        var edition = new PriceEdition("Google Cloud list prices by gcloud-compute.com", "USD", options.Time.GetUtcNow());
        var rates = ImmutableArray.CreateBuilder<RateRow>();
        while (reader.Read())
        {
            if (reader.Count != width) return new FeedAnswer.Failed("the file ends in the middle of a row");
            if (reader[name].IsEmpty || reader[region].IsEmpty) continue;
            var (type, place) = (reader[name].ToString(), reader[region].ToString());
            if (Amount(reader[hour]) is { } onDemand) rates.Add(new RateRow(place, type, PriceKind.OnDemand, new Rate(onDemand, edition)));
            if (Amount(reader[spot]) is { } spare) rates.Add(new RateRow(place, type, PriceKind.Spot, new Rate(spare, edition)));
        }

        return reader.Fault is { } fault ? new FeedAnswer.Failed(fault) : new FeedAnswer.Fresh(rates.ToImmutable(), etag);
    }

    private static decimal? Amount(ReadOnlySpan<char> text) => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var amount) && amount > 0 ? amount : null;
}
