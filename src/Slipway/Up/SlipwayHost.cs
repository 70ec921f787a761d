using System.Reflection;
using Slipway.Api.ModelDeployments;
using Slipway.ApiServer;
using Slipway.Capacity.Learning;
using Slipway.Commands;
using Slipway.Gateway;
using Slipway.Gateway.Keys;
using Slipway.Gateway.Routing;
using Slipway.Knowing;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;
using Slipway.Kubernetes.Watching;
using Slipway.Operator;
using Slipway.Operator.Load;
using Slipway.Operator.Rollouts;
using Slipway.Operator.Rollouts.Sides;
using Slipway.Operator.Speed;
using Slipway.Runtimes.LlmD;
using Slipway.Runtimes.Local;
using Slipway.Runtimes.Vllm;
using Slipway.Simulation;
using Slipway.Simulation.Cluster;
using Slipway.Up.Page;

namespace Slipway.Up;

/// <summary>Everything that `up` runs, in one process.</summary>
internal sealed partial class SlipwayHost : IAsyncDisposable
{
    private static readonly Resource<CachedObject> s_namespaces = new("", "v1", "namespaces", "Namespace", false, KubeJson.Default.CachedObject, static n => n.Identity);

    private readonly List<IAsyncDisposable> _parts = [];

    private SlipwayHost(Instance instance) => Instance = instance;

    /// <summary>The version of this program.</summary>
    public static string Version { get; } =
        typeof(SlipwayHost).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>Where everything answers.</summary>
    public Instance Instance { get; private set; }

