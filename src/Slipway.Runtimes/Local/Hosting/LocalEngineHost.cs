using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Slipway.Runtimes.Local.Hosting;

/// <summary>Outcome of <see cref="LocalEngineHost.EnsureAsync"/>.</summary>
/// <param name="Refusal">Why the spec cannot be run as it is; null when it is being run.</param>
public sealed record EnsureOutcome(string? Refusal)
{
    /// <summary>Whether the engines are being run as asked.</summary>
    public bool Accepted => Refusal is null;
}

/// <summary>A deployment after a change of one of its replicas.</summary>
/// <param name="snapshot">All its replicas.</param>
public sealed class EngineChangedEventArgs(EngineSnapshot snapshot) : EventArgs
{
    /// <summary>All its replicas.</summary>
    public EngineSnapshot Snapshot { get; } = snapshot;
}

/// <summary>Runs engines on this machine: for each name as many replicas as asked, started again when they end.</summary>
/// <remarks>
/// Safe for concurrent use. Disposing stops every engine within 3 seconds. If this process dies without it, each engine is ended by its
/// own watchdog (see <see cref="Watchdog"/>), and what should outlive even that is ended by <see cref="SweepAsync"/> of the next one.
/// </remarks>
public sealed partial class LocalEngineHost : IAsyncDisposable
{
    private readonly LocalEngineHostOptions _options;
    private readonly ILogger _logger;
    private readonly IEngineLauncher _launcher;
    private readonly PortPool _ports = new();
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Lock _publishing = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentDictionary<Task, bool> _given = new();
    private readonly ConcurrentDictionary<string, Deployment> _deployments = new(StringComparer.Ordinal);

    /// <summary>Makes a host that runs nothing yet.</summary>
    /// <param name="options">Directories, waits, clock.</param>
    /// <param name="logger">Receives starts and ends.</param>
    /// <param name="launcher">Starts engines; null for real processes.</param>
    public LocalEngineHost(LocalEngineHostOptions options, ILogger<LocalEngineHost>? logger = null, IEngineLauncher? launcher = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _logger = logger ?? NullLogger<LocalEngineHost>.Instance;
        _launcher = launcher ?? new ProcessLauncher(options);
    }

    /// <summary>Raised at every change of a replica, in order, on the thread that saw it: a handler notes it and returns.</summary>
    public event EventHandler<EngineChangedEventArgs>? Changed;

    /// <summary>All deployments now.</summary>
    public IReadOnlyList<EngineSnapshot> Snapshots => [.. _deployments.Values.Select(static d => d.Snapshot())];

    /// <summary>A deployment now; null when no such name is run.</summary>
    /// <param name="name">Its name.</param>
    public EngineSnapshot? Find(string name) => _deployments.TryGetValue(name, out var deployment) ? deployment.Snapshot() : null;

    /// <summary>Ends engines of an earlier Slipway on this data directory that are still running. To be called before the first engine is started.</summary>
    /// <returns>How many were ended.</returns>
    public Task<int> SweepAsync(CancellationToken cancellationToken) => Leftovers.EndAsync(_options, _logger, cancellationToken);

    /// <summary>Sees to it that a spec is served by so many replicas. A changed spec ends the old engines first. Returns before they are ready.</summary>
    /// <param name="spec">What to serve.</param>
    /// <param name="replicas">How many processes; 0 ends them and keeps the name.</param>
    /// <param name="cancellationToken">Ends the wait for its turn.</param>
    /// <returns>Whether the spec can be run, or why not.</returns>
    public async Task<EnsureOutcome> EnsureAsync(EngineSpec spec, int replicas, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentOutOfRangeException.ThrowIfNegative(replicas);
        if (!SafeName().IsMatch(spec.Name)) throw new ArgumentException($"'{spec.Name}' is not safe as a file name.", nameof(spec));
        if (EngineArguments.Refuse(spec) is { } refusal) return new EnsureOutcome(refusal);
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_deployments.TryGetValue(spec.Name, out var deployment) && deployment.Fingerprint != spec.Fingerprint())
            {
                await deployment.EndAsync();
                deployment = null;
            }

            deployment ??= _deployments[spec.Name] = new Deployment(spec, Publish);
            foreach (var surplus in deployment.Scale(spec, replicas, Start)) Give(surplus);
            return new EnsureOutcome(Refusal: null);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Ends the engines of a name and forgets it. An unknown name is no error.</summary>
    /// <param name="name">Name of the deployment.</param>
    /// <param name="cancellationToken">Ends the wait for its turn.</param>
    public async Task StopAsync(string name, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (!_deployments.TryGetValue(name, out var deployment)) return;
            await deployment.EndAsync();
            _deployments.TryRemove(name, out _);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _gate.WaitAsync();
        try
        {
            await _ending.CancelAsync();
            await Task.WhenAll([.. _deployments.Values.Select(static d => d.EndAsync()), .. _given.Keys]);
            _deployments.Clear();
        }
        finally
        {
            _gate.Release();
        }

        (_launcher as IDisposable)?.Dispose();
        _gate.Dispose();
        _ending.Dispose();
    }

    // Nobody is sent to it any more; who is being answered is answered.
    private void Give(Replica surplus)
    {
        var given = EndAsync();
        _given[given] = true;
        _ = given.ContinueWith(t => _given.TryRemove(t, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

        async Task EndAsync()
        {
            await surplus.DrainAsync(_ending.Token);
            await surplus.DisposeAsync();
        }
    }

    private Replica Start(EngineSpec spec, int index, Action changed) => new(spec, index, _options, _launcher, _ports, changed, _logger);

    private void Publish(Deployment deployment)
    {
        // One at a time, and the snapshot is taken inside: a later event never shows an earlier state.
        lock (_publishing)
        {
            try
            {
                Changed?.Invoke(this, new EngineChangedEventArgs(deployment.Snapshot()));
            }
#pragma warning disable CA1031 // A handler's fault, whatever it is, must not end the watching of an engine.
            catch (Exception e)
#pragma warning restore CA1031
            {
                LogHandlerFailed(e);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A handler of engine changes failed")]
    private partial void LogHandlerFailed(Exception exception);

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,252}$", RegexOptions.None, 1000)]
    private static partial Regex SafeName();

    private sealed class Deployment(EngineSpec spec, Action<Deployment> publish)
    {
        private Replica[] _replicas = [];

        public string Fingerprint { get; } = spec.Fingerprint();

        public EngineSnapshot Snapshot() => new(spec.Name, spec, [.. Volatile.Read(ref _replicas).Select(static r => r.Snapshot)]);

        /// <summary>Has so many, as whoever looks sees from now on.</summary>
        /// <returns>Those that are too many, still running.</returns>
        public IReadOnlyList<Replica> Scale(EngineSpec now, int replicas, Func<EngineSpec, int, Action, Replica> start)
        {
            var surplus = _replicas.Skip(replicas).ToList();
            if (surplus.Count == 0 && _replicas.Length == replicas) return surplus;
            Volatile.Write(ref _replicas,
                [.. _replicas.Take(replicas), .. Enumerable.Range(_replicas.Length, Math.Max(0, replicas - _replicas.Length)).Select(i => start(now, i, () => publish(this)))]);
            publish(this);
            return surplus;
        }

        /// <summary>Ends all of them at once.</summary>
        public async Task EndAsync()
        {
            await Task.WhenAll(_replicas.Select(static r => r.DisposeAsync().AsTask()));
            if (_replicas.Length == 0) return;
            Volatile.Write(ref _replicas, []);
            publish(this);
        }
    }
}
