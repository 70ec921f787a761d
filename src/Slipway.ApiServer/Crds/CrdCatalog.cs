using Slipway.ApiServer.Kinds;
using Slipway.ApiServer.Storage;
using Slipway.ApiServer.Watch;

namespace Slipway.ApiServer.Crds;

/// <summary>Keeps the registry in step with the stored CustomResourceDefinitions.</summary>
internal sealed class CrdCatalog
{
    public const string Bucket = "apiextensions.k8s.io/customresourcedefinitions";

    private readonly ResourceRegistry _registry;
    private readonly SortedDictionary<string, ResourceType> _custom = new(StringComparer.Ordinal);

    public CrdCatalog(ObjectStore store, ResourceRegistry registry)
    {
        _registry = registry;
        foreach (var item in store.Bucket(Bucket).Current.Objects) Put(item);
        _registry.Publish(_custom.Values);
        // The writer calls before it answers the request: who created a CRD can use it at once.
        store.Changed += OnChanged;
    }

    private void OnChanged(Bucket bucket, IReadOnlyList<WatchEvent> events)
    {
        if (bucket.Name != Bucket) return;
        var changed = false;
        foreach (var item in events)
        {
            if (item.Kind is ChangeKind.Deleted) changed |= _custom.Remove(item.Object!.Name);
            else changed |= Put(item.Object!);
        }

        if (changed) _registry.Publish(_custom.Values);
    }

    private bool Put(StoredObject item)
    {
        if (CrdReader.Read(item.Parse()) is not { } type) return false;
        _custom[item.Name] = type;
        return true;
    }
}
