namespace Slipway.Scheduling.Tests.Harness;

/// <summary>Where objects of a kind are.</summary>
/// <param name="Name">The kind.</param>
/// <param name="Version">Its API version; empty for PodGroups, whose version is the cluster's.</param>
/// <param name="Plural">Its name in paths.</param>
/// <param name="Namespaced">Whether its objects are of a namespace.</param>
internal sealed record Kind(string Name, string Version, string Plural, bool Namespaced = true)
{
    public static Kind Pod { get; } = new("Pod", "v1", "pods");

    public static Kind Event { get; } = new("Event", "v1", "events");

    public static Kind Claim { get; } = new("ResourceClaim", "resource.k8s.io/v1", "resourceclaims");

    public static Kind Group { get; } = new("PodGroup", "", "podgroups");

    private static Kind[] Others { get; } =
    [
        Pod, Claim, Group,
        new("Node", "v1", "nodes", false), new("Namespace", "v1", "namespaces", false), new("ResourceQuota", "v1", "resourcequotas"), new("StatefulSet", "apps/v1", "statefulsets"), new("DaemonSet", "apps/v1", "daemonsets"),
        new("PriorityClass", "scheduling.k8s.io/v1", "priorityclasses", false), new("ResourceClaimTemplate", "resource.k8s.io/v1", "resourceclaimtemplates"),
        new("ResourceSlice", "resource.k8s.io/v1", "resourceslices", false), new("DeviceClass", "resource.k8s.io/v1", "deviceclasses", false), new("DeviceTaintRule", "resource.k8s.io/v1", "devicetaintrules", false),
    ];

    public static Kind Of(string name) => Others.Single(k => k.Name == name);
}
