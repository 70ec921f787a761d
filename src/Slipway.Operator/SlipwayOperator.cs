using Microsoft.Extensions.Logging;
using Slipway.Api.Crds;
using Slipway.Api.LocalEngines;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Providers;
using Slipway.Api.Rollouts;
using Slipway.Api.Schedules;
using Slipway.Capacity.Learning;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;
using Slipway.Kubernetes.Watching;
using Slipway.Models.Store;
using Slipway.Operator.Admission;
using Slipway.Operator.Drift;
using Slipway.Operator.Events;
using Slipway.Operator.Gateways;
using Slipway.Operator.Keeping;
using Slipway.Operator.LocalEngines;
using Slipway.Operator.ModelDeployments;
using Slipway.Operator.Providers;
using Slipway.Operator.Rollouts;
using Slipway.Operator.Rollouts.Preflight;
using Slipway.Operator.Rollouts.Sides;
using Slipway.Operator.Rollouts.Suites;
using Slipway.Operator.Rollouts.Traffic;
using Slipway.Operator.Sizing;
using Slipway.Operator.Speed;
using Slipway.Operator.Telemetry;
using Slipway.Operator.Upstream;
using Slipway.Runtimes;
using Slipway.Runtimes.Pods;

namespace Slipway.Operator;

/// <summary>All controllers of one process, over shared caches.</summary>
public sealed class SlipwayOperator : IAsyncDisposable
{
    private readonly RuntimeWatches _watches;
    private readonly ProviderRegistration _registration;
    private readonly IReadOnlyList<IRuntime> _runtimes;
    private readonly ModelDeploymentController _deployments;
    private readonly LocalEngineController? _local;
    private readonly OperatorTelemetry _telemetry;
    private readonly ModelSizer? _sizer;
    private readonly RolloutCaches? _rollouts;
    private readonly RolloutController? _rolling;
    private readonly SuiteController? _suites;
    private readonly DriftController? _drift;
    private readonly SpeedLearning? _learning;
    private readonly List<IDisposable> _owned = [];

    /// <summary>Initializes a new instance; <see cref="StartAsync"/> begins to work.</summary>
    /// <param name="client">The API.</param>
    /// <param name="runtimes">The runtimes that this process drives.</param>
    /// <param name="machine">What this machine has to run models with; none in a cluster.</param>
    /// <param name="gateway">The gateway's address, once there is one.</param>
    /// <param name="version">The version of this process.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">The logs.</param>
    /// <param name="clusterGateway">The Gateway object that models are reached through, where the cluster has several and none has the label; only without <paramref name="gateway"/>.</param>
    /// <param name="ceilings">How much one deployment may ask for.</param>
    /// <param name="rollouts">What rollouts need; none where no gateway goes by their weights.</param>
    /// <param name="speed">Where what is learned about speed is kept; nothing is learned where null, or where no hub tells what models are.</param>
    /// <param name="hub">The hub that is asked how large models are; none where accelerators are not counted out, as on one machine.</param>
    public SlipwayOperator(
        KubeClient client, IReadOnlyList<IRuntime> runtimes, LocalMachine? machine, Uri? gateway, string version, TimeProvider time, ILoggerFactory loggers,
        ModelStoreOptions? hub = null, NamespacedName? clusterGateway = null, Ceilings? ceilings = null, RolloutOptions? rollouts = null, ISpeedStore? speed = null)
    {
        ArgumentNullException.ThrowIfNull(runtimes);
        Informer<T> Watch<T>(Resource<T> resource)
            where T : class => new(client, resource, time, loggers.CreateLogger<Informer<T>>());

        _runtimes = runtimes;
        Deployments = Watch(Kinds.ModelDeployments);
        ProviderConfigs = Watch(Kinds.Providers);
        Engines = Watch(Kinds.LocalEngines);
        _watches = gateway is null ? new RuntimeWatches(client, runtimes, time, loggers, GatewayKinds.Made(runtimes), [GatewayKinds.Gateway]) : new RuntimeWatches(client, runtimes, time, loggers);
        var events = new EventRecorder(client, "slipway", time, loggers.CreateLogger<EventRecorder>());
        _registration = new ProviderRegistration(client, runtimes, _watches, version, time, loggers.CreateLogger<ProviderRegistration>());
        _telemetry = new OperatorTelemetry(runtimes.Select(r => r.Descriptor.Name), () => Deployments.Objects.Values);
        if (hub is not null) _sizer = new ModelSizer(client, hub, time);
        var view = gateway is null ? new GatewayView(_watches, clusterGateway) : null;
        Rollouts = Watch(Kinds.ModelRollouts);
        Schedules = Watch(Kinds.EvaluationSchedules);
        _deployments = new ModelDeploymentController(
            client, runtimes, gateway, Deployments, ProviderConfigs, _watches, events, _telemetry, time, loggers, _sizer, view, ceilings, rollouts is null ? null : Rollouts);
        if (rollouts is not null)
        {
            var artifacts = new OciArtifacts();
            _owned.Add(artifacts);
            _rollouts = new RolloutCaches(Deployments, Rollouts, Watch(Kinds.QualityGates), Watch(Kinds.EvaluationSuites), new SuiteTexts(
                (map, key, token) => new ConfigMapText(client, map, key).ReadAsync(token),
                hub is { Offline: true } ? static (_, _) => Task.FromResult<(string?, string?)>((null, "this Slipway is told to be offline")) : artifacts.ReadAsync));
            var (sides, traffic) = rollouts.Gateway ?? InCluster(client, runtimes, view ?? throw new ArgumentException("Rollouts take a gateway: Slipway's own, or the cluster's.", nameof(rollouts)), rollouts.Services, time);
            _owned.Add(sides);
            _rolling = new RolloutController(client, _rollouts, rollouts, sides, traffic, events, time, loggers, new PreflightCheck(new RoomReader(client, time), runtimes, _sizer is null ? null : _sizer.Size, rollouts.Prices));
            _suites = new SuiteController(client, _rollouts.Suites, _rollouts.Texts, time, loggers);
            _drift = new DriftController(client, Schedules, _rollouts, sides, rollouts.EvidenceFolder, events, time, loggers);
        }

        if (speed is not null && _sizer is not null) _learning = new SpeedLearning(new SpeedKeeper(speed, new ClusterLook(() => Deployments.Objects.Values, runtimes, _watches.PodsOf, _sizer.Profiles).LookAsync, time), loggers);
        if (machine is not null) _local = new LocalEngineController(client, Engines, machine, time, loggers);
    }

