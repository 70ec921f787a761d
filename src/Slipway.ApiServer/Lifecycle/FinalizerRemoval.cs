using Slipway.ApiServer.Kinds;
using Slipway.ApiServer.Storage;

namespace Slipway.ApiServer.Lifecycle;

/// <summary>Takes a finalizer from a deleted object, which then goes when it was the last.</summary>
internal static class FinalizerRemoval
{
    public static async Task RemoveAsync(ObjectStore store, Bucket bucket, ResourceType type, string key, string finalizer)
    {
        while (bucket.Find(key) is { } stored)
        {
            var value = stored.Parse();
            var metadata = value.Map("metadata")!;
            if (metadata.List("finalizers") is not { } finalizers || !finalizers.Remove(finalizer)) return;
            if (finalizers.Count == 0) metadata.Remove("finalizers");
            var gone = finalizers.Count == 0 && stored.Metadata.Deleting && !type.Strategy.HoldsDeletion(value);
            if (await store.WriteAsync(bucket, key, stored, EncodedObject.From(value), type, gone) is not null) return;
        }
    }
}
