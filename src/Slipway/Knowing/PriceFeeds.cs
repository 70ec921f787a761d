using Slipway.Capacity.Prices;
using Slipway.Capacity.Prices.Feeds;
using Slipway.Capacity.Prices.Live;
using Slipway.Up;

namespace Slipway.Knowing;

/// <summary>The clouds' price services, and what was fetched from them.</summary>
internal sealed class PriceFeeds : IDisposable
{
    private readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };

    /// <param name="data">Where prices are kept.</param>
    /// <param name="time">The clock.</param>
    public PriceFeeds(DataDirectory data, TimeProvider time)
    {
        var usual = new FeedOptions { Time = time };
        // A mirror, where the clouds cannot be reached.
        var options = usual with { Azure = Mirror("AZURE", usual.Azure), Aws = Mirror("AWS", usual.Aws), Gcp = Mirror("GCP", usual.Gcp) };
        Prices = new LivePrices([new AzurePriceFeed(_http, options), new AwsPriceFeed(_http, options), new GcpPriceFeed(_http, options)], data.PriceStore, PriceSnapshot.Bundled);
    }

    public LivePrices Prices { get; }

    public void Dispose()
    {
        Prices.Dispose();
        _http.Dispose();
    }

    private static Uri Mirror(string provider, Uri usual) =>
        Uri.TryCreate(Environment.GetEnvironmentVariable($"SLIPWAY_PRICES_{provider}"), UriKind.Absolute, out var own) && own.Scheme is "http" or "https" ? own : usual;
}
