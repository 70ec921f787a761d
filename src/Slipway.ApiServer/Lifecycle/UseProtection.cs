using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds;
using Slipway.ApiServer.Storage;
using Slipway.ApiServer.Watch;

namespace Slipway.ApiServer.Lifecycle;

/// <summary>Lets deleted claims, volumes and pod groups go when nothing uses them any more, as a cluster's protection controllers do.</summary>
internal sealed class UseProtection(ObjectStore store, ResourceRegistry registry)
{
    public const string OfClaims = "kubernetes.io/pvc-protection", OfVolumes = "kubernetes.io/pv-protection", OfGroups = "scheduling.k8s.io/podgroup-protection";

    private const string Claims = "/persistentvolumeclaims", Volumes = "/persistentvolumes", Groups = "scheduling.k8s.io/podgroups", Pods = "/pods";

    public async Task HandleAsync(Bucket bucket, WatchEvent item)
    {
        var stored = item.Object!;
        switch (bucket.Name)
        {
            case Claims or Volumes or Groups when item.Kind is not ChangeKind.Deleted && stored.Metadata.Deleting:
                await ReleaseAsync(bucket, stored);
                break;
            case Pods:
                foreach (var name in (string[])[Claims, Groups])
                    foreach (var waiting in store.Bucket(name).Current.Range(stored.Namespace + "/", null).Where(o => o.Metadata.Deleting).ToList())
                        await ReleaseAsync(store.Bucket(name), waiting);
                break;
        }
    }

    private Task ReleaseAsync(Bucket bucket, StoredObject stored)
    {
        var (group, plural, finalizer) = bucket.Name switch
        {
            Claims => ("", "persistentvolumeclaims", OfClaims),
            Volumes => ("", "persistentvolumes", OfVolumes),
            _ => ("scheduling.k8s.io", "podgroups", OfGroups),
        };
        var used = bucket.Name == Volumes ? stored.Parse().Map("status")?.Text("phase") == "Bound" : UsedByPods(stored, bucket.Name == Claims);
        return used ? Task.CompletedTask : FinalizerRemoval.RemoveAsync(store, bucket, registry.Current.Find(group, plural)!, stored.Key, finalizer);
    }

    private bool UsedByPods(StoredObject stored, bool claim) => store.Bucket(Pods).Current.Range(stored.Namespace + "/", null).Any(p =>
    {
        var pod = p.Parse();
        if (IsOver(pod) || pod.Map("spec") is not { } spec) return false;
        return claim
            ? spec.List("volumes")?.Maps().Any(v => v.Map("persistentVolumeClaim")?.Text("claimName") == stored.Name) == true
            : spec.Map("schedulingGroup")?.Text("podGroupName") == stored.Name;
    });

    private static bool IsOver(JsonMap pod) => pod.Map("status")?.Text("phase") is "Succeeded" or "Failed";
}
