using System.Collections.Immutable;

namespace Slipway.Capacity.Quotas;

/// <summary>What is about to be made in a namespace, as quotas count it.</summary>
/// <param name="Pods">The pods, shape by shape.</param>
/// <param name="Resources">Extended resources that stand for DeviceClasses, by the class's name: claims of such a class count against quotas of the resource too, from Kubernetes 1.36 on.</param>
public sealed record QuotaAsk(ImmutableArray<PodAsk> Pods, ImmutableDictionary<string, string> Resources)
{
    /// <summary>Claims of volumes to make: the storage class where one is named, and bytes.</summary>
    public ImmutableArray<(string? StorageClass, decimal Bytes)> Volumes { get; init; } = [];

    /// <summary>What of it a quota counts against one of its limits.</summary>
    /// <param name="quota">The quota.</param>
    /// <param name="resource">What it limits.</param>
    /// <returns>Cores, bytes, devices or objects; 0 for what it does not count.</returns>
    public decimal Amount(NamespaceQuota quota, string resource)
    {
        ArgumentNullException.ThrowIfNull(quota);
        ArgumentNullException.ThrowIfNull(resource);
        var asked = resource switch { "cpu" or "memory" => $"requests.{resource}", "count/pods" => "pods", _ => resource };
        var ofPods = Covered(quota).Sum(p => p.Count * (asked is "pods" ? 1 : p.Each.GetValueOrDefault(asked)));
        if (!quota.Scopes.IsEmpty) return ofPods;
        return ofPods + Pods.Sum(p => p.Count * p.Claims.Sum(c => asked is "count/resourceclaims.resource.k8s.io" ? 1 : ClaimCount.Of(c).Where(d => Keys(d.Class).Contains(asked)).Sum(static d => d.Devices)))
            + Volumes.Sum(v => asked switch
            {
                "persistentvolumeclaims" or "count/persistentvolumeclaims" => 1,
                "requests.storage" => v.Bytes,
                _ when v.StorageClass is { } its && asked == $"{its}.storageclass.storage.k8s.io/requests.storage" => v.Bytes,
                _ when v.StorageClass is { } its && asked == $"{its}.storageclass.storage.k8s.io/persistentvolumeclaims" => 1,
                _ => 0,
            });
    }

    /// <summary>The pods that a quota counts.</summary>
    internal IEnumerable<PodAsk> Covered(NamespaceQuota quota) => Pods.Where(p => p is { Count: > 0, IsMade: false } && quota.Scopes.All(s => s.Covers(p)));

    // All three move together on Kubernetes 1.36; before, a class has no resource and nobody limits the one by its name.
    private IEnumerable<string> Keys(string name)
    {
        yield return $"{name}.deviceclass.resource.k8s.io/devices";
        yield return $"requests.deviceclass.resource.kubernetes.io/{name}";
        if (Resources.TryGetValue(name, out var resource)) yield return $"requests.{resource}";
    }
}
