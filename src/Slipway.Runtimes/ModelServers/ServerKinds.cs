using Slipway.Runtimes.Accelerators;
using Slipway.Runtimes.Gangs;

namespace Slipway.Runtimes.ModelServers;

/// <summary>The kinds that model servers without an operator of their own are made of.</summary>
internal static class ServerKinds
{
    public static RuntimeObject Deployment { get; } = BuiltIn("apps", "v1", "Deployment", "deployments");

    public static RuntimeObject Service { get; } = BuiltIn("", "v1", "Service", "services");

    public static RuntimeObject HorizontalPodAutoscaler { get; } = BuiltIn("autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers");

    /// <summary>Runs a replica over several nodes; LWS 0.10 or later, for the restart policy that is rendered.</summary>
    public static RuntimeObject LeaderWorkerSet { get; } = new("leaderworkerset.x-k8s.io", "v1", "LeaderWorkerSet", "leaderworkersets");

    public static RuntimeObject ScaledObject { get; } = new("keda.sh", "v1alpha1", "ScaledObject", "scaledobjects");

    public static RuntimeObject PodMonitor { get; } = new("monitoring.coreos.com", "v1", "PodMonitor", "podmonitors");

    /// <summary>What a model server may need beside its Deployment.</summary>
    public static IReadOnlyList<RuntimeObject> Others { get; } = [LeaderWorkerSet, Service, ScaledObject, HorizontalPodAutoscaler, PodMonitor, DeviceClaims.TemplateKind, GangObjects.WorkloadKind, GangObjects.PodGroupKind];

    /// <summary>`group/version` of a kind, with the version that the cluster serves where it serves one that will do.</summary>
    public static string ApiVersion(this RuntimeObject kind, ClusterApis apis)
    {
        var version = apis.Version(kind) ?? kind.Version;
        return kind.Group.Length == 0 ? version : $"{kind.Group}/{version}";
    }

    internal static RuntimeObject BuiltIn(string group, string version, string kind, string plural) => new(group, version, kind, plural) { IsCustom = false };
}
