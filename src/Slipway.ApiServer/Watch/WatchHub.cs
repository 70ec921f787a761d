using Slipway.ApiServer.Storage;

namespace Slipway.ApiServer.Watch;

/// <summary>
/// Hands the changes of one resource to its watchers and keeps the newest for those that come later.
/// Only the storage writer publishes, so every watcher sees one order.
/// </summary>
internal sealed class WatchHub
{
    private const int Kept = 8192;

    private readonly Lock _lock = new();
    private readonly Queue<WatchEvent> _history = new();
    private readonly List<Watcher> _watchers = [];
    private long _oldest;

    /// <summary>Sets the revision up to which nothing is known about changes: that of the loaded database.</summary>
    public void StartAt(long revision) => _oldest = revision;

    public void Publish(IReadOnlyList<WatchEvent> events)
    {
        lock (_lock)
        {
            foreach (var item in events)
            {
                _history.Enqueue(item);
                if (_history.Count > Kept) _oldest = _history.Dequeue().Revision;
            }

            for (var i = _watchers.Count - 1; i >= 0; i--)
            {
                foreach (var item in events)
                {
                    if (_watchers[i].Offer(item)) continue;
                    _watchers.RemoveAt(i);
                    break;
                }
            }
        }
    }

    /// <summary>Tells the watchers that nothing up to the revision is still on its way.</summary>
    public void Bookmark(Func<long> revision)
    {
        lock (_lock)
        {
            if (_watchers.Count == 0) return;
            var bookmark = new WatchEvent(ChangeKind.Bookmark, revision(), null, null);
            foreach (var watcher in _watchers)
                if (watcher.Bookmarks) watcher.Offer(bookmark);
        }
    }

    /// <returns>Whether all changes after the revision are still known; if so the watcher receives them and all later ones.</returns>
    public bool Subscribe(Watcher watcher, long after)
    {
        lock (_lock)
        {
            if (after < _oldest) return false;
            watcher.After = after;
            foreach (var item in _history)
                if (item.Revision > after) watcher.Backlog.Enqueue(item);
            _watchers.Add(watcher);
            return true;
        }
    }

    /// <summary>Joins from the state of now: the snapshot comes before the lock's next change, which the watcher then receives.</summary>
    public Snapshot SubscribeNow(Watcher watcher, Bucket bucket)
    {
        lock (_lock)
        {
            var snapshot = bucket.Current;
            watcher.After = snapshot.Revision;
            _watchers.Add(watcher);
            return snapshot;
        }
    }

    public void Unsubscribe(Watcher watcher)
    {
        lock (_lock) _watchers.Remove(watcher);
    }

    public void CloseAll()
    {
        lock (_lock)
        {
            foreach (var watcher in _watchers) watcher.Close();
            _watchers.Clear();
        }
    }
}