    private (IRolloutSides, IRolloutTraffic) InCluster(KubeClient client, IReadOnlyList<IRuntime> runtimes, GatewayView view, HttpMessageHandler? services, TimeProvider time)
    {
        var traffic = new EngineTraffic(Deployments.Get, runtimes, _watches.PodsOf, time);
        _owned.Add(traffic);
        return (new ClusterSides(runtimes, () => view.Facts, new SessionProbe(client, time).GetAsync, services ?? new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) }, time), traffic);
    }

    /// <summary>The deployments, kept at hand.</summary>
    public Informer<ModelDeployment> Deployments { get; }

    /// <summary>The runtimes that made themselves known, kept at hand.</summary>
    public Informer<InferenceProviderConfig> ProviderConfigs { get; }

    /// <summary>The rollouts, kept at hand where there are any.</summary>
    public Informer<ModelRollout> Rollouts { get; }

    /// <summary>The suites, kept at hand; null without rollouts.</summary>
    public Informer<EvaluationSuite>? Suites => _rollouts?.Suites;

    /// <summary>A suite with its prompts, wherever they are; null when there is none.</summary>
    /// <param name="key">Its name.</param>
    public EvaluationSuite? Suite(NamespacedName key) => _rollouts?.Suite(key);

    /// <summary>The schedules of evaluation, kept at hand where there are any.</summary>
    public Informer<EvaluationSchedule> Schedules { get; }

    /// <summary>The processes of this machine, kept at hand.</summary>
    public Informer<LocalEngine> Engines { get; }

    /// <summary>The pods of a deployment, as far as one of Slipway's runtimes runs it.</summary>
    /// <param name="deployment">The deployment.</param>
    public IReadOnlyList<ModelPod> PodsOf(ModelDeployment deployment)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        return _runtimes.FirstOrDefault(r => r.Descriptor.Name == deployment.Status?.Provider?.Name) is { } runtime
            ? _watches.PodsOf(new NamespacedName(deployment.Metadata.Namespace ?? "default", deployment.Metadata.Name ?? ""), runtime.Descriptor) : [];
    }

    /// <summary>Where the metrics of the engines of each deployment that answers are: processes of this machine, or pods with an address.</summary>
    public IReadOnlyDictionary<NamespacedName, IReadOnlyList<Uri>> EngineMetrics()
    {
        var found = new Dictionary<NamespacedName, IReadOnlyList<Uri>>();
        foreach (var (key, deployment) in Deployments.Objects)
        {
            var addresses = Engines.Get(key) is { } engine
                ? [.. (engine.Status?.Replicas ?? []).Where(static r => r is { State: "Ready", Port: not null }).Select(static r => new Uri($"http://127.0.0.1:{r.Port}/metrics"))]
                : _runtimes.FirstOrDefault(r => r.Descriptor.Name == deployment.Status?.Provider?.Name)?.Descriptor is { MetricsPort: { } port } runtime
                    ? _watches.PodsOf(key, runtime).Where(static p => p.IsReady).Select(p => PodMetrics.Address(p, port)).OfType<Uri>().ToList()
                    : (List<Uri>)[];
            if (addresses.Count > 0) found[key] = addresses;
        }

        return found;
    }

    /// <summary>What a deployment is rendered to now, beside what is there. Nothing is changed.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public Task<IReadOnlyList<RenderedObject>> RenderedAsync(NamespacedName deployment, CancellationToken cancellationToken) => _deployments.LookAsync(deployment, cancellationToken);

    /// <summary>Puts Slipway's kinds into an API, or brings them up to date.</summary>
    /// <param name="client">The API.</param>
    /// <param name="cancellationToken">Stops the requests.</param>
    /// <returns>When all are there.</returns>
    public static Task InstallKindsAsync(KubeClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        return Task.WhenAll(CustomResources.Names.Select(name => client.ApplyRawAsync(
            $"apis/apiextensions.k8s.io/v1/customresourcedefinitions/{name}", CustomResources.Read(name), "slipway", cancellationToken)));
    }

    /// <summary>Fills the caches and keeps them, and controls nothing: for who shows what is there, beside the process that works.</summary>
    /// <param name="cancellationToken">Stops starting.</param>
    /// <returns>When the caches are filled.</returns>
    public async Task WatchAsync(CancellationToken cancellationToken)
    {
        Watch();
        await _watches.StartAsync(cancellationToken);
        List<Task> synced = [Deployments.Synced, ProviderConfigs.Synced];
        if (_rollouts is not null) synced.AddRange([Rollouts.Synced, Schedules.Synced, _rollouts.Gates.Synced, _rollouts.Suites.Synced]);
        await Task.WhenAll(synced).WaitAsync(cancellationToken);
    }

    /// <summary>Begins to work.</summary>
    /// <param name="cancellationToken">Stops starting.</param>
    /// <returns>When the caches are filled and the controllers work.</returns>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Watch();
        await _watches.StartAsync(cancellationToken);
        await _registration.StartAsync(cancellationToken);
        if (_local is not null) await _local.StartAsync(cancellationToken);
        await _deployments.StartAsync(cancellationToken);
        if (_suites is not null) await _suites.StartAsync(cancellationToken);
        if (_rolling is not null) await _rolling.StartAsync(cancellationToken);
        if (_drift is not null) await _drift.StartAsync(cancellationToken);
        _learning?.Start();
    }

    private void Watch()
    {
        Deployments.Start();
        ProviderConfigs.Start();
        if (_local is not null) Engines.Start();
        if (_rollouts is not null)
        {
            Rollouts.Start();
            Schedules.Start();
            _rollouts.Gates.Start();
            _rollouts.Suites.Start();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_learning is not null) await _learning.DisposeAsync();
        if (_drift is not null) await _drift.DisposeAsync();
        if (_rolling is not null) await _rolling.DisposeAsync();
        if (_suites is not null) await _suites.DisposeAsync();
        await _deployments.DisposeAsync();
        if (_sizer is not null) await _sizer.DisposeAsync();
        if (_local is not null) await _local.DisposeAsync();
        await _registration.DisposeAsync();
        await _watches.DisposeAsync();
        if (_rollouts is not null)
        {
            await _rollouts.Suites.DisposeAsync();
            await _rollouts.Gates.DisposeAsync();
        }

        await Schedules.DisposeAsync();
        await Rollouts.DisposeAsync();
        await Engines.DisposeAsync();
        await ProviderConfigs.DisposeAsync();
        await Deployments.DisposeAsync();
        foreach (var owned in _owned) owned.Dispose();
        _telemetry.Dispose();
    }
}
