using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Kubernetes.Objects;

namespace Slipway.Operator.Telemetry;

/// <summary>What the controllers count and trace. No label takes a value that a user can make up, so the number of series has a bound.</summary>
public sealed class OperatorTelemetry : IDisposable
{
    /// <summary>The name of the meter and of the source of traces.</summary>
    public const string Name = "Slipway.Operator";

    private readonly Meter _meter = new(Name);
    private readonly ActivitySource _traces = new(Name);
    private readonly HashSet<string> _known;
    private readonly ConcurrentDictionary<NamespacedName, (DeploymentPhase Phase, DateTimeOffset Since)> _phases = new();
    private readonly Counter<long> _selections;
    private readonly Counter<long> _refusals;
    private readonly Histogram<double> _phaseTime;
    private readonly Histogram<double> _timeToReady;

    /// <summary>Initializes a new instance.</summary>
    /// <param name="runtimes">The names of the runtimes of this process; deployments of any other count as `other`.</param>
    /// <param name="deployments">The deployments as they are.</param>
    public OperatorTelemetry(IEnumerable<string> runtimes, Func<IEnumerable<ModelDeployment>> deployments)
    {
        ArgumentNullException.ThrowIfNull(deployments);
        _known = [.. runtimes];
        _meter.CreateObservableGauge("slipway.deployments", () => Count(deployments()), description: "ModelDeployments by runtime and phase.");
        _selections = _meter.CreateCounter<long>("slipway.selections", description: "Choices of a runtime and an engine.");
        _refusals = _meter.CreateCounter<long>("slipway.refusals", description: "Objects that the cluster did not take, by reason.");
        _phaseTime = _meter.CreateHistogram<double>("slipway.phase.duration", "s", "How long deployments stayed in a phase that they left.");
        _timeToReady = _meter.CreateHistogram<double>("slipway.time_to_ready", "s", "From the time a deployment was made, or stopped answering, until it answers.");
    }

    /// <summary>Begins the trace of a pass over a deployment.</summary>
    /// <param name="deployment">Which.</param>
    /// <returns>The trace, which ends when disposed; <see langword="null"/> when nobody listens.</returns>
    public Activity? Pass(NamespacedName deployment) =>
        _traces.StartActivity("reconcile modeldeployment")?.SetTag("k8s.namespace.name", deployment.Namespace).SetTag("slipway.deployment", deployment.Name);

    /// <summary>Counts what changed with a status.</summary>
    /// <param name="deployment">The deployment with its status before.</param>
    /// <param name="next">Its status now.</param>
    /// <param name="now">The time.</param>
    public void Changed(ModelDeployment deployment, ModelDeploymentStatus next, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        ArgumentNullException.ThrowIfNull(next);
        var (key, before) = (Key(deployment), deployment.Status);
        var provider = Provider(next);
        if (next.Provider?.Name is { } chosen && chosen != before?.Provider?.Name)
            _selections.Add(1, new("provider", provider), new("engine", Engine(next)));
        if (next.Phase is { } phase)
        {
            if (_phases.TryGetValue(key, out var was) && was.Phase != phase)
                _phaseTime.Record((now - was.Since).TotalSeconds, new("provider", provider), new KeyValuePair<string, object?>("phase", was.Phase.ToString()));
            if (was.Since == default || was.Phase != phase) _phases[key] = (phase, now);
        }

        if (Ready(next)?.Status is ConditionStatus.True && Ready(before)?.Status is not ConditionStatus.True && Since(deployment) is { } since)
            _timeToReady.Record((now - since).TotalSeconds, new KeyValuePair<string, object?>("provider", provider));
    }

    /// <summary>Counts an object that the cluster did not take.</summary>
    /// <param name="runtime">The runtime.</param>
    /// <param name="reason">Why, as one CamelCase word.</param>
    public void Refused(string runtime, string reason) => _refusals.Add(1, new("provider", runtime), new("reason", reason));

    /// <summary>Forgets a deployment that is gone.</summary>
    /// <param name="deployment">Which.</param>
    public void Gone(NamespacedName deployment) => _phases.TryRemove(deployment, out _);

    /// <inheritdoc/>
    public void Dispose()
    {
        _meter.Dispose();
        _traces.Dispose();
    }

    private IEnumerable<Measurement<long>> Count(IEnumerable<ModelDeployment> deployments) => deployments
        .CountBy(d => (Provider(d.Status), Phase: d.Status?.Phase ?? DeploymentPhase.Pending))
        .Select(c => new Measurement<long>(c.Value, new("provider", c.Key.Item1), new("phase", c.Key.Phase.ToString())));

    private string Provider(ModelDeploymentStatus? status) => status?.Provider?.Name is not { } name ? "" : _known.Contains(name) ? name : "other";

    private static string Engine(ModelDeploymentStatus status) => status.Engine?.Type?.ToString() ?? "";

    private static Condition? Ready(ModelDeploymentStatus? status) => status?.Conditions?.FirstOrDefault(c => c.Type == ConditionTypes.Ready);

    private static DateTimeOffset? Since(ModelDeployment deployment) => Ready(deployment.Status)?.LastTransitionTime ?? deployment.Metadata.CreationTimestamp;

    private static NamespacedName Key(ModelDeployment deployment) => new(deployment.Metadata.Namespace ?? "", deployment.Metadata.Name ?? "");
}
