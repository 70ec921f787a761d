using Slipway.Api.Meta;
using Slipway.Api.Schemas;

namespace Slipway.Api.ModelDeployments;

/// <summary>A model that is to be served: which one, by which engine, on what, and how many times.</summary>
/// <remarks>The common inference API `airunway.ai/v1alpha1` that AI Runway introduced: every valid manifest of it keeps its meaning.</remarks>
[CustomResource("airunway.ai", "v1alpha1", "ModelDeployment", "modeldeployments", "modeldeployment", ShortNames = ["md"],
    SpecReplicasPath = ".spec.scaling.replicas", StatusReplicasPath = ".status.replicas.ready")]
[PrinterColumn("Phase", ".status.phase", Description = "How far the deployment is")]
[PrinterColumn("Provider", ".status.provider.name", Description = "The runtime that serves the model")]
[PrinterColumn("Engine", ".status.engine.type", Description = "The inference engine")]
[PrinterColumn("Replicas", ".status.replicas.ready", Type = "integer", Description = "Replicas that answer requests")]
[PrinterColumn("Age", ".metadata.creationTimestamp", Type = "date")]
[PrinterColumn("Message", ".status.message", Description = "What is going on, in words", Priority = 1)]
public sealed record ModelDeployment
{
    /// <summary>The group and version of this kind.</summary>
    public const string GroupVersion = "airunway.ai/v1alpha1";

    /// <summary>The finalizer that Slipway's core puts on a ModelDeployment.</summary>
    public const string Finalizer = "slipway.dev/modeldeployment";

    /// <summary>The annotation that has a deployment's replicas started anew, one after the other where the runtime can: a time (RFC 3339), as `slipway restart` writes it. Another value is another restart.</summary>
    public const string RestartedAtAnnotation = "slipway.dev/restarted-at";

    /// <summary>Set to `true`, it makes Slipway leave the deployment as it is.</summary>
    public const string PausedAnnotation = "airunway.ai/reconcile-paused";

    /// <summary>The API version.</summary>
    public string ApiVersion { get; init; } = GroupVersion;

    /// <summary>The kind.</summary>
    public string Kind { get; init; } = "ModelDeployment";

    /// <summary>Name, namespace and the like.</summary>
    public ObjectMeta Metadata { get; init; } = new();

    /// <summary>What is wanted.</summary>
    public required ModelDeploymentSpec Spec { get; init; }

    /// <summary>What is.</summary>
    public ModelDeploymentStatus? Status { get; init; }

    /// <summary>Whether the user asked Slipway to leave this deployment as it is.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsPaused =>
        Metadata.Annotations is { } annotations
        && annotations.TryGetValue(PausedAnnotation, out var value)
        && string.Equals(value, "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>The value of <see cref="RestartedAtAnnotation"/> for a restart now.</summary>
    /// <param name="now">The time.</param>
    public static string RestartTime(DateTimeOffset now) => now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
