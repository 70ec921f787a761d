using Slipway.Runtimes.Pods;

namespace Slipway.Operator.Upstream;

/// <summary>Reads what pods say of themselves under `/metrics`.</summary>
internal sealed class PodMetrics : IDisposable
{
    private const int MostBytes = 4 << 20;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) });

    public void Dispose() => _http.Dispose();

    /// <summary>Where a pod's metrics are; null while it has no address.</summary>
    public static Uri? Address(ModelPod pod, int port) => pod.Status?.PodIP is { } ip ? new UriBuilder("http", ip, port, "/metrics").Uri : null;

    /// <summary>Reads a pod's metrics; null when it does not answer, or too much.</summary>
    public async Task<string?> ReadAsync(Uri metrics, CancellationToken cancellationToken)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(s_patience);
        try
        {
            using var response = await _http.GetAsync(metrics, HttpCompletionOption.ResponseHeadersRead, late.Token);
            if (!response.IsSuccessStatusCode || response.Content.Headers.ContentLength > MostBytes) return null;
            await response.Content.LoadIntoBufferAsync(MostBytes, late.Token);
            return await response.Content.ReadAsStringAsync(late.Token);
        }
        catch (Exception silent) when (silent is HttpRequestException or IOException || (silent is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }
}
