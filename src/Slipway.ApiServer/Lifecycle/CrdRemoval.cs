using Slipway.ApiServer.Crds;
using Slipway.ApiServer.Kinds;
using Slipway.ApiServer.Requests;
using Slipway.ApiServer.Storage;
using Slipway.ApiServer.Watch;

namespace Slipway.ApiServer.Lifecycle;

/// <summary>Deletes the objects of a CustomResourceDefinition that is being deleted, then lets it go.</summary>
internal sealed class CrdRemoval(ObjectStore store, ResourceRegistry registry, DeleteHandler deleter)
{
    private static readonly DeleteOptions s_background = new("Background");

    private readonly HashSet<string> _terminating = new(StringComparer.Ordinal);

    public async Task HandleAsync(Bucket bucket, WatchEvent item)
    {
        if (bucket.Name == CrdCatalog.Bucket)
        {
            var name = item.Object!.Name;
            if (item.Kind is ChangeKind.Deleted) await FreedAsync(name);
            else if (_terminating.Add(name)) await EmptyAsync(name);
            if (item.Kind is not ChangeKind.Deleted) await ReleaseAsync(name);
            return;
        }

        var slash = bucket.Name.IndexOf('/', StringComparison.Ordinal);
        var crd = $"{bucket.Name[(slash + 1)..]}.{bucket.Name[..slash]}";
        if (!_terminating.Contains(crd)) return;
        // Made meanwhile, by somebody who had not heard: it would keep the definition for ever.
        if (item.Kind is ChangeKind.Added && TypeOf(crd) is { } type) await deleter.RemoveAsync(bucket, type, item.Object!.Key, s_background);
        await ReleaseAsync(crd);
    }

    /// <summary>Gets whether the objects of a bucket go with their definition.</summary>
    public bool Empties(Bucket bucket)
    {
        var slash = bucket.Name.IndexOf('/', StringComparison.Ordinal);
        return _terminating.Count > 0 && _terminating.Contains($"{bucket.Name[(slash + 1)..]}.{bucket.Name[..Math.Max(0, slash)]}");
    }

    /// <summary>Gives the names that a definition had to those of its group that wait for one.</summary>
    private async Task FreedAsync(string name)
    {
        _terminating.Remove(name);
        var definitions = registry.Current.Find("apiextensions.k8s.io", "customresourcedefinitions")!;
        var bucket = store.Bucket(CrdCatalog.Bucket);
        foreach (var item in bucket.Current.Objects.Where(o => o.Name.EndsWith(name[name.IndexOf('.', StringComparison.Ordinal)..], StringComparison.Ordinal)))
        {
            var value = item.Parse();
            definitions.Strategy.Default(value);
            // Whoever writes it first decides the same.
            if (!ObjectRules.SameState(value, item.Parse())) await store.WriteAsync(bucket, item.Key, item, EncodedObject.From(value), definitions);
        }
    }

    private async Task EmptyAsync(string crd)
    {
        if (TypeOf(crd) is not { } type) return;
        var bucket = store.Bucket(type.BucketName);
        foreach (var item in bucket.Current.Objects) await deleter.RemoveAsync(bucket, type, item.Key, s_background);
    }

    private async Task ReleaseAsync(string crd)
    {
        if (TypeOf(crd) is { } type && store.Bucket(type.BucketName).Current.Objects.Count > 0) return;
        var definitions = registry.Current.Find("apiextensions.k8s.io", "customresourcedefinitions")!;
        await FinalizerRemoval.RemoveAsync(store, store.Bucket(CrdCatalog.Bucket), definitions, "/" + crd, CrdStrategy.CleanupFinalizer);
    }

    private ResourceType? TypeOf(string crd)
    {
        var dot = crd.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? null : registry.Current.Find(crd[(dot + 1)..], crd[..dot]);
    }
}
