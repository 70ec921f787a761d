using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;

namespace Slipway.Simulators;

/// <summary>The kinds that simulated operators read and write.</summary>
public static class ApiKinds
{
    public static Resource<CachedObject> Pods { get; } = Kind("", "v1", "pods", "Pod");

    public static Resource<CachedObject> Services { get; } = Kind("", "v1", "services", "Service");

    public static Resource<CachedObject> Claims { get; } = Kind("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim");

    public static Resource<CachedObject> Jobs { get; } = Kind("batch", "v1", "jobs", "Job");

    public static Resource<CachedObject> Deployments { get; } = Kind("apps", "v1", "deployments", "Deployment");

    public static Resource<CachedObject> LeaderWorkerSets { get; } = Kind("leaderworkerset.x-k8s.io", "v1", "leaderworkersets", "LeaderWorkerSet");

    public static Resource<CachedObject> Workspaces { get; } = Kind("kaito.sh", "v1beta1", "workspaces", "Workspace");

    public static Resource<CachedObject> InferenceSets { get; } = Kind("kaito.sh", "v1beta1", "inferencesets", "InferenceSet");

    public static Resource<CachedObject> DynamoGraphs { get; } = Kind("nvidia.com", "v1beta1", "dynamographdeployments", "DynamoGraphDeployment");

    public static Resource<CachedObject> RayServices { get; } = Kind("ray.io", "v1", "rayservices", "RayService");

    public static Resource<CachedObject> LocalEngines { get; } = Kind("slipway.dev", "v1alpha1", "localengines", "LocalEngine");

    public static Resource<CachedObject> Gateways { get; } = Kind("gateway.networking.k8s.io", "v1", "gateways", "Gateway");

    public static Resource<CachedObject> HttpRoutes { get; } = Kind("gateway.networking.k8s.io", "v1", "httproutes", "HTTPRoute");

    public static Resource<CachedObject> Kind(string group, string version, string plural, string kind) =>
        new(group, version, plural, kind, true, KubeJson.Default.CachedObject, o => o.Identity);
}
