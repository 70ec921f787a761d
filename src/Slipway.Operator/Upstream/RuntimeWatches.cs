using System.Collections.Immutable;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;
using Slipway.Kubernetes.Watching;
using Slipway.Runtimes;
using Slipway.Runtimes.Pods;
using Slipway.Runtimes.Storage;

namespace Slipway.Operator.Upstream;

/// <summary>
/// Watches what the runtimes render, and the pods that come of it, by the label with the deployment's name. A kind is watched from when
/// its definition is established until it goes, so that an operator can be installed, upgraded or removed while Slipway runs.
/// </summary>
public sealed partial class RuntimeWatches : IAsyncDisposable
{
    private static readonly TimeSpan s_again = TimeSpan.FromMinutes(10);

    private readonly KubeClient _client;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;
    private readonly ImmutableArray<RuntimeObject> _kinds, _others, _shared;
    private readonly Informer<Definition> _definitions;
    private readonly Dictionary<string, Informer<ModelPod>> _pods;
    private readonly OwnedObjects<ObjectId, CachedObject> _objects = new();
    private readonly Dictionary<string, OwnedObjects<string, ModelPod>> _ownedPods = [];
    private readonly Channel<bool> _refresh = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _stop = new();
    private readonly Informer<VolumeClaim>? _claims;
    private readonly OwnedObjects<string, VolumeClaim> _ownedClaims = new();
    private ImmutableDictionary<RuntimeObject, (string Version, Informer<CachedObject> Informer)> _watched = ImmutableDictionary<RuntimeObject, (string, Informer<CachedObject>)>.Empty;
    private readonly ITimer? _again;
    private Task _run = Task.CompletedTask;

    /// <summary>Initializes a new instance; <see cref="StartAsync"/> begins to watch.</summary>
    /// <param name="client">The API.</param>
    /// <param name="runtimes">The runtimes.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">The logs.</param>
    /// <param name="others">Kinds that are made for deployments whatever their runtime.</param>
    /// <param name="shared">Kinds whose objects are nobody's in particular: all of them are watched, see <see cref="Shared"/>.</param>
    public RuntimeWatches(
        KubeClient client, IReadOnlyList<IRuntime> runtimes, TimeProvider time, ILoggerFactory loggers, IReadOnlyList<RuntimeObject>? others = null, IReadOnlyList<RuntimeObject>? shared = null)
    {
        ArgumentNullException.ThrowIfNull(runtimes);
        ArgumentNullException.ThrowIfNull(loggers);
        (_client, _time, _loggers, _logger) = (client, time, loggers, loggers.CreateLogger<RuntimeWatches>());
        (_others, _shared) = ([.. others ?? []], [.. shared ?? []]);
        _kinds = [.. runtimes.SelectMany(r => r.Descriptor.Kinds).Concat(_others).Concat(_shared).DistinctBy(k => (k.Group, k.Kind))];
        _definitions = new Informer<Definition>(client, Definition.Resource, time, loggers.CreateLogger<Informer<Definition>>());
        _definitions.Changed += _ => _refresh.Writer.TryWrite(true);
        // No event tells of Kubernetes' own kinds, which come and go with an upgrade.
        if (_kinds.Any(k => k.IsDiscovered)) _again = time.CreateTimer(_ => _refresh.Writer.TryWrite(true), null, s_again, s_again);
        var mounts = runtimes.Any(r => r.Descriptor.MountsVolumes);
        _pods = runtimes.SelectMany(r => r.Descriptor.PodLabels).Concat(mounts ? [StorageKinds.DownloadLabel] : []).Distinct().ToDictionary(l => l, Pods, StringComparer.Ordinal);
        if (!mounts) return;
        // All of them, for a volume may name any claim. They are few beside pods, and most of each is skipped.
        _claims = new Informer<VolumeClaim>(client, Kinds.Claims, time, loggers.CreateLogger<Informer<VolumeClaim>>());
        _claims.Changed += OnClaim;
    }

    /// <summary>Raised with the key of a deployment when something that belongs to it changed.</summary>
    public event Action<NamespacedName>? Changed;

    /// <summary>Raised with the key of each claim that changed, whoever it belongs to.</summary>
    public event Action<NamespacedName>? ClaimChanged;

    /// <summary>Raised when an object of a shared kind changed.</summary>
    public event Action? SharedChanged;

    /// <summary>Raised when the cluster begins or ceases to serve a kind.</summary>
    public event Action? ApisChanged;

    /// <summary>What the cluster serves.</summary>
    public ClusterApis Apis { get; private set; } = ClusterApis.None;

