using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Slipway.Api;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Providers;
using Slipway.Api.Rollouts;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Controllers;
using Slipway.Kubernetes.Objects;
using Slipway.Kubernetes.Watching;
using Slipway.Operator.Admission;
using Slipway.Operator.Devices;
using Slipway.Operator.Events;
using Slipway.Operator.Gateways;
using Slipway.Operator.Selection;
using Slipway.Operator.Sizing;
using Slipway.Operator.Telemetry;
using Slipway.Operator.Upstream;
using Slipway.Operator.Waits;
using Slipway.Runtimes;
using Slipway.Runtimes.Gangs;

namespace Slipway.Operator.ModelDeployments;

/// <summary>Follows ModelDeployments: reads the caches, lets the planner decide, applies once, writes the status once.</summary>
public sealed class ModelDeploymentController : IAsyncDisposable
{
    internal const string Manager = "slipway";

    // A refusal may be lifted by somebody who changes the cluster and not the deployment.
    private static readonly TimeSpan s_afterRefusal = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan s_forWatches = TimeSpan.FromSeconds(5);

    private readonly DeploymentPlanner _planner;
    private readonly Informer<ModelDeployment> _deployments;
    private readonly Informer<InferenceProviderConfig> _providers;
    private readonly RuntimeWatches _watches;
    private readonly ObjectWriter _objects;
    private readonly KubeClient _client;
    private readonly StatusWriter _status;
    private readonly EventReader _events;
    private readonly WaitReader _waits;
    private readonly GatewayView? _gateway;
    private readonly Informer<ModelRollout>? _rollouts;
    private readonly Removal _removal;
    private readonly NameIndex _names = new();
    private readonly ConcurrentDictionary<NamespacedName, (string Says, DateTimeOffset? Beat)> _heard = new();
    private readonly OperatorTelemetry _telemetry;
    private readonly ModelSizer? _sizer;
    private readonly CapabilityProbe _capabilities;
    private readonly SessionProbe _sessions;
    private readonly TimeProvider _time;
    private readonly Controller _controller;

    /// <summary>Initializes a new instance; <see cref="StartAsync"/> begins to work.</summary>
    /// <param name="client">The API.</param>
    /// <param name="runtimes">The runtimes that this process drives.</param>
    /// <param name="gateway">The gateway's address, once there is one.</param>
    /// <param name="deployments">The deployments.</param>
    /// <param name="providers">The runtimes that made themselves known.</param>
    /// <param name="watches">What the runtimes rendered.</param>
    /// <param name="events">For telling people.</param>
    /// <param name="telemetry">What is counted.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">The logs.</param>
    /// <param name="sizer">Says how many accelerators a model needs; none where one is always right.</param>
    /// <param name="view">The cluster's Gateway; none where <paramref name="gateway"/> is Slipway's own.</param>
    /// <param name="ceilings">How much one deployment may ask for.</param>
    /// <param name="rollouts">The rollouts, which divide the traffic of routes and the replicas of deployments; none where nobody carries any out.</param>
    internal ModelDeploymentController(
        KubeClient client,
        IReadOnlyList<IRuntime> runtimes,
        Uri? gateway,
        Informer<ModelDeployment> deployments,
        Informer<InferenceProviderConfig> providers,
        RuntimeWatches watches,
        EventRecorder events,
        OperatorTelemetry telemetry,
        TimeProvider time,
        ILoggerFactory loggers,
        ModelSizer? sizer = null,
        GatewayView? view = null,
        Ceilings? ceilings = null,
        Informer<ModelRollout>? rollouts = null)
    {
        (_planner, _deployments, _providers, _watches, _telemetry, _time) = (new DeploymentPlanner(runtimes, gateway, ceilings), deployments, providers, watches, telemetry, time);
        (_client, _gateway, _rollouts) = (client, view, rollouts);
        _capabilities = new CapabilityProbe(client, time, gangsOnly: true);
        _sessions = new SessionProbe(client, time);
        _objects = new ObjectWriter(client, watches);
        _status = new StatusWriter(client, events);
        _events = new EventReader(client, time);
        _waits = new WaitReader(client, time);
        _removal = new Removal(client, runtimes, watches, _status, events, time, loggers.CreateLogger<ModelDeploymentController>());
        _controller = new Controller("modeldeployments", ReconcileAsync, time, loggers.CreateLogger<Controller>());

        _deployments.Changed += OnDeployment;
        _providers.Changed += OnProvider;
        _watches.Changed += OnObjects;
        _watches.ApisChanged += EnqueueAll;
        _watches.ClaimChanged += OnClaim;
        if (_gateway is not null) _gateway.Changed += EnqueueAll;
        if (_rollouts is not null) _rollouts.Changed += OnRollout;
        _sizer = sizer;
        if (sizer is not null) sizer.Profiles.Arrived += _controller.Enqueue;
    }

