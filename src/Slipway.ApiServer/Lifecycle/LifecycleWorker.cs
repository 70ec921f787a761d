using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Slipway.ApiServer.Crds;
using Slipway.ApiServer.Kinds;
using Slipway.ApiServer.Requests;
using Slipway.ApiServer.Storage;
using Slipway.ApiServer.Watch;

namespace Slipway.ApiServer.Lifecycle;

/// <summary>
/// What happens to objects because of other objects: dependents go with their owners, the content of a namespace and the
/// instances of a CRD go with it. One loop over the changes of all resources.
/// </summary>
internal sealed partial class LifecycleWorker : IAsyncDisposable
{
    private readonly ObjectStore _store;
    private readonly ILogger<LifecycleWorker> _log;
    private readonly Channel<(Bucket Bucket, WatchEvent Event)> _changes = Channel.CreateUnbounded<(Bucket, WatchEvent)>(new() { SingleReader = true });
    private readonly OwnerIndex _owners = new();
    private readonly GarbageCollection _garbage;
    private readonly NamespaceRemoval _namespaces;
    private readonly CrdRemoval _crds;
    private readonly UseProtection _protection;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    public LifecycleWorker(ObjectStore store, ResourceRegistry registry, DeleteHandler deleter, ILogger<LifecycleWorker> log)
    {
        _store = store;
        _log = log;
        _garbage = new(store, registry, deleter, _owners);
        _namespaces = new(store, registry, deleter);
        _crds = new(store, registry, deleter);
        _protection = new(store, registry);
        store.Changed += OnChanged;
        _loop = Task.Run(RunAsync);
    }

    public async ValueTask DisposeAsync()
    {
        _store.Changed -= OnChanged;
        _changes.Writer.TryComplete();
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    private void OnChanged(Bucket bucket, IReadOnlyList<WatchEvent> events)
    {
        foreach (var item in events) _changes.Writer.TryWrite((bucket, item));
    }

    private async Task RunAsync()
    {
        // What a crash left half done: everything stored is looked at once.
        foreach (var bucket in _store.Buckets.ToList())
            foreach (var item in bucket.Current.Objects) await HandleAsync(bucket, new(ChangeKind.Added, item.Revision, item, null), resumed: true);
        try
        {
            await foreach (var (bucket, item) in _changes.Reader.ReadAllAsync(_stop.Token)) await HandleAsync(bucket, item, resumed: false);
        }
        catch (OperationCanceledException)
        {
            // The server stops; the next start looks at everything again.
        }
    }

    private async Task HandleAsync(Bucket bucket, WatchEvent item, bool resumed)
    {
        if (_stop.IsCancellationRequested) return;
        try
        {
            _owners.Observe(bucket, item);
            var stored = item.Object!;
            if (item.Kind is ChangeKind.Deleted || stored.Metadata.Deleting || stored.Metadata.Owners.Count > 0)
                await _garbage.HandleAsync(bucket, item, resumed);
            if (item.Kind is ChangeKind.Deleted || (bucket.Name == NamespaceGuard.Bucket && stored.Metadata.Deleting))
                await _namespaces.HandleAsync(bucket, item);
            if (item.Kind is ChangeKind.Deleted || (bucket.Name == CrdCatalog.Bucket && stored.Metadata.Deleting))
                await _crds.HandleAsync(bucket, item);
            await _protection.HandleAsync(bucket, item);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogFailed(bucket.Name, item.Object!.Key, e);
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "Following up on {Resource} {Key} failed; it is tried again with its next change")]
    private partial void LogFailed(string resource, string key, Exception exception);
}
