using System.Net;

namespace Slipway.Kubernetes.Connection;

/// <summary>Leaves a server alone for as long as it asks to be, then asks it again.</summary>
/// <remarks>
/// A server that answers 429 or 503 with Retry-After has done nothing (API Priority and Fairness, starting, stopping), so every verb may be
/// repeated. All requests of the connection wait, since they are one flow to the server. Leases do not: the server counts them apart, and
/// a leader that waits loses its lease.
/// </remarks>
/// <param name="time">The clock.</param>
internal sealed class RetryAfterHandler(TimeProvider time) : DelegatingHandler
{
    // As often as client-go.
    private const int Tries = 10;

    private readonly Lock _lock = new();
    private DateTimeOffset _quietUntil = DateTimeOffset.MinValue;

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri?.AbsolutePath.Contains("/apis/coordination.k8s.io/", StringComparison.Ordinal) == true) return await base.SendAsync(request, cancellationToken);
        for (var tries = 1; ; tries++)
        {
            while (Left() is { Ticks: > 0 } left) await Task.Delay(left, time, cancellationToken);
            var response = await base.SendAsync(request, cancellationToken);
            if (tries == Tries || Asked(response) is not { } wait) return response;
            response.Dispose();
            Quiet(wait);
        }
    }

    private TimeSpan? Asked(HttpResponseMessage response) =>
        response.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable) ? null
        : response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - time.GetUtcNow(),
            _ => null,
        };

    private TimeSpan Left()
    {
        lock (_lock) return _quietUntil - time.GetUtcNow();
    }

    private void Quiet(TimeSpan wait)
    {
        var until = time.GetUtcNow() + wait;
        lock (_lock) _quietUntil = until > _quietUntil ? until : _quietUntil;
    }
}
