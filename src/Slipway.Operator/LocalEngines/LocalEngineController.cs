using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Slipway.Api;
using Slipway.Api.LocalEngines;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Controllers;
using Slipway.Kubernetes.Objects;
using Slipway.Kubernetes.Watching;
using Slipway.Models.Store;
using Slipway.Runtimes.Local.Engines;
using Slipway.Runtimes.Local.Hosting;
using Slipway.Runtimes.Local.Logs;

namespace Slipway.Operator.LocalEngines;

/// <summary>This machine's agent: brings LocalEngines to life as processes, and says in their status how they are.</summary>
public sealed class LocalEngineController : IAsyncDisposable
{
    private const string Manager = "slipway-local";

    // Downloads report several times a second; a status a second is as much as anybody reads.
    private static readonly TimeSpan s_statusPace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_retrySoon = TimeSpan.FromSeconds(30);

    // What somebody must mend (a token, a damaged file) is looked at again now and then, for the mending may be elsewhere.
    private static readonly TimeSpan s_retryLater = TimeSpan.FromMinutes(2);

    private readonly KubeClient _client;
    private readonly Informer<LocalEngine> _engines;
    private readonly LocalMachine _machine;
    private readonly TimeProvider _time;
    private readonly Controller _controller;
    private readonly ConcurrentDictionary<NamespacedName, Preparation> _preparations = new();
    private readonly ConcurrentDictionary<NamespacedName, DateTimeOffset> _written = new();

    /// <summary>Initializes a new instance; <see cref="StartAsync"/> begins to work.</summary>
    /// <param name="client">The API.</param>
    /// <param name="engines">The LocalEngines.</param>
    /// <param name="machine">What this machine has.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">The logs.</param>
    public LocalEngineController(KubeClient client, Informer<LocalEngine> engines, LocalMachine machine, TimeProvider time, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(engines);
        ArgumentNullException.ThrowIfNull(machine);
        _client = client;
        _engines = engines;
        _machine = machine;
        _time = time;
        _controller = new Controller("localengines", ReconcileAsync, time, loggers.CreateLogger<Controller>());
        _engines.Changed += _controller.Enqueue;
        _machine.Host.Changed += OnProcess;
    }

