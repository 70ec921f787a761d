using Slipway.ApiServer.Json;
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

    public CrdCatalog(ObjectStore store, ResourceRegistry registry, TimeProvider time)
    {
        _registry = registry;
        var strategy = (CrdStrategy)registry.Current.Find("apiextensions.k8s.io", "customresourcedefinitions")!.Strategy;
        strategy.Time = time;
        strategy.Others = (group, name) => store.Bucket(Bucket).Current.Objects
            .Where(o => o.Name != name && o.Name.EndsWith("." + group, StringComparison.Ordinal))
            .Select(o => o.Parse()).Where(c => c.Map("spec")?.Text("group") == group).Select(c => c.Map("status", "acceptedNames")).OfType<JsonMap>();
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
        var crd = item.Parse();
        if (!CrdStrategy.IsEstablished(crd) || CrdReader.Read(crd) is not { } type) return false;
        _custom[item.Name] = type;
        return true;
    }
}