    /// <summary>Begins to work, once the caches are filled.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>When the work has begun.</returns>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(_deployments.Synced, _providers.Synced).WaitAsync(cancellationToken);
        // What a deployment gave up to a rollout would be given back, and taken away again.
        if (_rollouts is not null) await _rollouts.Synced.WaitAsync(cancellationToken);
        foreach (var (key, deployment) in _deployments.Objects) _names.Set(key, deployment);
        _gateway?.Refresh();
        EnqueueAll();
        // The work is waiting for answers, hardly ever for a processor.
        _controller.Start(workers: 8);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _controller.DisposeAsync();

    // A deployment that comes or goes can free or take a model name that others ask for.
    private void OnDeployment(NamespacedName key)
    {
        _controller.Enqueue(key);
        // Where a candidate answers is in the route of the deployment that it is to replace.
        if (_rollouts is not null && _deployments.Get(key)?.Metadata.Labels?.GetValueOrDefault(ModelRollout.Label) is { } rollout) OnRollout(key with { Name = rollout });
        foreach (var other in _names.Set(key, _deployments.Get(key))) _controller.Enqueue(other);
    }

    private void OnRollout(NamespacedName key)
    {
        if (_rollouts!.Get(key) is { } rollout) _controller.Enqueue(key with { Name = rollout.Spec.DeploymentRef.Name });
        // Of one that is gone nobody knows whose it was.
        else foreach (var deployment in _deployments.Objects.Keys.Where(d => d.Namespace == key.Namespace)) _controller.Enqueue(deployment);
    }

    // A heartbeat alone changes nothing for anybody: six runtimes beat once a minute, and deployments may be thousands. One after a silence
    // does: deployments that wanted the runtime meanwhile were told that it is silent.
    private void OnProvider(NamespacedName key)
    {
        var provider = _providers.Get(key);
        var says = provider is null ? "" : JsonSerializer.Serialize(
            provider with { Metadata = new ObjectMeta { Name = key.Name }, Status = provider.Status is { } s ? s with { LastHeartbeat = null } : null },
            SlipwayJson.Default.InferenceProviderConfig);
        var beat = provider?.Status?.LastHeartbeat;
        var known = _heard.TryGetValue(key, out var before) && before.Says == says;
        _heard[key] = (says, beat);
        if (known && !(beat - before.Beat > Candidate.Silence)) return;
        EnqueueAll();
    }

    // A successor's route that works is what the route of the one before waits for.
    private void OnObjects(NamespacedName key)
    {
        _controller.Enqueue(key);
        if (_rollouts is null || _deployments.Get(key)?.Metadata.Labels?.ContainsKey(ModelRollout.Label) != true) return;
        foreach (var (other, value) in _deployments.Objects)
        {
            if (other.Namespace == key.Namespace && value.Metadata.Annotations?.GetValueOrDefault(ModelRollout.ReplacedByAnnotation) == key.Name) _controller.Enqueue(other);
        }
    }

    // Claims that the user made carry nobody's name.
    private void OnClaim(NamespacedName claim)
    {
        foreach (var (key, deployment) in _deployments.Objects)
        {
            if (key.Namespace == claim.Namespace && deployment.Spec.Model.Storage is not null && StoragePlanner.ClaimNames(deployment).Contains(claim.Name)) _controller.Enqueue(key);
        }
    }

    private void EnqueueAll()
    {
        foreach (var key in _deployments.Objects.Keys) _controller.Enqueue(key);
    }

    // All that a decision rests on, as the caches have it now.
    private async Task<PlanInput> InputAsync(ModelDeployment deployment, NamespacedName key, IRuntime? before, GangSupport gangs, CancellationToken cancellationToken)
    {
        var objects = _watches.Objects(key);
        var routes = objects.Where(o => o.Key.Kind == GatewayKinds.HttpRoute.Kind).ToImmutableDictionary();
        var share = Share(key);
        return new PlanInput([.. _providers.Objects.Values], _time.GetUtcNow())
        {
            Apis = _watches.Apis with { Gangs = gangs },
            Objects = objects.RemoveRange(routes.Keys),
            Routes = routes,
            Gateway = _gateway?.Facts,
            GivenRoute = await GivenRouteAsync(deployment, cancellationToken),
            Service = await ServiceAsync(deployment, before, cancellationToken),
            Pods = before is null ? [] : _watches.PodsOf(key, before.Descriptor),
            Claims = _watches.Claims(key, StoragePlanner.ClaimNames(deployment)),
            DownloadPods = _watches.DownloadPodsOf(key),
            NameTakenBy = _names.TakenBy(key)?.ToString(),
            Share = share,
            KnowsSessions = share is not null && _gateway is not null && (await _sessions.GetAsync(cancellationToken)).State is FieldState.Kept,
            Replicas = Replicas(key),
            Successor = Successor(deployment, key),
            Sizing = _sizer?.Size(deployment),
        };
    }

