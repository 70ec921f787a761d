using System.Collections.Immutable;
using Slipway.ApiServer.Watch;

namespace Slipway.ApiServer.Storage;

/// <summary>What one group of writes comes to: which of them hold, what they store and what watchers will hear.</summary>
internal sealed class CommitPlan(long revision)
{
    private readonly List<(Bucket, string, StoredObject?)> _changes = [];
    private readonly List<(Write, StoredObject?)> _results = [];

    public long Revision { get; private set; } = revision;

    public bool IsEmpty => _changes.Count == 0;

    public IEnumerable<(Bucket Bucket, string Key, StoredObject? Value)> Changes => _changes;

    public IEnumerable<(Write Write, StoredObject? Result)> Results => _results;

    public Dictionary<Bucket, ImmutableSortedSet<StoredObject>.Builder> Objects { get; } = [];

    public Dictionary<Bucket, List<WatchEvent>> Events { get; } = [];

    public void Add(Write write)
    {
        if (!Objects.TryGetValue(write.Bucket, out var objects))
            Objects[write.Bucket] = objects = write.Bucket.Current.Objects.ToBuilder();
        objects.TryGetValue(new StoredObject(write.Key, 0, []), out var current);
        if (current?.Revision == 0) current = null; // TryGetValue hands the probe back when nothing equals it.
        if (!ReferenceEquals(current, write.Expected))
        {
            _results.Add((write, null));
            return;
        }

        Revision++;
        var next = new StoredObject(write.Key, Revision, write.Value.At(Revision)) { WrittenAs = write.WrittenAs };
        if (current is not null) objects.Remove(current);
        if (!write.Delete) objects.Add(next);
        _changes.Add((write.Bucket, write.Key, write.Delete ? null : next));
        _results.Add((write, next));
        if (!Events.TryGetValue(write.Bucket, out var events)) Events[write.Bucket] = events = [];
        events.Add(new(write.Delete ? ChangeKind.Deleted : current is null ? ChangeKind.Added : ChangeKind.Modified, Revision, next, current));
    }
}
