using System.Collections.Concurrent;
using System.Collections.Immutable;
using Slipway.ApiServer.Http;
using Slipway.ApiServer.Watch;

namespace Slipway.ApiServer.Storage;

/// <summary>
/// All objects of the server. Reads are from immutable snapshots in memory; one thread writes, many requests to a
/// transaction, and shows a change to readers and watchers only once it is durable.
/// </summary>
internal sealed class ObjectStore : IDisposable
{
    private const int MaxGroup = 512;

    private readonly Database _database;
    private readonly ConcurrentDictionary<string, Bucket> _buckets = new(StringComparer.Ordinal);
    private readonly BlockingCollection<Write> _queue = new(new ConcurrentQueue<Write>());
    private readonly Thread _writer;
    private readonly long _loaded;
    private long _revision;

    private ObjectStore(Database database)
    {
        _database = database;
        var loading = new Dictionary<string, List<StoredObject>>(StringComparer.Ordinal);
        _loaded = _revision = database.Load((bucket, item) =>
        {
            if (!loading.TryGetValue(bucket, out var list)) loading[bucket] = list = [];
            list.Add(item);
        });
        foreach (var (name, items) in loading)
        {
            var bucket = Bucket(name);
            bucket.Publish(new(ImmutableSortedSet.CreateRange<StoredObject>(ByKey.Instance, items), _revision));
        }

        _writer = new Thread(WriteLoop) { IsBackground = true, Name = "apiserver storage writer" };
        _writer.Start();
    }

    /// <summary>Gets or sets what is called by the writer when a group of changes became visible, before its requests are answered.</summary>
    public Action<Bucket, IReadOnlyList<WatchEvent>>? Changed { get; set; }

    /// <summary>Gets the newest revision that readers can see.</summary>
    public long Revision => Volatile.Read(ref _revision);

    public IEnumerable<Bucket> Buckets => _buckets.Values;

    public static ObjectStore Open(string directory) => new(Database.Open(directory));

    public Bucket Bucket(string name) => _buckets.GetOrAdd(name, static (n, store) => store.NewBucket(n), this);

    /// <returns>The new state once it is durable, or <see langword="null"/> when the object is no longer in the expected state.</returns>
    public Task<StoredObject?> WriteAsync(Bucket bucket, string key, StoredObject? expected, EncodedObject value, object? writtenAs, bool delete = false)
    {
        var write = new Write(bucket, key, expected, value, delete, writtenAs);
        try
        {
            _queue.Add(write);
        }
        catch (InvalidOperationException)
        {
            write.Fail(new ApiException(503, "ServiceUnavailable", "the server is shutting down"));
        }

        return write.Done;
    }

    public void Dispose()
    {
        _queue.CompleteAdding();
        _writer.Join();
        foreach (var bucket in _buckets.Values) bucket.Hub.CloseAll();
        _queue.Dispose();
        _database.Dispose();
    }

    private Bucket NewBucket(string name)
    {
        var bucket = new Bucket(name);
        bucket.Hub.StartAt(_loaded);
        bucket.Publish(bucket.Current with { Revision = _loaded });
        return bucket;
    }

    private void WriteLoop()
    {
        var group = new List<Write>(MaxGroup);
        foreach (var first in _queue.GetConsumingEnumerable())
        {
            group.Clear();
            group.Add(first);
            while (group.Count < MaxGroup && _queue.TryTake(out var next)) group.Add(next);
            try
            {
                Commit(group);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // Nothing of the group was stored or shown; each of its requests is told so.
                foreach (var write in group) write.Fail(e);
            }
        }
    }

    private void Commit(List<Write> group)
    {
        var plan = new CommitPlan(_revision);
        foreach (var write in group) plan.Add(write);
        if (plan.IsEmpty)
        {
            foreach (var write in group) write.Complete(null);
            return;
        }

        _database.Commit(plan.Changes, plan.Revision);
        foreach (var (bucket, objects) in plan.Objects) bucket.Publish(new(objects.ToImmutable(), plan.Revision));
        Volatile.Write(ref _revision, plan.Revision);
        // Before watchers hear of it: a definition that they saw go is not served any more.
        foreach (var (bucket, events) in plan.Events) Changed?.Invoke(bucket, events);
        foreach (var (bucket, events) in plan.Events) bucket.Hub.Publish(events);
        foreach (var (write, result) in plan.Results) write.Complete(result);
    }
}
