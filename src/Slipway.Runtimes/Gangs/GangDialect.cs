namespace Slipway.Runtimes.Gangs;

/// <summary>How a version of Kubernetes says that pods start together or not at all (`scheduling.k8s.io`); no two releases share one.</summary>
/// <param name="Version">The version of the API.</param>
/// <remarks>
/// k8s.io/api scheduling/v1alpha1 (1.35), v1alpha2 (1.36), v1beta1 and v1alpha3 (1.37). In the first, groups are part of the Workload and pods name
/// it in `workloadRef`; in the others a PodGroup is an object, which pods name in `schedulingGroup`.
/// </remarks>
public sealed record GangDialect(string Version)
{
    /// <summary>Kubernetes 1.35.</summary>
    public static GangDialect V1Alpha1 { get; } = new("v1alpha1");

    /// <summary>Kubernetes 1.36.</summary>
    public static GangDialect V1Alpha2 { get; } = new("v1alpha2");

    /// <summary>Kubernetes 1.37, beside the next.</summary>
    public static GangDialect V1Alpha3 { get; } = new("v1alpha3");

    /// <summary>Kubernetes 1.37.</summary>
    public static GangDialect V1Beta1 { get; } = new("v1beta1");

    /// <summary>All of them, best first.</summary>
    public static IReadOnlyList<GangDialect> All { get; } = [V1Beta1, V1Alpha3, V1Alpha2, V1Alpha1];

    /// <summary>Whether groups are objects of their own.</summary>
    public bool HasPodGroups => this != V1Alpha1;

    /// <summary>The plural of the kind that has to be served.</summary>
    public string Plural => HasPodGroups ? "podgroups" : "workloads";

    /// <summary>The field of a pod's spec that names its group.</summary>
    public string PodField => HasPodGroups ? "schedulingGroup" : "workloadRef";
}
