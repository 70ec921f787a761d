using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;

namespace Slipway.Simulation;

/// <summary>The kinds that a simulated control plane reads and writes.</summary>
internal static class Kinds
{
    public static Resource<CachedObject> Nodes { get; } = Of("", "v1", "nodes", "Node", namespaced: false);

    public static Resource<CachedObject> Pods { get; } = Of("", "v1", "pods", "Pod");

    public static Resource<CachedObject> Events { get; } = Of("", "v1", "events", "Event");

    public static Resource<CachedObject> Volumes { get; } = Of("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim");

    public static Resource<CachedObject> Deployments { get; } = Of("apps", "v1", "deployments", "Deployment");

    public static Resource<CachedObject> StatefulSets { get; } = Of("apps", "v1", "statefulsets", "StatefulSet");

    public static Resource<CachedObject> DaemonSets { get; } = Of("apps", "v1", "daemonsets", "DaemonSet");

    public static Resource<CachedObject> Jobs { get; } = Of("batch", "v1", "jobs", "Job");

    public static Resource<CachedObject> LeaderWorkerSets { get; } = Of("leaderworkerset.x-k8s.io", "v1", "leaderworkersets", "LeaderWorkerSet");

    public static Resource<CachedObject> Groups { get; } = Of("scheduling.k8s.io", "v1alpha2", "podgroups", "PodGroup");

    public static Resource<CachedObject> Claims { get; } = Of("resource.k8s.io", "v1", "resourceclaims", "ResourceClaim");

    public static Resource<CachedObject> ClaimTemplates { get; } = Of("resource.k8s.io", "v1", "resourceclaimtemplates", "ResourceClaimTemplate");

    public static Resource<CachedObject> Slices { get; } = Of("resource.k8s.io", "v1", "resourceslices", "ResourceSlice", namespaced: false);

    public static Resource<CachedObject> Classes { get; } = Of("resource.k8s.io", "v1", "deviceclasses", "DeviceClass", namespaced: false);

    private static Resource<CachedObject> Of(string group, string version, string plural, string kind, bool namespaced = true) =>
        new(group, version, plural, kind, namespaced, KubeJson.Default.CachedObject, static o => o.Identity);
}
