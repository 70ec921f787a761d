using Microsoft.Extensions.Logging;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Controllers;
using Slipway.Kubernetes.Objects;
using Slipway.Simulation.Claims;
using Slipway.Simulation.Scheduling;
using Slipway.Simulation.Workloads;

namespace Slipway.Simulation;

/// <summary>
/// What makes an API without nodes look like a cluster: a scheduler, the controllers of workloads and claims, and kubelets that say that pods run. Nothing runs.
/// It is for an API that has none of these; a cluster of its own has them already, and would fight.
/// </summary>
public sealed class SimulatedControlPlane : IAsyncDisposable
{
    private readonly ClusterCache _cache;
    private readonly List<IAsyncDisposable> _parts = [];
    private readonly List<Action> _starts = [];

    /// <summary>Initializes a new instance; <see cref="StartAsync"/> begins to work.</summary>
    /// <param name="client">The API.</param>
    /// <param name="startup">How long a pod takes from its node to its readiness.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">The logs.</param>
    public SimulatedControlPlane(KubeClient client, TimeSpan startup, TimeProvider time, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(client);
        _cache = new(client, time, loggers);
        var events = new EventWriter(client, ScheduleWriter.Manager, time, loggers.CreateLogger<EventWriter>());
        (Resource<CachedObject> Kind, Planner Planner)[] workloads =
        [
            (Kinds.Deployments, Deployments.Plan), (Kinds.StatefulSets, StatefulSets.Plan), (Kinds.DaemonSets, DaemonSets.Plan), (Kinds.Jobs, Jobs.Plan), (Kinds.LeaderWorkerSets, new LeaderWorkerSets().Plan),
        ];
        foreach (var (kind, planner) in workloads)
        {
            var controller = new WorkloadController(client, _cache, kind, planner, time, loggers);
            _parts.Add(controller);
            _starts.Add(controller.Start);
        }

        var (maker, release) = (new ClaimMaker(client, _cache, events), new ClaimRelease(client, _cache));
        var pods = Run("pod claims", maker.PodAsync, Kinds.Pods);
        var groups = Run("gang claims", maker.GroupAsync, Kinds.Groups);
        _cache[Kinds.ClaimTemplates].Changed += template =>
        {
            foreach (var key in _cache[Kinds.Pods].Objects.Keys.Where(k => k.Namespace == template.Namespace)) pods.Enqueue(key);
            foreach (var key in _cache[Kinds.Groups].Objects.Keys.Where(k => k.Namespace == template.Namespace)) groups.Enqueue(key);
        };
        _cache[Kinds.Groups].Changed += group =>
        {
            foreach (var key in _cache[Kinds.Pods].Objects.Keys.Where(k => k.Namespace == group.Namespace)) pods.Enqueue(key);
        };
        var releases = Run("claims", release.ClaimAsync, Kinds.Claims);
        foreach (var kind in new[] { Kinds.Pods, Kinds.Groups })
        {
            _cache[kind].Changed += consumer =>
            {
                foreach (var key in _cache[Kinds.Claims].Objects.Keys.Where(k => k.Namespace == consumer.Namespace)) releases.Enqueue(key);
            };
        }

        Run("kubelet", new Kubelet(client, _cache, startup, time).PodAsync, Kinds.Pods);
        Run("volumes", new VolumeBinder(client, _cache).ClaimAsync, Kinds.Volumes);
        var scheduler = new SchedulerLoop(_cache, new ScheduleWriter(client, _cache, events, time), time, loggers.CreateLogger<SchedulerLoop>());
        _parts.Add(scheduler);
        _starts.Add(scheduler.Start);

        Controller Run(string name, Func<NamespacedName, CancellationToken, Task<ReconcileResult>> pass, Resource<CachedObject> kind)
        {
            var controller = new Controller(name, pass, time, loggers.CreateLogger<Controller>());
            _cache[kind].Changed += controller.Enqueue;
            _parts.Add(controller);
            _starts.Add(() => controller.Start());
            return controller;
        }
    }

    /// <summary>Begins to work.</summary>
    /// <param name="cancellationToken">Stops starting.</param>
    /// <returns>When all that is there is known and the controllers work.</returns>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _cache.StartAsync(cancellationToken);
        foreach (var start in _starts) start();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        for (var i = _parts.Count - 1; i >= 0; i--) await _parts[i].DisposeAsync();
        await _cache.DisposeAsync();
    }
}
