using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Slipway.Api;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Providers;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Controllers;
using Slipway.Kubernetes.Objects;
using Slipway.Kubernetes.Watching;
using Slipway.Operator.Events;
using Slipway.Runtimes;

namespace Slipway.Operator.ModelDeployments;

/// <summary>Follows ModelDeployments: reads the caches, lets the planner decide, applies once, writes the status once.</summary>
public sealed partial class ModelDeploymentController : IAsyncDisposable
{
    internal const string Manager = "slipway";

    private static readonly string[] s_withdrawable = ["endpoint", "gateway", "replicas"];

    private readonly KubeClient _client;
    private readonly DeploymentPlanner _planner;
    private readonly Informer<ModelDeployment> _deployments;
    private readonly Informer<InferenceProviderConfig> _providers;
    private readonly Dictionary<string, Informer<JsonObject>> _rendered;
    private readonly EventRecorder _events;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Controller _controller;

    /// <summary>Initializes a new instance; <see cref="StartAsync"/> begins to work.</summary>
    /// <param name="client">The API.</param>
    /// <param name="planner">The decisions.</param>
    /// <param name="deployments">The deployments.</param>
    /// <param name="providers">The runtimes that made themselves known.</param>
    /// <param name="rendered">The runtimes' objects, by the runtime's name.</param>
    /// <param name="events">For telling people.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">The logs.</param>
    public ModelDeploymentController(
        KubeClient client,
        DeploymentPlanner planner,
        Informer<ModelDeployment> deployments,
        Informer<InferenceProviderConfig> providers,
        IReadOnlyDictionary<string, Informer<JsonObject>> rendered,
        EventRecorder events,
        TimeProvider time,
        ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(deployments);
        ArgumentNullException.ThrowIfNull(providers);
        _client = client;
        _planner = planner;
        _deployments = deployments;
        _providers = providers;
        _rendered = new(rendered);
        _events = events;
        _time = time;
        _logger = loggers.CreateLogger<ModelDeploymentController>();
        _controller = new Controller("modeldeployments", ReconcileAsync, time, loggers.CreateLogger<Controller>());

        _deployments.Changed += OnDeployment;
        _providers.Changed += _ => EnqueueAll();
        foreach (var informer in _rendered.Values) informer.Changed += _controller.Enqueue;
    }

    /// <summary>Begins to work, once the caches are filled.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>When the work has begun.</returns>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll([_deployments.Synced, _providers.Synced, .. _rendered.Values.Select(i => i.Synced)]).WaitAsync(cancellationToken);
        EnqueueAll();
        _controller.Start();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _controller.DisposeAsync();

    // A deployment that comes or goes can free or take a model name that others ask for.
    private void OnDeployment(NamespacedName key)
    {
        _controller.Enqueue(key);
        var name = _deployments.Get(key) is { } changed ? ServedModel.RoutedName(changed) : null;
        foreach (var (other, value) in _deployments.Objects)
        {
            if (other != key && (name is null || ServedModel.RoutedName(value) == name)) _controller.Enqueue(other);
        }
    }

    private void EnqueueAll()
    {
        foreach (var key in _deployments.Objects.Keys) _controller.Enqueue(key);
    }

    private async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (_deployments.Get(key) is not { } deployment) return ReconcileResult.Done;
        if (deployment.Metadata.DeletionTimestamp is not null) return await RemoveAsync(deployment, key, cancellationToken);
        if (deployment.IsPaused) return ReconcileResult.Done;

        if (deployment.Metadata.Finalizers?.Contains(ModelDeployment.Finalizer) != true)
        {
            await SetFinalizersAsync(deployment, key, [.. deployment.Metadata.Finalizers ?? [], ModelDeployment.Finalizer], cancellationToken);
            return ReconcileResult.Done;
        }

