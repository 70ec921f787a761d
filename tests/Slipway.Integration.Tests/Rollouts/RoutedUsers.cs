using Slipway.Integration.Tests.Harness;
using Slipway.Kubernetes.Objects;
using Slipway.Simulators;

namespace Slipway.Integration.Tests.Rollouts;

/// <summary>Users behind a gateway that goes by HTTPRoutes: each asks by a model's name, and gets whom the weights of the oldest route with that name give.</summary>
internal sealed class RoutedUsers : IAsyncDisposable
{
    private readonly BareCluster _cluster;
    private readonly HttpClient _http;
    private readonly string _namespace, _model;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task[] _asking;
    private int _answered, _failed, _nowhere;

    public RoutedUsers(BareCluster cluster, EngineFleet fleet, string ns, string model, int users = 4)
    {
        (_cluster, _http, _namespace, _model) = (cluster, new HttpClient(fleet.Services()), ns, model);
        _asking = [.. Enumerable.Range(0, users).Select(n => Task.Run(() => AskAsync(new Random(n))))];
    }

    /// <summary>Requests that were answered well.</summary>
    public int Answered => Volatile.Read(ref _answered);

    /// <summary>Requests that an engine answered badly.</summary>
    public int Failed => Volatile.Read(ref _failed);

    /// <summary>Requests that no route led anywhere.</summary>
    public int Nowhere => Volatile.Read(ref _nowhere);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_asking);
        _http.Dispose();
        _stop.Dispose();
    }

    private async Task AskAsync(Random random)
    {
        while (!_stop.IsCancellationRequested)
        {
            if (await BackendAsync(random) is not { } to) Interlocked.Increment(ref _nowhere);
            else
            {
                using var answer = await _http.PostAsync(
                    new Uri($"http://{to}.{_namespace}.svc/v1/chat/completions"), new StringContent($$"""{"model":"{{_model}}","stream":true,"messages":[{"role":"user","content":"hello"}]}"""));
                Interlocked.Increment(ref answer.IsSuccessStatusCode ? ref _answered : ref _failed);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }

    private async Task<string?> BackendAsync(Random random)
    {
        var routes = await _cluster.Client.ListAsync(ApiKinds.HttpRoutes, _namespace, CancellationToken.None);
        var mine = routes.Where(Named).OrderBy(static r => r.Json.GetProperty("metadata").GetProperty("creationTimestamp").GetString(), StringComparer.Ordinal).FirstOrDefault();
        if (mine is null) return null;
        var backends = mine.Json.GetProperty("spec").GetProperty("rules")[0].GetProperty("backendRefs").EnumerateArray().Select(static b => (Name: b.GetProperty("name").GetString()!, Weight: b.GetProperty("weight").GetInt32())).ToArray();
        var drawn = random.Next(backends.Sum(static b => b.Weight));
        foreach (var (name, weight) in backends)
        {
            if (drawn < weight) return name;
            drawn -= weight;
        }

        return null;
    }

    private bool Named(CachedObject route) => route.Json.GetProperty("spec").GetProperty("rules")[0].GetProperty("matches").EnumerateArray()
        .Any(m => m.GetProperty("headers").EnumerateArray().Any(h => h.GetProperty("value").ValueEquals(_model)));
}
