using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;
using Slipway.Models.Store;

namespace Slipway.Models.Hub;

/// <summary>Sends requests to the hub: redirects, retries, rate limits, silence. One instance serves one errand.</summary>
internal sealed partial class HubTransport(HttpMessageInvoker http, ModelStoreOptions options, HubErrand errand, ILogger logger)
{
    private const int MaxRedirects = 5;

    private readonly string? _token = errand.Token ?? options.Token;

    public HubTransport(HttpMessageInvoker http, ModelStoreOptions options, ModelRequest request, ILogger logger)
        : this(http, options, new ModelErrand(request), logger)
    {
    }

    public TimeSpan IdleTimeout => options.IdleTimeout;

    /// <summary>Gets an address of the hub. Server errors and lost connections are retried.</summary>
    /// <param name="path">Path and query under the endpoint.</param>
    /// <param name="from">First byte wanted; 0 for everything.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <param name="to">Last byte wanted; null for everything. A server may send more.</param>
    /// <param name="etag">Entity tag of a copy that the caller has; the answer may then be 304 without a body.</param>
    /// <returns>A successful response whose body is not read yet, or the error.</returns>
    public async Task<HubAnswer<HttpResponseMessage>> GetAsync(string path, long from, CancellationToken cancellationToken, long? to = null, string? etag = null)
    {
        var uri = new Uri(options.Endpoint.ToString().TrimEnd('/') + "/" + path);
        for (var retry = 0; ; retry++)
        {
            var answer = await TryAsync(uri, from, to, etag, cancellationToken);
            if (answer.TryGet(out _, out var error)) return answer;
            if (retry >= options.MaxRetries || WaitBefore(retry, error) is not { } wait) return answer;
            LogRetry(errand.Subject, wait.TotalSeconds, error.Message);
            await Task.Delay(wait, options.Time, cancellationToken);
        }
    }

    /// <summary>How long to wait before the next try; null when another try is not worth it now.</summary>
    public TimeSpan? WaitBefore(int retry, ModelError error) => error switch
    {
        { Retryable: false } => null,
        { Kind: ModelErrorKind.RateLimited, RetryAfter: null } => null,
        { RetryAfter: { } wait } => wait <= options.MaxRateLimitWait ? wait : null,
        _ => options.RetryDelay * Math.Pow(2, retry),
    };

    private async Task<HubAnswer<HttpResponseMessage>> TryAsync(Uri uri, long from, long? to, string? etag, CancellationToken cancellationToken)
    {
        using var idle = new CancellationTokenSource(options.IdleTimeout, options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(idle.Token, cancellationToken);
        try
        {
            var response = await FollowAsync(uri, from, to, etag, either.Token);
            // 416: the wanted range starts at the end, so there is nothing more to send; the caller compares sizes.
            if (response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable) return response;
            if (etag is not null && response.StatusCode == HttpStatusCode.NotModified) return response;
            using (response)
                return errand.Refused(response, options.Endpoint, _token is not null, RetryAfter(response));
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return HubErrors.Unreachable(e, options.Endpoint, $"asking for {errand.Subject}", errand.Kept);
        }
    }

    private async Task<HttpResponseMessage> FollowAsync(Uri uri, long from, long? to, string? etag, CancellationToken cancellationToken)
    {
        var current = uri;
        for (var hop = 0; ; hop++)
        {
            using var message = new HttpRequestMessage(HttpMethod.Get, current);
            message.Headers.UserAgent.ParseAdd("slipway/0.1");
            // Redirects lead to a CDN with a signed address: the token belongs to the hub alone.
            if (_token is not null && SameOrigin(current, options.Endpoint))
                message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token);
            if (from > 0 || to is not null) message.Headers.Range = new RangeHeaderValue(from, to);
            if (etag is not null) message.Headers.TryAddWithoutValidation("If-None-Match", etag);
            var response = await http.SendAsync(message, cancellationToken);
            if ((int)response.StatusCode is < 300 or >= 400 || response.Headers.Location is not { } location || hop == MaxRedirects) return response;
            response.Dispose();
            var next = new Uri(current, location);
            if (next.Scheme != Uri.UriSchemeHttps && next.Scheme != options.Endpoint.Scheme)
                throw new HttpRequestException($"the hub redirects to {next.Scheme}://{next.Authority}, which is less secure");
            current = next;
        }
    }

    private static bool SameOrigin(Uri a, Uri b) => a.Scheme == b.Scheme && a.Host == b.Host && a.Port == b.Port;

    private TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when date - options.Time.GetUtcNow() is var wait && wait > TimeSpan.Zero => wait,
        { Date: not null } => TimeSpan.Zero,
        // The hub names the wait in RateLimit rather than in Retry-After.
        _ => HubQuota.Of(response)?.Reset,
    };

    [LoggerMessage(Level = LogLevel.Information, Message = "Asking the hub again for {Subject} in {Seconds} s: {Reason}")]
    private partial void LogRetry(string subject, double seconds, string reason);
}