    /// <summary>Whether a kind is watched where the cluster serves it: some runtime renders it.</summary>
    /// <param name="kind">The kind.</param>
    public bool Knows(RuntimeObject kind) => _kinds.Contains(kind);

    /// <summary>Looks again at what the cluster serves, since somebody knows of more.</summary>
    public void LookAgain() => _refresh.Writer.TryWrite(true);

    /// <summary>Begins to watch.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>When all that the cluster serves is at hand.</returns>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _definitions.Start();
        foreach (var pods in _pods.Values) pods.Start();
        _claims?.Start();
        await _definitions.Synced.WaitAsync(cancellationToken);
        await RefreshAsync();
        await Task.WhenAll([.. _watched.Values.Select(w => w.Informer.Synced), .. _pods.Values.Select(p => p.Synced), _claims?.Synced ?? Task.CompletedTask]).WaitAsync(cancellationToken);
        _run = Task.Run(RunAsync, CancellationToken.None);
    }

    /// <summary>Whether all that a runtime may have made is at hand; until then nobody can tell what is missing.</summary>
    /// <param name="runtime">The runtime.</param>
    /// <returns>Whether it is; <see langword="true"/> too for kinds that the cluster does not serve.</returns>
    public bool IsComplete(RuntimeDescriptor runtime)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        return runtime.Kinds.All(k => Find(k) is not { } watch ? Apis.Version(k) is null : watch.Informer.Synced.IsCompletedSuccessfully);
    }

    /// <summary>The objects of a shared kind.</summary>
    /// <param name="kind">The kind.</param>
    /// <returns>The objects; none when the cluster does not serve it.</returns>
    public IEnumerable<CachedObject> Shared(RuntimeObject kind)
    {
        ArgumentNullException.ThrowIfNull(kind);
        return Find(kind)?.Informer.Objects.Values ?? [];
    }

    /// <summary>The objects that carry a deployment's name.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <returns>The objects, whoever owns them.</returns>
    public ImmutableDictionary<ObjectId, CachedObject> Objects(NamespacedName deployment) => _objects.Of(deployment);

    /// <summary>The pods of a deployment.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="runtime">The runtime that made them.</param>
    /// <returns>The pods.</returns>
    public ImmutableArray<ModelPod> PodsOf(NamespacedName deployment, RuntimeDescriptor runtime)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        return [.. runtime.PodLabels.SelectMany(l => _ownedPods[l].Of(deployment).Values).DistinctBy(p => p.Metadata.Name)];
    }

    /// <summary>The pods of a deployment's downloads.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <returns>The pods.</returns>
    public ImmutableArray<ModelPod> DownloadPodsOf(NamespacedName deployment) =>
        _ownedPods.TryGetValue(StorageKinds.DownloadLabel, out var pods) ? [.. pods.Of(deployment).Values] : [];

    /// <summary>The claims that carry a deployment's name, and those of other names that it mounts.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="names">The names of the claims that it mounts.</param>
    /// <returns>Those that there are, by their names.</returns>
    public ImmutableDictionary<string, VolumeClaim> Claims(NamespacedName deployment, IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        var found = _ownedClaims.Of(deployment);
        foreach (var name in names)
        {
            if (_claims?.Get(new NamespacedName(deployment.Namespace, name)) is { } claim) found = found.SetItem(name, claim);
        }

        return found;
    }

    /// <summary>The kind of an object that a runtime rendered, in the version that the cluster serves.</summary>
    /// <param name="runtime">The runtime; null for what is made whatever the runtime.</param>
    /// <param name="kind">The object's kind.</param>
    /// <returns>How a client knows it; <see langword="null"/> when the cluster does not serve it.</returns>
    /// <exception cref="InvalidOperationException">The runtime rendered a kind that its descriptor does not name.</exception>
    public Resource<CachedObject>? Resource(RuntimeDescriptor? runtime, string kind)
    {
        var known = (runtime?.Kinds ?? []).Append(StorageKinds.Claim).Concat(_others).FirstOrDefault(k => k.Kind == kind)
            ?? throw new InvalidOperationException($"{runtime?.Name} renders {kind}, which its descriptor does not name.");
        return Apis.Version(known) is { } version ? Kinds.Of(known, version) : null;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_again is not null) await _again.DisposeAsync();
        await _stop.CancelAsync();
        await _run;
        await _definitions.DisposeAsync();
        foreach (var (_, informer) in _watched.Values) await informer.DisposeAsync();
        foreach (var pods in _pods.Values) await pods.DisposeAsync();
        if (_claims is not null) await _claims.DisposeAsync();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (await _refresh.Reader.WaitToReadAsync(_stop.Token))
            {
                while (_refresh.Reader.TryRead(out _))
                {
                    // Only that something changed matters.
                }

                if (await RefreshAsync()) ApisChanged?.Invoke();
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private async Task<bool> RefreshAsync()
    {
        var names = _kinds.Where(k => k.IsCustom).Select(k => $"{k.Plural}.{k.Group}").ToHashSet(StringComparer.Ordinal);
        var served = _definitions.Objects.Values.Where(d => d.IsEstablished && names.Contains(d.Metadata.Name ?? ""))
            .ToImmutableDictionary(d => d.Metadata.Name!, d => (d.Spec?.Versions ?? []).Where(v => v.Served).Select(v => v.Name!).ToImmutableArray());
        foreach (var kind in _kinds.Where(k => k.IsDiscovered))
        {
            // Who cannot be asked now has what it had: to stop watching would look as if all of it were gone.
            var versions = await Discovery.VersionsAsync(_client, kind, _stop.Token) ?? (Apis.Version(kind) is { } before ? [before] : []);
            if (!versions.IsEmpty) served = served.Add($"{kind.Plural}.{kind.Group}", versions);
        }

        var apis = new ClusterApis(served);
        var changed = false;
        foreach (var kind in _kinds)
        {
            var (wanted, current) = (apis.Version(kind), Find(kind));
            if (wanted == current?.Version) continue;
            changed = true;
            if (current is { } old)
            {
                _watched = _watched.Remove(kind);
                LogUnwatched(kind.Kind, old.Version);
                await old.Informer.DisposeAsync();
                _objects.Forget(id => id.Kind == kind.Kind);
            }

            if (wanted is null) continue;
            var shared = _shared.Contains(kind);
            var informer = new Informer<CachedObject>(
                _client, Kinds.Of(kind, wanted), _time, _loggers.CreateLogger<Informer<CachedObject>>(), shared ? null : RuntimeDescriptor.DeploymentLabel);
            if (shared) informer.Changed += _ => SharedChanged?.Invoke();
            else informer.Changed += key => OnObject(kind.Kind, key, informer.Get(key));
            _watched = _watched.Add(kind, (wanted, informer));
            informer.Start();
            LogWatched(kind.Kind, wanted);
            // Deployments that wait for this kind are looked at again once it can be told what is there.
            _ = informer.Synced.ContinueWith(_ => ApisChanged?.Invoke(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
        }

        Apis = apis;
        return changed;
    }

    private (string Version, Informer<CachedObject> Informer)? Find(RuntimeObject kind)
    {
        foreach (var (known, watch) in _watched)
        {
            if (known.Group == kind.Group && known.Kind == kind.Kind) return watch;
        }

        return null;
    }

    private void OnObject(string kind, NamespacedName key, CachedObject? value)
    {
        var name = value?.Label(RuntimeDescriptor.DeploymentLabel);
        foreach (var deployment in _objects.Set(new ObjectId(kind, key.Name), key.Namespace, value, name is null ? null : new(key.Namespace, name)))
            Changed?.Invoke(deployment);
    }

    private void OnClaim(NamespacedName key)
    {
        var claim = _claims!.Get(key);
        NamespacedName? deployment = claim?.Metadata.Labels?.TryGetValue(RuntimeDescriptor.DeploymentLabel, out var name) == true ? new(key.Namespace, name) : null;
        foreach (var changed in _ownedClaims.Set(key.Name, key.Namespace, claim, deployment)) Changed?.Invoke(changed);
        ClaimChanged?.Invoke(key);
    }

    private Informer<ModelPod> Pods(string label)
    {
        var owned = _ownedPods[label] = new OwnedObjects<string, ModelPod>();
        var informer = new Informer<ModelPod>(_client, Kinds.Pods, _time, _loggers.CreateLogger<Informer<ModelPod>>(), label);
        informer.Changed += key =>
        {
            var pod = informer.Get(key);
            NamespacedName? deployment = pod?.Metadata.Labels?.TryGetValue(label, out var name) == true ? new(key.Namespace, name) : null;
            foreach (var changed in owned.Set(key.Name, key.Namespace, pod, deployment)) Changed?.Invoke(changed);
        };
        return informer;
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Watching {Kind} {Version}")]
    private partial void LogWatched(string kind, string version);

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "No longer watching {Kind} {Version}")]
    private partial void LogUnwatched(string kind, string version);
}
