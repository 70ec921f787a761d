using System.Collections.Concurrent;

namespace Slipway.Bench.Operator;

/// <summary>Counts the requests of one process that change something, by verb and kind.</summary>
internal sealed class CountingHandler : DelegatingHandler
{
    public ConcurrentDictionary<string, int> Writes { get; } = new(StringComparer.Ordinal);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Method != HttpMethod.Get) Writes.AddOrUpdate($"{request.Method} {Kind(request.RequestUri!.AbsolutePath)}", 1, (_, n) => n + 1);
        return base.SendAsync(request, cancellationToken);
    }

    // "modeldeployments/status" of "/apis/airunway.ai/v1alpha1/namespaces/a/modeldeployments/b/status".
    private static string Kind(string path)
    {
        var parts = path.Trim('/').Split('/');
        var at = (parts[0] == "api" ? 2 : 3) + (parts.Contains("namespaces") ? 2 : 0);
        return parts.Length > at + 2 ? $"{parts[at]}/{parts[at + 2]}" : parts[Math.Min(at, parts.Length - 1)];
    }
}
