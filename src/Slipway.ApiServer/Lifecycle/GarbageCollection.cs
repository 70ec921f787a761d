using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds;
using Slipway.ApiServer.Requests;
using Slipway.ApiServer.Storage;
using Slipway.ApiServer.Watch;

namespace Slipway.ApiServer.Lifecycle;

/// <summary>Deletes dependents with their owners: after them, before them (foreground) or not at all (orphan).</summary>
internal sealed class GarbageCollection(ObjectStore store, ResourceRegistry registry, DeleteHandler deleter, OwnerIndex owners)
{
    private static readonly DeleteOptions s_background = new("Background");
    private static readonly DeleteOptions s_foreground = new("Foreground");

    public async Task HandleAsync(Bucket bucket, WatchEvent item, bool resumed)
    {
        var stored = item.Object!;
        if (item.Kind is ChangeKind.Deleted)
        {
            foreach (var (place, key) in owners.Of(stored.Metadata.Uid)) await JudgeAsync(place, key);
            foreach (var owner in stored.Metadata.Owners) await ReleaseOwnerAsync(stored, owner);
            return;
        }

        if (stored.Metadata.Deleting) await FinalizeAsync(bucket, stored);
        if (stored.Metadata.Owners.Count > 0 && (resumed || item.Kind is ChangeKind.Added || OwnersChanged(item))) await JudgeAsync(bucket, stored.Key);
    }

    private static bool OwnersChanged(WatchEvent item) =>
        item.Previous is not null && !item.Previous.Metadata.Owners.SequenceEqual(item.Object!.Metadata.Owners);

    /// <summary>Deletes a dependent that no living owner holds, or drops its references to owners that are gone.</summary>
    private async Task JudgeAsync(Bucket bucket, string key)
    {
        if (bucket.Find(key) is not { } dependent || dependent.Metadata.Owners.Count == 0 || TypeOf(bucket) is not { } type) return;
        var gone = dependent.Metadata.Owners.Where(o => !Exists(o, dependent)).ToList();
        if (gone.Count == 0) return;
        if (gone.Count == dependent.Metadata.Owners.Count) await deleter.RemoveAsync(bucket, type, key, s_background);
        else await RewriteAsync(bucket, type, key, m => DropOwners(m, gone.Select(g => g.Uid)));
    }

    /// <summary>Does what the foreground and orphan finalizers of a deleted owner stand for.</summary>
    private async Task FinalizeAsync(Bucket bucket, StoredObject owner)
    {
        if (TypeOf(bucket) is not { } type) return;
        var finalizers = owner.Parse().Map("metadata")!.List("finalizers") ?? [];
        if (finalizers.Contains(DeleteHandler.OrphanFinalizer))
        {
            foreach (var (place, key) in owners.Of(owner.Metadata.Uid))
                if (TypeOf(place) is { } dependentType) await RewriteAsync(place, dependentType, key, m => DropOwners(m, [owner.Metadata.Uid]));
            await FinalizerRemoval.RemoveAsync(store, bucket, type, owner.Key, DeleteHandler.OrphanFinalizer);
        }
        else if (finalizers.Contains(DeleteHandler.ForegroundFinalizer))
        {
            foreach (var (place, key) in owners.Of(owner.Metadata.Uid))
                if (TypeOf(place) is { } dependentType && place.Find(key) is { Metadata.Deleting: false }) await deleter.RemoveAsync(place, dependentType, key, s_foreground);
            await ReleaseForegroundAsync(bucket, type, owner);
        }
    }

    private async Task ReleaseOwnerAsync(StoredObject dependent, OwnerReference reference)
    {
        if (registry.Current.FindKind(reference.ApiVersion, reference.Kind) is not { } type) return;
        var bucket = store.Bucket(type.BucketName);
        var owner = bucket.Find(StoredObject.KeyOf(type.Namespaced ? dependent.Namespace : "", reference.Name));
        if (owner is { Metadata.Deleting: true } && owner.Metadata.Uid == reference.Uid) await ReleaseForegroundAsync(bucket, type, owner);
    }

    private async Task ReleaseForegroundAsync(Bucket bucket, ResourceType type, StoredObject owner)
    {
        var blocked = owners.Of(owner.Metadata.Uid).Any(d => d.Bucket.Find(d.Key) is { } dependent &&
            dependent.Metadata.Owners.Any(o => o.Uid == owner.Metadata.Uid && o.BlockDeletion));
        if (!blocked) await FinalizerRemoval.RemoveAsync(store, bucket, type, owner.Key, DeleteHandler.ForegroundFinalizer);
    }

    private bool Exists(OwnerReference owner, StoredObject dependent)
    {
        // A kind that is not served cannot be looked up: its objects are taken as living, as upstream's collector does.
        if (registry.Current.FindKind(owner.ApiVersion, owner.Kind) is not { } type) return true;
        var found = store.Bucket(type.BucketName).Find(StoredObject.KeyOf(type.Namespaced ? dependent.Namespace : "", owner.Name));
        return found?.Metadata.Uid == owner.Uid;
    }

    private async Task RewriteAsync(Bucket bucket, ResourceType type, string key, Action<JsonMap> change)
    {
        while (bucket.Find(key) is { } stored)
        {
            var value = stored.Parse();
            change(value.Map("metadata")!);
            if (await store.WriteAsync(bucket, key, stored, EncodedObject.From(value), type) is not null) return;
        }
    }

    private static void DropOwners(JsonMap metadata, IEnumerable<string> uids)
    {
        var gone = uids.ToHashSet(StringComparer.Ordinal);
        var list = metadata.List("ownerReferences");
        list?.RemoveAll(o => o is JsonMap owner && gone.Contains(owner.Text("uid") ?? ""));
        if (list is { Count: 0 }) metadata.Remove("ownerReferences");
    }

    private ResourceType? TypeOf(Bucket bucket) => registry.Current.FindBucket(bucket.Name);
}
