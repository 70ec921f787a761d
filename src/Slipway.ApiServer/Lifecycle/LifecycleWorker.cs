using Microsoft.Extensions.Logging;
using Slipway.ApiServer.Crds;
using Slipway.ApiServer.Kinds;
using Slipway.ApiServer.Requests;
using Slipway.ApiServer.Storage;
using Slipway.ApiServer.Watch;

namespace Slipway.ApiServer.Lifecycle;

/// <summary>
/// What happens to objects because of other objects: dependents go with their owners, the content of a namespace and the
/// instances of a CRD go with it.
/// </summary>
internal sealed partial class LifecycleWorker : IAsyncDisposable
{
    private readonly ObjectStore _store;
    private readonly ILogger<LifecycleWorker> _log;
    private readonly OwnerIndex _owners = new();
    private readonly GarbageCollection _garbage;
    private readonly NamespaceRemoval _namespaces;
    private readonly CrdRemoval _crds;
    private readonly UseProtection _protection;
    private readonly ChangeLoop _loop;

    public LifecycleWorker(ObjectStore store, ResourceRegistry registry, DeleteHandler deleter, ILogger<LifecycleWorker> log)
    {
        _store = store;
        _log = log;
        _garbage = new(store, registry, deleter, _owners);
        _namespaces = new(store, registry, deleter);
        _crds = new(store, registry, deleter);
        _protection = new(store, registry);
        _loop = new(store, static (_, _) => true, ResumeAsync, (bucket, item) => HandleAsync(bucket, item, resumed: false), LogFailed);
    }

    public ValueTask DisposeAsync() => _loop.DisposeAsync();

    private async Task ResumeAsync(ChangeLoop loop)
    {
        foreach (var bucket in _store.Buckets.ToList())
            foreach (var item in bucket.Current.Objects)
                await loop.TryAsync(bucket.Name, item.Key, () => HandleAsync(bucket, new(ChangeKind.Added, item.Revision, item, null), resumed: true));
    }

    private async Task HandleAsync(Bucket bucket, WatchEvent item, bool resumed)
    {
        _owners.Observe(bucket, item);
        var stored = item.Object!;
        if (item.Kind is ChangeKind.Deleted || stored.Metadata.Deleting || stored.Metadata.Owners.Count > 0)
            await _garbage.HandleAsync(bucket, item, resumed);
        if (item.Kind is ChangeKind.Deleted || (bucket.Name == NamespaceGuard.Bucket && stored.Metadata.Deleting))
            await _namespaces.HandleAsync(bucket, item);
        if (item.Kind is ChangeKind.Deleted || (bucket.Name == CrdCatalog.Bucket && stored.Metadata.Deleting) || (item.Kind is ChangeKind.Added && _crds.Empties(bucket)))
            await _crds.HandleAsync(bucket, item);
        await _protection.HandleAsync(bucket, item);
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "Following up on {Resource} {Key} failed; it is tried again with its next change")]
    private partial void LogFailed(string resource, string key, Exception exception);
}