    /// <summary>What a deployment is rendered to now, beside what is there. Nothing is changed.</summary>
    /// <param name="key">The deployment.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Its objects, the main one first; none where nothing is rendered, as its conditions say.</returns>
    public async Task<IReadOnlyList<RenderedObject>> LookAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (_deployments.Get(key) is not { Metadata.DeletionTimestamp: null } deployment) return [];
        var gangs = GangPlanner.SpansNodes(deployment) ? (await _capabilities.GetAsync(cancellationToken)).Gangs : GangSupport.NotAsked;
        var input = await InputAsync(deployment, key, _planner.Runtime(deployment.Status?.Provider?.Name), gangs, cancellationToken);
        return [.. _planner.Plan(deployment, input).Rendered.Select(o => RenderedObject.Of(o, input.Objects))];
    }

    private async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (_deployments.Get(key) is not { } deployment)
        {
            _telemetry.Gone(key);
            return ReconcileResult.Done;
        }

        using var trace = _telemetry.Pass(key);
        if (deployment.Metadata.DeletionTimestamp is not null) return await _removal.PassAsync(deployment, key, cancellationToken);
        if (deployment.IsPaused) return ReconcileResult.Done;

        if (deployment.Metadata.Finalizers?.Contains(ModelDeployment.Finalizer) != true)
        {
            await _status.SetFinalizersAsync(deployment, [.. deployment.Metadata.Finalizers ?? [], ModelDeployment.Finalizer], cancellationToken);
            return ReconcileResult.Done;
        }

        var before = _planner.Runtime(deployment.Status?.Provider?.Name);
        // Until all of a runtime's objects are at hand, what exists would be taken for missing; their arrival brings this key here again.
        if (before is not null && !_watches.IsComplete(before.Descriptor)) return ReconcileResult.Done;
        var gangs = GangPlanner.SpansNodes(deployment) ? (await _capabilities.GetAsync(cancellationToken)).Gangs : GangSupport.NotAsked;
        // A gang that cannot be watched yet would not be made, and what is made without one stays so.
        if (gangs.Dialect is { HasPodGroups: true } && _watches.Knows(GangSupport.Group) && _watches.Apis.Version(GangSupport.Group) is null)
        {
            _watches.LookAgain();
            return new ReconcileResult(s_forWatches);
        }

        var input = await InputAsync(deployment, key, before, gangs, cancellationToken);
        var events = EventQuestions.Of(input.Observation);
        foreach (var reason in events.Reasons) input = input with { Events = input.Events.AddRange(await _events.ReadAsync(key.Namespace, reason, cancellationToken)) };
        var plan = _planner.Plan(deployment, input);
        var waits = WaitQuestions.Of(plan, deployment, input);
        plan = WaitTeller.Say(plan, deployment, input, waits, waits.Any ? await _waits.ReadAsync(key.Namespace, waits, cancellationToken) : new WaitFacts());
        if (events.LookAgain is { } again && (plan.LookAgain is null || again < plan.LookAgain)) plan = plan with { LookAgain = again };
        // Written before anything is made by it; the change brings this key here again.
        if (plan.Record is { } record)
        {
            await _status.RecordAsync(deployment, record, cancellationToken);
            return ReconcileResult.Done;
        }

        Refusal? refusal = null;
        if (plan.Runtime is { } runtime)
        {
            if (!_watches.IsComplete(runtime.Descriptor)) return ReconcileResult.Done;
            refusal = await _objects.WriteAsync(deployment, runtime.Descriptor, plan.Claims, cancellationToken);
            // A claim that may not grow is no reason to stop what runs on it.
            if (refusal is not null && plan.Claims.All(c => c is ApplyObject { IsNew: false }))
            {
                plan = plan with { Status = StoragePlanner.NotGrown(plan.Status, deployment, refusal.Message, _time.GetUtcNow()), LookAgain = s_afterRefusal };
                refusal = null;
            }

            refusal ??= await _objects.WriteAsync(deployment, runtime.Descriptor, plan.Changes, cancellationToken);
        }

        if (refusal is not null)
        {
            _telemetry.Refused(plan.Runtime!.Descriptor.Name, refusal.Reason);
            plan = Refused(plan, deployment, refusal);
        }

        else if (await _objects.WriteAsync(deployment, null, plan.Routes, cancellationToken) is { } unrouted)
        {
            _telemetry.Refused(plan.Status.Provider?.Name ?? "", unrouted.Reason);
            var conditions = new ConditionSet(plan.Status.Conditions, deployment.Metadata.Generation, _time.GetUtcNow());
            conditions.False(ConditionTypes.GatewayReady, unrouted.Reason, unrouted.Message);
            plan = plan with { Status = plan.Status with { Gateway = null, Conditions = Stable(conditions.Conditions, deployment) }, LookAgain = s_afterRefusal };
        }

        if (await _status.WriteAsync(plan, deployment, cancellationToken)) _telemetry.Changed(deployment, plan.Status, _time.GetUtcNow());
        return new ReconcileResult(refusal is null ? plan.LookAgain : s_afterRefusal);
    }

    private RouteShare? Share(NamespacedName key)
    {
        foreach (var (rollout, value) in _rollouts?.Objects ?? [])
        {
            if (rollout.Namespace != key.Namespace || value.Spec.DeploymentRef.Name != key.Name || TrafficShare.Of(value) is not { } share) continue;
            RouteShare? To(string name, int weight) => _deployments.Get(key with { Name = name }) is { } to ? new RouteShare(to, DeploymentPlanner.Engine(to.Status, _providers.Objects.Values), weight) : null;
            if (To(share.Candidate, share.Weight) is { } candidate) return candidate with { Control = share.Control is { } control ? To(control, share.ControlWeight) : null };
        }

        return null;
    }

    private ReplicaShare? Replicas(NamespacedName key) =>
        (_rollouts?.Objects ?? []).Where(r => r.Key.Namespace == key.Namespace && r.Value.Spec.DeploymentRef.Name == key.Name).Select(static r => ReplicaShare.Of(r.Value)).FirstOrDefault(static s => s is not null);

    private Successor? Successor(ModelDeployment deployment, NamespacedName key)
    {
        if (deployment.Metadata.Annotations?.GetValueOrDefault(ModelRollout.ReplacedByAnnotation) is not { } name || _deployments.Get(key with { Name = name }) is not { } successor) return null;
        return new Successor(successor, _watches.Objects(key with { Name = name }).GetValueOrDefault(new ObjectId(GatewayKinds.HttpRoute.Kind, name)));
    }

    // Read when it is asked for: a watch of all routes of a cluster for the few that are somebody's own would be too much.
    private async Task<CachedObject?> GivenRouteAsync(ModelDeployment deployment, CancellationToken cancellationToken) =>
        _gateway is not null && deployment.Spec.Gateway is { HttpRouteRef: { Length: > 0 } name, Enabled: not false } && _watches.Resource(null, GatewayKinds.HttpRoute.Kind) is { } routes
            ? await _client.GetAsync(routes, new NamespacedName(deployment.Metadata.Namespace!, name), cancellationToken) : null;

    // Of a provider of somebody else's that wants an endpoint picker before its pods; what Services there are is no other business of ours.
    private async Task<CachedObject?> ServiceAsync(ModelDeployment deployment, IRuntime? ours, CancellationToken cancellationToken) =>
        _gateway?.Facts.Gateway is not null && ours is null && _planner.MakesPools && deployment.Status is { Endpoint.Service: { Length: > 0 } name } && PoolPlanner.Wanted(DeploymentPlanner.Engine(deployment.Status, _providers.Objects.Values))
            && _watches.Resource(null, "Service") is { } services
            ? await _client.GetAsync(services, new NamespacedName(deployment.Metadata.Namespace!, name), cancellationToken) : null;

    private DeploymentPlan Refused(DeploymentPlan plan, ModelDeployment deployment, Refusal refusal)
    {
        // On top of the conditions before this pass: those of the plan took it for done.
        var conditions = new ConditionSet(plan.Status.Conditions, deployment.Metadata.Generation, _time.GetUtcNow());
        conditions.False(ConditionTypes.ResourceCreated, refusal.Reason, refusal.Message);
        conditions.False(ConditionTypes.Ready, refusal.Reason, refusal.Message);
        conditions.Remove(ConditionTypes.Progressing);
        return plan with
        {
            Status = plan.Status with { Phase = DeploymentPhase.Failed, Message = refusal.Message, Conditions = Stable(conditions.Conditions, deployment) },
        };
    }

    // The plan said "created" and the refusal said "not" in one pass: the time is that of the condition as it stands, when it says "not" too.
    private static IReadOnlyList<Condition> Stable(IReadOnlyList<Condition> conditions, ModelDeployment deployment) =>
        [.. conditions.Select(c => deployment.Status?.Conditions?.FirstOrDefault(o => o.Type == c.Type && o.Status == c.Status) is { } old ? c with { LastTransitionTime = old.LastTransitionTime } : c)];
}
