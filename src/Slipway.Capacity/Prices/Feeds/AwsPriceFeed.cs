namespace Slipway.Capacity.Prices.Feeds;

/// <summary>
/// Reads the AWS price list of EC2 for one region, as CSV, or as JSON where <see cref="FeedOptions.AwsFile"/> says so. It is read as a
/// stream: what is no on-demand price of a Linux machine with nothing installed passes by. Spot prices are not in it; they need a key.
/// </summary>
/// <param name="http">Sends the requests; the caller disposes of it.</param>
/// <param name="options">How.</param>
public sealed class AwsPriceFeed(HttpMessageInvoker http, FeedOptions options) : IPriceFeed
{
    private readonly Download _download = new(http, options);

    /// <inheritdoc/>
    public string Provider => "aws";

    /// <inheritdoc/>
    public string Scope(string region) => region;

    /// <inheritdoc/>
    public async Task<FeedAnswer> FetchAsync(string scope, string etag, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (!RegionNames.IsRegion(scope)) return new FeedAnswer.Failed($"'{scope}' is no name of a region of AWS");
        switch (await _download.GetAsync(new Uri(options.Aws, $"{scope}/{options.AwsFile}"), etag, cancellationToken))
        {
            case Download.Answer.Failed failed:
                return new FeedAnswer.Failed(failed.Reason, failed.RetryAfter);
            case Download.Answer.Body body:
                await using (body.Content)
                {
                    if (options.AwsFile.EndsWith(".json", StringComparison.Ordinal)) return AwsJsonList.Read(body.Content, scope, body.ETag, options.Time.GetUtcNow());
                    using var text = new StreamReader(body.Content);
                    return AwsPriceList.Read(text, scope, body.ETag, options.Time.GetUtcNow());
                }
            default:
                return new FeedAnswer.NotModified();
        }
    }
}
