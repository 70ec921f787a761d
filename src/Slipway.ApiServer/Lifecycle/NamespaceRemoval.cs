using Slipway.ApiServer.Kinds;
using Slipway.ApiServer.Requests;
using Slipway.ApiServer.Storage;
using Slipway.ApiServer.Watch;

namespace Slipway.ApiServer.Lifecycle;

/// <summary>Empties namespaces that are being deleted and lets them go when nothing is left.</summary>
internal sealed class NamespaceRemoval(ObjectStore store, ResourceRegistry registry, DeleteHandler deleter)
{
    private static readonly DeleteOptions s_background = new("Background");

    private readonly HashSet<string> _terminating = new(StringComparer.Ordinal);

    public async Task HandleAsync(Bucket bucket, WatchEvent item)
    {
        var stored = item.Object!;
        if (bucket.Name == NamespaceGuard.Bucket)
        {
            if (item.Kind is ChangeKind.Deleted) _terminating.Remove(stored.Name);
            else if (_terminating.Add(stored.Name)) await EmptyAsync(stored.Name);
            if (item.Kind is not ChangeKind.Deleted) await ReleaseAsync(stored.Name);
        }
        else if (_terminating.Contains(stored.Namespace))
        {
            await ReleaseAsync(stored.Namespace);
        }
    }

    private async Task EmptyAsync(string name)
    {
        foreach (var type in registry.Current.Types.Where(t => t.Namespaced).DistinctBy(t => t.BucketName, StringComparer.Ordinal))
        {
            var bucket = store.Bucket(type.BucketName);
            foreach (var item in bucket.Current.Range(name + "/", null).ToList())
                await deleter.RemoveAsync(bucket, type, item.Key, s_background);
        }
    }

    private async Task ReleaseAsync(string name)
    {
        if (store.Buckets.Any(b => b.Current.Range(name + "/", null).Any())) return;
        var bucket = store.Bucket(NamespaceGuard.Bucket);
        var type = registry.Current.Find("", "namespaces")!;
        while (bucket.Find("/" + name) is { Metadata.Deleting: true } stored)
        {
            var value = stored.Parse();
            value.Map("spec")?.List("finalizers")?.Remove("kubernetes");
            var held = value.Map("metadata")!.List("finalizers") is { Count: > 0 } || type.Strategy.HoldsDeletion(value);
            if (held && value.Map("spec")?.List("finalizers")?.Count == stored.Parse().Map("spec")?.List("finalizers")?.Count) return;
            if (await store.WriteAsync(bucket, stored.Key, stored, EncodedObject.From(value), type, delete: !held) is not null) return;
        }
    }
}