    /// <summary>Begins to work, once the cache is filled.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>When the work has begun.</returns>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // What an earlier Slipway left running on this data is ended before anything is started.
        await Task.WhenAll(_engines.Synced.WaitAsync(cancellationToken), _machine.Host.SweepAsync(cancellationToken));
        foreach (var key in _engines.Objects.Keys) _controller.Enqueue(key);
        _controller.Start();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _machine.Host.Changed -= OnProcess;
        await _controller.DisposeAsync();
        foreach (var preparation in _preparations.Values) await preparation.DisposeAsync();
    }

    private void OnProcess(object? sender, EngineChangedEventArgs change) => _controller.Enqueue(Parse(change.Snapshot.Name));

    private async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (_engines.Get(key) is not { } engine || engine.Metadata.DeletionTimestamp is not null)
            return await RemoveAsync(_engines.Get(key), key, cancellationToken);
        if (engine.Metadata.Finalizers?.Contains(LocalEngine.Finalizer) != true)
        {
            await _client.SetFinalizersAsync(Kinds.LocalEngines, key, engine.Metadata.ResourceVersion, [.. engine.Metadata.Finalizers ?? [], LocalEngine.Finalizer], Manager, cancellationToken);
            return ReconcileResult.Done;
        }

        var (token, refusal) = await TokenAsync(engine, key, cancellationToken);
        var prepared = refusal is not null
            ? new PreparationState(null, null, new ModelResolution.Failed(refusal), null)
            : (await PrepareAsync(engine, token, key)).State;
        var refused = prepared is { Engine: EngineResolution.Found { Command: var command }, Model: ModelResolution.Resolved model }
            ? (await _machine.Host.EnsureAsync(
                LocalEngineSpecs.Of(engine, Name(key), command, model, _machine.LogDirectory), engine.Spec.Replicas ?? 1, cancellationToken)).Refusal
            : null;

        var status = LocalStatusWriter.Write(engine, prepared, refused, _machine.Host.Find(Name(key)), _time.GetUtcNow());
        if (await WriteStatusAsync(engine, status, key, cancellationToken) is { } later) return new ReconcileResult(later);
        return new ReconcileResult(RetryAfter(prepared, key));
    }

    // A failure is tried again after a while; until then its own preparation stands, so that others may read why.
    private TimeSpan? RetryAfter(PreparationState prepared, NamespacedName key)
    {
        var wait = prepared switch
        {
            { Model: ModelResolution.Failed { Error: { Retryable: true, RetryAfter: var after } } } => after > s_retrySoon ? after : s_retrySoon,
            { Model: ModelResolution.Failed } or { Engine: EngineResolution.Unavailable } => s_retryLater,
            _ => null,
        };
        if (wait is not null && _preparations.TryGetValue(key, out var failed) && failed.IsOver) failed.RetryAt ??= _time.GetUtcNow() + wait.Value;
        return wait;
    }

    private async Task<Preparation> PrepareAsync(LocalEngine engine, string? token, NamespacedName key)
    {
        if (_preparations.TryGetValue(key, out var known))
        {
            var same = known.Model == engine.Spec.Model && known.Token == token;
            if (same && !(known.IsOver && known.RetryAt <= _time.GetUtcNow())) return known;
            await known.DisposeAsync();
        }

        var begun = Preparation.Begin(engine.Spec.Model, token, _machine, () => _controller.Enqueue(key));
        _preparations[key] = begun;
        return begun;
    }

    private async Task<(string? Token, ModelError? Refusal)> TokenAsync(LocalEngine engine, NamespacedName key, CancellationToken cancellationToken)
    {
        if (engine.Spec.Model.TokenSecret is not { } name) return (null, null);
        var secret = await _client.GetAsync(Kinds.Secrets, new NamespacedName(key.Namespace, name), cancellationToken);
        if (secret?.Data?.TryGetValue("HF_TOKEN", out var value) == true) return (Encoding.UTF8.GetString(Convert.FromBase64String(value)).Trim(), null);
        var why = secret is null ? "does not exist" : "has no key HF_TOKEN";
        return (null, new ModelError(
            ModelErrorKind.GatedOrPrivate,
            $"Secret {key.Namespace}/{name} {why}. Make it: kubectl create secret generic {name} -n {key.Namespace} --from-literal=HF_TOKEN=..."));
    }

    private async Task<ReconcileResult> RemoveAsync(LocalEngine? engine, NamespacedName key, CancellationToken cancellationToken)
    {
        if (_preparations.TryRemove(key, out var preparation)) await preparation.DisposeAsync();
        await _machine.Host.StopAsync(Name(key), cancellationToken);
        EngineLogs.Delete(_machine.LogDirectory, Name(key));
        _written.TryRemove(key, out _);
        if (engine?.Metadata.Finalizers?.Contains(LocalEngine.Finalizer) == true)
            await _client.SetFinalizersAsync(Kinds.LocalEngines, key, engine.Metadata.ResourceVersion, [.. engine.Metadata.Finalizers.Where(f => f != LocalEngine.Finalizer)], Manager, cancellationToken);
        return ReconcileResult.Done;
    }

    /// <returns>How long to wait before the status may be written; null when it is written, or stands already.</returns>
    private async Task<TimeSpan?> WriteStatusAsync(LocalEngine engine, LocalEngineStatus status, NamespacedName key, CancellationToken cancellationToken)
    {
        var next = JsonSerializer.SerializeToNode(status, SlipwayJson.Default.LocalEngineStatus)!.AsObject();
        var current = JsonSerializer.SerializeToNode(engine.Status, SlipwayJson.Default.LocalEngineStatus) as JsonObject;
        if (JsonNode.DeepEquals(next, current)) return null;
        if (status.Download is not null && engine.Status?.Download is not null
            && _written.TryGetValue(key, out var last) && s_statusPace - (_time.GetUtcNow() - last) is { Ticks: > 0 } left) return left;

        await _client.WriteStatusAsync(Kinds.LocalEngines, key, engine.Metadata.ResourceVersion, next, current, Manager, cancellationToken);
        _written[key] = _time.GetUtcNow();
        return null;
    }

    // A name for files and pid records: namespaces and names are DNS labels, so that a dot parts them for good.
    private static string Name(NamespacedName key) => $"{key.Namespace}.{key.Name}";

    private static NamespacedName Parse(string name) => new(name[..name.IndexOf('.', StringComparison.Ordinal)], name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..]);
}
