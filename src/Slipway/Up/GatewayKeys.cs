using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Api.Keys;
using Slipway.Gateway.Keys;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;
using Slipway.Kubernetes.Watching;
using Slipway.Operator;

namespace Slipway.Up;

/// <summary>Keeps the gateway's keys those of the API, and writes down what was done with them.</summary>
internal sealed partial class GatewayKeys : IAsyncDisposable
{
    private static readonly TimeSpan s_between = TimeSpan.FromSeconds(30);

    private readonly KubeClient _client;
    private readonly Informer<CachedObject> _namespaces;
    private readonly Informer<ApiKey> _keys;
    private readonly KeyCheck _check;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _publishing = new();

    // What is written down already, of what was counted since this process began.
    private readonly Dictionary<string, ApiKeyStatus> _written = new(StringComparer.Ordinal);
    private readonly Task _writing;

    public GatewayKeys(KubeClient client, Informer<CachedObject> namespaces, KeyCheck check, TimeProvider time, ILoggerFactory loggers)
    {
        (_client, _namespaces, _check, _time, _logger) = (client, namespaces, check, time, loggers.CreateLogger<GatewayKeys>());
        _keys = new Informer<ApiKey>(client, Kinds.ApiKeys, time, loggers.CreateLogger<Informer<ApiKey>>());
        _keys.Changed += Publish;
        namespaces.Changed += Publish;
        _keys.Start();
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>Raised when a key or a namespace changed.</summary>
    public event Action? Changed;

    /// <summary>The keys that there are.</summary>
    public IEnumerable<ApiKey> All => _keys.Objects.Values;

    /// <summary>Whether the models of a namespace answer nobody without a key.</summary>
    public bool Requires(string space) => _check.Current.Guarded.Contains(space);

    /// <summary>Waits until the keys are known: before that a namespace that takes one lets nobody in, and one whose annotation is not known lets everybody in.</summary>
    public async Task ReadyAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(_keys.Synced, _namespaces.Synced).WaitAsync(cancellationToken);
        Publish(default);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _namespaces.Changed -= Publish;
        await _stop.CancelAsync();
        await _writing;
        await _keys.DisposeAsync();
        _stop.Dispose();
    }

    private void Publish(NamespacedName changed)
    {
        lock (_publishing)
        {
            var guarded = _namespaces.Objects.Where(static n => Annotated(n.Value)).Select(static n => n.Key.Name);
            _check.Publish(Keyring.Of(_keys.Objects.Values, guarded, _check.Current, _time));
        }

        Changed?.Invoke();
    }

    private static bool Annotated(CachedObject ns) =>
        ns.Json.TryGetProperty("metadata", out var metadata) && metadata.TryGetProperty("annotations", out var annotations) && annotations.ValueKind == JsonValueKind.Object
        && annotations.TryGetProperty(ApiKey.Annotation, out var value) && value.ValueEquals(ApiKey.Required);

    // At the end too, so that what was done since the last time is not lost with an orderly end.
    private async Task WriteAsync()
    {
        using var timer = new PeriodicTimer(s_between, _time);
        var ended = false;
        while (!ended)
        {
            try
            {
                await timer.WaitForNextTickAsync(_stop.Token);
            }
            catch (OperationCanceledException)
            {
                ended = true;
            }

            foreach (var key in _check.Current.Keys.Values) await WriteAsync(key);
        }
    }

    private async Task WriteAsync(Key key)
    {
        var (used, before) = (key.Meter.Used, _written.GetValueOrDefault(key.Uid) ?? new ApiKeyStatus());
        var name = new NamespacedName(key.Namespace, key.Name);
        if (used == before || _keys.Get(name) is not { } known || known.Metadata.Uid != key.Uid) return;
        var status = known.Status ?? new ApiKeyStatus();
        var next = status with
        {
            LastUsed = used.LastUsed ?? status.LastUsed,
            Requests = status.Requests + used.Requests - before.Requests,
            Limited = status.Limited + used.Limited - before.Limited,
            TokensIn = status.TokensIn + used.TokensIn - before.TokensIn,
            TokensOut = status.TokensOut + used.TokensOut - before.TokensOut,
        };
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5), _time);
        try
        {
            // Under the version that was read: a status that others wrote meanwhile is added to the next time.
            await _client.WriteStatusAsync(
                Kinds.ApiKeys, name, known.Metadata.ResourceVersion, JsonSerializer.SerializeToNode(next, SlipwayJson.Default.ApiKeyStatus)!.AsObject(),
                JsonSerializer.SerializeToNode(known.Status, SlipwayJson.Default.ApiKeyStatus) as JsonObject, "slipway-gateway", patience.Token);
            _written[key.Uid] = used;
        }
        catch (Exception failed) when (failed is KubeApiException or HttpRequestException or OperationCanceledException)
        {
            LogUnwritten(name, failed.Message);
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "What was done with key {Key} is written down later: {Why}")]
    private partial void LogUnwritten(NamespacedName key, string why);
}