        var providers = _providers.Objects.Values.ToList();
        var plan = _planner.Plan(deployment, providers, Rendered(deployment, key), TakenBy(deployment), _time.GetUtcNow());
        if (plan.Apply is { } apply && _planner.Runtime(plan.Status.Provider?.Name) is { } runtime)
            plan = await ApplyAsync(plan, apply, runtime, deployment, cancellationToken);
        await WriteAsync(plan, deployment, cancellationToken);
        return ReconcileResult.Done;
    }

    private async Task<DeploymentPlan> ApplyAsync(
        DeploymentPlan plan, JsonObject apply, IRuntime runtime, ModelDeployment deployment, CancellationToken cancellationToken)
    {
        try
        {
            await _client.ApplyAsync(Kinds.Of(runtime.Descriptor.Object), apply, Manager, cancellationToken);
            return plan;
        }
        catch (KubeApiException refused) when ((int)refused.Code is >= 400 and < 500 && !refused.IsConflict)
        {
            var message = $"The cluster refuses the {runtime.Descriptor.Object.Kind} that {runtime.Descriptor.DisplayName} needs: {refused.Message}";
            var conditions = new ConditionSet(plan.Status.Conditions, deployment.Metadata.Generation, _time.GetUtcNow());
            conditions.False(ConditionTypes.ResourceCreated, "IncompatibleUpstream", message);
            conditions.False(ConditionTypes.Ready, "IncompatibleUpstream", message);
            return plan with
            {
                Status = plan.Status with { Phase = DeploymentPhase.Failed, Message = message, Conditions = conditions.Conditions },
            };
        }
    }

    private async Task WriteAsync(DeploymentPlan plan, ModelDeployment deployment, CancellationToken cancellationToken)
    {
        if (Same(plan.Status, deployment.Status)) return;
        await WriteStatusAsync(plan.Status, deployment, cancellationToken);
        var about = Reference(deployment);
        foreach (var (reason, message, warning) in plan.News(deployment.Status))
            await _events.RecordAsync(about, reason, message, warning, cancellationToken);
    }

    // A merge patch with the version that was read: another controller's write in between is a conflict, and fields that are no
    // longer said go. Providers of the shared API write whole statuses too, so ownership by field would not hold here.
    private async Task WriteStatusAsync(ModelDeploymentStatus status, ModelDeployment deployment, CancellationToken cancellationToken)
    {
        var next = JsonSerializer.SerializeToNode(status, SlipwayJson.Default.ModelDeploymentStatus)!.AsObject();
        foreach (var gone in s_withdrawable.Where(f => !next.ContainsKey(f))) next[gone] = null;
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject { ["resourceVersion"] = deployment.Metadata.ResourceVersion },
            ["status"] = next,
        };
        await _client.MergePatchAsync(Kinds.ModelDeployments, Key(deployment), patch, Manager, cancellationToken, "status");
    }

    private async Task<ReconcileResult> RemoveAsync(ModelDeployment deployment, NamespacedName key, CancellationToken cancellationToken)
    {
        if (deployment.Metadata.Finalizers?.Contains(ModelDeployment.Finalizer) != true) return ReconcileResult.Done;
        foreach (var (name, informer) in _rendered)
        {
            if (informer.Get(key) is not { } rendered || !OwnedBy(rendered, deployment)) continue;
            if (rendered["metadata"]?["deletionTimestamp"] is null)
                await _client.DeleteAsync(Kinds.Of(_planner.Runtime(name)!.Descriptor.Object), key, cancellationToken);
            if (deployment.Status?.Phase is not DeploymentPhase.Terminating)
            {
                var status = (deployment.Status ?? new()) with { Phase = DeploymentPhase.Terminating, Message = "Stopping what runs the model" };
                await WriteStatusAsync(status, deployment, cancellationToken);
            }

            // The object's own going brings this key here again.
            return ReconcileResult.Done;
        }

        LogRemoved(key);
        await SetFinalizersAsync(deployment, key, [.. deployment.Metadata.Finalizers.Where(f => f != ModelDeployment.Finalizer)], cancellationToken);
        return ReconcileResult.Done;
    }

    private Task SetFinalizersAsync(ModelDeployment deployment, NamespacedName key, string[] finalizers, CancellationToken cancellationToken)
    {
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["resourceVersion"] = deployment.Metadata.ResourceVersion,
                ["finalizers"] = new JsonArray([.. finalizers.Select(f => (JsonNode)f)]),
            },
        };
        return _client.MergePatchAsync(Kinds.ModelDeployments, key, patch, Manager, cancellationToken);
    }

    private JsonObject? Rendered(ModelDeployment deployment, NamespacedName key)
    {
        var name = deployment.Spec.Provider?.Name ?? deployment.Status?.Provider?.Name;
        return name is not null && _rendered.TryGetValue(name, out var informer) ? informer.Get(key) : null;
    }

    /// <summary>The older deployment that requests of the same model name go to, if there is one.</summary>
    private string? TakenBy(ModelDeployment deployment)
    {
        var winner = ModelNames.Owner(_deployments.Objects.Values, ServedModel.RoutedName(deployment));
        return winner is null || winner.Metadata.Uid == deployment.Metadata.Uid ? null : Key(winner).ToString();
    }

    private static bool Same(ModelDeploymentStatus next, ModelDeploymentStatus? current) =>
        current is not null
        && JsonSerializer.Serialize(next, SlipwayJson.Default.ModelDeploymentStatus)
            == JsonSerializer.Serialize(current, SlipwayJson.Default.ModelDeploymentStatus);

    private static bool OwnedBy(JsonObject rendered, ModelDeployment deployment) =>
        rendered["metadata"]?["ownerReferences"] is JsonArray owners && owners.Any(o => (string?)o?["uid"] == deployment.Metadata.Uid);

    private static NamespacedName Key(ModelDeployment deployment) => new(deployment.Metadata.Namespace ?? "", deployment.Metadata.Name ?? "");

    private static ObjectReference Reference(ModelDeployment deployment) => new()
    {
        ApiVersion = ModelDeployment.GroupVersion,
        Kind = "ModelDeployment",
        Namespace = deployment.Metadata.Namespace,
        Name = deployment.Metadata.Name,
        Uid = deployment.Metadata.Uid,
    };

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "{Key} is removed")]
    private partial void LogRemoved(NamespacedName key);
}