    /// <exception cref="CommandFailure">Something stands in the way; the message says what and what to do.</exception>
    public static async Task<SlipwayHost> StartAsync(UpOptions options, ILoggerFactory loggers, TimeProvider time, CancellationToken cancellationToken)
    {
        // Before anything is started: what is wrong with it is the user's to change.
        var page = options.Web.At(0);
        var (oidc, oidcOfPage) = (options.Web.Oidc?.ForApi(), options.Web.Oidc?.ForPage());
        var data = options.Data;
        var last = data.ReadInstance();
        var host = new SlipwayHost(new Instance(Environment.ProcessId, null!, null!, null!));
        try
        {
            var router = new Router();
            var watching = host.Own(new GatewayWatching(time));
            var traffic = new GatewayTraffic(router, watching.History, watching.Sized);
            SlipwayOperator? operators = null;
            var speed = new LocalSpeed(() => operators?.Deployments.Objects.Values ?? [], LocalMachineFactory.Models(data, time));
            host._parts.Add(new Disposal(speed));
            var recording = host.Own(new GatewayRecording(data, time, loggers));
            var ownKey = data.OwnKey();
            var keys = new KeyCheck(ownKey, time);
            var gateway = await host.OwnAsync(GatewayServer.StartAsync(
                new GatewayOptions
                {
                    Port = Ports.Choose(options.GatewayPort, "--gateway-port", last?.Gateway.Port, 7080),
                    Observers = [.. watching.Observers, traffic, speed],
                    Recorder = recording.Recorder,
                    Keys = keys,
                    Metrics = watching.AnswerAsync,
                    Time = time,
                },
                router, loggers, cancellationToken));
            var api = await host.OwnAsync(EmbeddedApiServer.StartAsync(
                new ApiServerOptions
                {
                    DataDirectory = data.ApiServer,
                    KubeconfigPath = data.Kubeconfig,
                    Port = Ports.Choose(options.ApiPort, "--api-port", last?.Api.Port, 7443),
                    Oidc = oidc,
                    Time = time,
                },
                loggers,
                cancellationToken));

            var connection = KubeConnection.WithCertificate(api.Address, api.CertificateAuthority, api.AdminCertificate);
            host._parts.Add(new Disposal(connection));
            var client = new KubeClient(connection);
            await SlipwayOperator.InstallKindsAsync(client, cancellationToken);
            await ChangePolicy.InstallAsync(client, cancellationToken);

            if (options.Simulation is { } plan) await host.SimulateAsync(client, plan, loggers, time, cancellationToken);
            var machine = host.Own(LocalMachineFactory.Create(data, time, loggers));
            var controllers = host.Own(new SlipwayOperator(
                client, options.Simulation is null ? [new LocalRuntime()] : [new LocalRuntime(), new VllmRuntime(), new LlmDRuntime()], machine, gateway.Address, Version, time, loggers,
                hub: options.Simulation is null ? null : LocalMachineFactory.Models(data, time),
                rollouts: new RolloutOptions(data.Evidence) { Gateway = (new GatewaySides(gateway.Address, Routes.DeploymentHeader, time) { Key = ownKey }, traffic), DecisionKey = data.DecisionKey, Recordings = new RecordedTraffic(data.Recordings(time), recording), Prices = () => KnownPrices.ReadAsync(data.PriceStore, null) }));
            void Publish() => router.Publish(RouteTableBuilder.Build(
                controllers.Deployments.Objects.Values, controllers.Engines.Objects.Values, controllers.Rollouts.Objects.Values, router.Current, recording.Rules, options.Simulation is null ? null : Silent));
            controllers.Deployments.Changed += _ => Publish();
            controllers.Engines.Changed += _ => Publish();
            controllers.Rollouts.Changed += _ => Publish();
            var namespaces = host.Own(new Informer<CachedObject>(client, s_namespaces, time, loggers.CreateLogger<Informer<CachedObject>>()));
            recording.Follow(namespaces, Publish);
            var locks = host.Own(new GatewayKeys(client, namespaces, keys, time, loggers));
            namespaces.Start();
            await locks.ReadyAsync(cancellationToken);
            await controllers.StartAsync(cancellationToken);
            operators = controllers;

            var load = new LoadHistory(time);
            // Simulated pods have addresses that nobody answers at.
            host.Own(LoadKeeping.Start(load, options.Simulation is null ? controllers.EngineMetrics : static () => LoadKeeping.NoEngines, client, data.PriceStore, time));
            var web = await host.OwnAsync(PageSite.StartAsync(
                page with { Port = Ports.Choose(options.WebPort, "--web-port", last?.Web.Port, 7081) }, options.Web.SignsIn ? new KubeTransport(api.Address, api.CertificateAuthority) : null, oidcOfPage,
                new Web.PageOptions(gateway.Address, Version) { GatewayKey = ownKey },
                new PageParts(controllers, watching.History, load, data) { Keys = locks, Prometheus = options.Prometheus is { } prometheus ? new PrometheusHistory(prometheus, time) : null },
                client, time, loggers, cancellationToken));
            host.Instance = new Instance(Environment.ProcessId, api.Address, gateway.Address, web.Address);
            host.Own(CostKeeping.Start(client, data.CostHistory, data.PriceStore, time, loggers));
            var learning = host.Own(new SpeedLearning(new SpeedKeeper(new SpeedFile(data.LearnedSpeed), speed.LookAsync, time), loggers));
            learning.Start();
            if (options.RefreshPrices) host.Own(PriceRefreshing.Start(client, data, time, loggers));
            data.WriteInstance(host.Instance);
            return host;
        }
        catch (Exception failure)
        {
            await host.DisposeAsync();
            if (failure is ApiServerStartException or IOException or UnauthorizedAccessException) throw new CommandFailure(ExitCodes.Failed, failure.Message);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // In the reverse order of their start: nothing is left standing on something that is gone.
        for (var i = _parts.Count - 1; i >= 0; i--) await _parts[i].DisposeAsync();
        _parts.Clear();
    }

    // Before the controllers, which find the kinds and the nodes that they are to use.
    private async Task SimulateAsync(KubeClient client, SimulationPlan plan, ILoggerFactory loggers, TimeProvider time, CancellationToken cancellationToken)
    {
        await new ClusterPublisher(client, time).PublishAsync(plan, cancellationToken);
        await Own(new SimulatedControlPlane(client, plan.Startup, time, loggers)).StartAsync(cancellationToken);
        LogSimulated(loggers.CreateLogger<SlipwayHost>(), plan.NodeCount, plan.Accelerators);
    }

    private static string? Silent(ModelDeployment deployment) =>
        deployment.Status?.Provider?.Name is VllmRuntime.Name or LlmDRuntime.Name ? "It runs on simulated nodes (slipway up --simulate), where nothing answers" : null;

    [LoggerMessage(Level = LogLevel.Warning, Message = "Simulated cluster: {Nodes} nodes, {Accelerators}. A simulated scheduler places pods on them, and nothing runs there")]
    private static partial void LogSimulated(ILogger logger, int nodes, string accelerators);

    private async Task<T> OwnAsync<T>(Task<T> starting)
        where T : IAsyncDisposable => Own(await starting);

    private T Own<T>(T part)
        where T : IAsyncDisposable
    {
        _parts.Add(part);
        return part;
    }

    private sealed class Disposal(IDisposable inner) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            inner.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
