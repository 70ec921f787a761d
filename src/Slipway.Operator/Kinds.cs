using Slipway.Api;
using Slipway.Api.Keys;
using Slipway.Api.LocalEngines;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Providers;
using Slipway.Api.Rollouts;
using Slipway.Api.Schedules;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;
using Slipway.Runtimes;
using Slipway.Runtimes.Pods;
using Slipway.Runtimes.Storage;

namespace Slipway.Operator;

/// <summary>The kinds that Slipway reads and writes, as a client needs to know them.</summary>
public static class Kinds
{
    /// <summary>ModelDeployment.</summary>
    public static Resource<ModelDeployment> ModelDeployments { get; } = new(
        "airunway.ai", "v1alpha1", "modeldeployments", "ModelDeployment", true, SlipwayJson.Default.ModelDeployment, d => Identity(d.Metadata));

    /// <summary>InferenceProviderConfig.</summary>
    public static Resource<InferenceProviderConfig> Providers { get; } = new(
        "airunway.ai", "v1alpha1", "inferenceproviderconfigs", "InferenceProviderConfig", false,
        SlipwayJson.Default.InferenceProviderConfig, p => Identity(p.Metadata));

    /// <summary>LocalEngine.</summary>
    public static Resource<LocalEngine> LocalEngines { get; } = new(
        "slipway.dev", "v1alpha1", "localengines", "LocalEngine", true, SlipwayJson.Default.LocalEngine, e => Identity(e.Metadata));

    /// <summary>EvaluationSuite.</summary>
    public static Resource<EvaluationSuite> EvaluationSuites { get; } = new(
        "slipway.dev", "v1alpha1", "evaluationsuites", "EvaluationSuite", true, SlipwayJson.Default.EvaluationSuite, s => Identity(s.Metadata));

    /// <summary>QualityGate.</summary>
    public static Resource<QualityGate> QualityGates { get; } = new(
        "slipway.dev", "v1alpha1", "qualitygates", "QualityGate", true, SlipwayJson.Default.QualityGate, g => Identity(g.Metadata));

    /// <summary>ModelRollout.</summary>
    public static Resource<ModelRollout> ModelRollouts { get; } = new(
        "slipway.dev", "v1alpha1", "modelrollouts", "ModelRollout", true, SlipwayJson.Default.ModelRollout, r => Identity(r.Metadata));

    /// <summary>RolloutRecord.</summary>
    public static Resource<RolloutRecord> RolloutRecords { get; } = new(
        "slipway.dev", "v1alpha1", "rolloutrecords", "RolloutRecord", true, SlipwayJson.Default.RolloutRecord, r => Identity(r.Metadata));

    /// <summary>RolloutEvidence.</summary>
    public static Resource<RolloutEvidence> RolloutEvidences { get; } = new(
        "slipway.dev", "v1alpha1", "rolloutevidences", "RolloutEvidence", true, SlipwayJson.Default.RolloutEvidence, e => Identity(e.Metadata));

    /// <summary>EvaluationSchedule.</summary>
    public static Resource<EvaluationSchedule> EvaluationSchedules { get; } = new(
        "slipway.dev", "v1alpha1", "evaluationschedules", "EvaluationSchedule", true, SlipwayJson.Default.EvaluationSchedule, s => Identity(s.Metadata));

    /// <summary>ApiKey.</summary>
    public static Resource<ApiKey> ApiKeys { get; } = new(
        "slipway.dev", "v1alpha1", "apikeys", "ApiKey", true, SlipwayJson.Default.ApiKey, k => Identity(k.Metadata));

    /// <summary>Event.</summary>
    public static Resource<KubernetesEvent> Events { get; } = new(
        "", "v1", "events", "Event", true, SlipwayJson.Default.KubernetesEvent, e => Identity(e.Metadata));

    /// <summary>ConfigMap.</summary>
    public static Resource<CachedObject> ConfigMaps { get; } = new("", "v1", "configmaps", "ConfigMap", true, KubeJson.Default.CachedObject, c => c.Identity);

    /// <summary>Secret.</summary>
    public static Resource<Secret> Secrets { get; } = new(
        "", "v1", "secrets", "Secret", true, SlipwayJson.Default.Secret, s => Identity(s.Metadata));

    /// <summary>Pod, with what is read of it.</summary>
    public static Resource<ModelPod> Pods { get; } = new("", "v1", "pods", "Pod", true, PodJson.Default.ModelPod, p => Identity(p.Metadata));

    /// <summary>PersistentVolumeClaim, with what is read of it.</summary>
    public static Resource<VolumeClaim> Claims { get; } = new(
        "", "v1", "persistentvolumeclaims", "PersistentVolumeClaim", true, ClaimJson.Default.VolumeClaim, c => Identity(c.Metadata));

    /// <summary>Node.</summary>
    public static Resource<CachedObject> Nodes { get; } = new("", "v1", "nodes", "Node", false, KubeJson.Default.CachedObject, n => n.Identity);

    /// <summary>ResourceQuota.</summary>
    public static Resource<CachedObject> ResourceQuotas { get; } = new("", "v1", "resourcequotas", "ResourceQuota", true, KubeJson.Default.CachedObject, q => q.Identity);

    /// <summary>ResourceSlice: the devices that DRA drivers publish.</summary>
    public static Resource<CachedObject> ResourceSlices { get; } = new("resource.k8s.io", "v1", "resourceslices", "ResourceSlice", false, KubeJson.Default.CachedObject, s => s.Identity);

    /// <summary>DeviceClass.</summary>
    public static Resource<CachedObject> DeviceClasses { get; } = new("resource.k8s.io", "v1", "deviceclasses", "DeviceClass", false, KubeJson.Default.CachedObject, c => c.Identity);

    /// <summary>ResourceClaim.</summary>
    public static Resource<CachedObject> ResourceClaims { get; } = new("resource.k8s.io", "v1", "resourceclaims", "ResourceClaim", true, KubeJson.Default.CachedObject, c => c.Identity);

    /// <summary>The kind of object that a runtime renders to, as it is cached.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="version">The version to speak.</param>
    /// <returns>How a client knows it.</returns>
    public static Resource<CachedObject> Of(RuntimeObject kind, string version)
    {
        ArgumentNullException.ThrowIfNull(kind);
        return new(kind.Group, version, kind.Plural, kind.Kind, true, KubeJson.Default.CachedObject, o => o.Identity);
    }

    private static ObjectIdentity Identity(ObjectMeta meta) =>
        new(new NamespacedName(meta.Namespace ?? "", meta.Name ?? ""), meta.Uid ?? "", meta.ResourceVersion ?? "");
}
