using System.Collections.Immutable;
using Slipway.ApiServer.Watch;

namespace Slipway.ApiServer.Storage;

/// <summary>The objects of one resource: an immutable snapshot that the writer replaces, and the feed of its changes.</summary>
internal sealed class Bucket(string name)
{
    private Snapshot _current = new(ImmutableSortedSet.Create<StoredObject>(ByKey.Instance), 0);

    /// <summary>Gets "group/plural", under which SQLite files the objects.</summary>
    public string Name { get; } = name;

    public WatchHub Hub { get; } = new();

    public SnapshotHistory History { get; } = new();

    public Snapshot Current => Volatile.Read(ref _current);

    public void Publish(Snapshot next) => Volatile.Write(ref _current, next);

    public StoredObject? Find(string key) => Current.Find(key);
}

/// <summary>All objects of one resource as they were at one revision.</summary>
internal sealed record Snapshot(ImmutableSortedSet<StoredObject> Objects, long Revision)
{
    public StoredObject? Find(string key) =>
        Objects.TryGetValue(Probe(key), out var found) ? found : null;

    /// <summary>Enumerates the objects whose key starts with a prefix, after a key when one is given.</summary>
    public IEnumerable<StoredObject> Range(string prefix, string? after)
    {
        if (prefix.Length == 0 && after is null)
        {
            foreach (var item in Objects) yield return item;
            yield break;
        }

        var index = Objects.IndexOf(Probe(after ?? prefix));
        if (index < 0) index = ~index;
        else if (after is not null) index++;
        for (; index < Objects.Count; index++)
        {
            var item = Objects[index];
            if (!item.Key.StartsWith(prefix, StringComparison.Ordinal)) yield break;
            yield return item;
        }
    }

    /// <summary>Counts the objects of a prefix that come after a key.</summary>
    public int CountFrom(string prefix, string after)
    {
        // '/' ends a namespace and '0' is the character after it, so that this key is the first beyond the prefix.
        var end = prefix.Length == 0 ? Objects.Count : Position(prefix[..^1] + "0");
        return end - Position(after) - 1;
    }

    private int Position(string key)
    {
        var index = Objects.IndexOf(Probe(key));
        return index < 0 ? ~index : index;
    }

    private static StoredObject Probe(string key) => new(key, 0, []);
}
