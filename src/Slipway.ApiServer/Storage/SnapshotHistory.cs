namespace Slipway.ApiServer.Storage;

/// <summary>
/// The snapshots that lists with a continue token still read, so that all pages of a list are of one moment.
/// The newest <see cref="Kept"/> are held; a token for an older one is answered 410, as after etcd's compaction.
/// </summary>
internal sealed class SnapshotHistory
{
    private const int Kept = 64;

    private readonly Lock _lock = new();
    private readonly LinkedList<Snapshot> _snapshots = new();

    public void Keep(Snapshot snapshot)
    {
        lock (_lock)
        {
            if (_snapshots.Last?.Value.Revision == snapshot.Revision) return;
            _snapshots.AddLast(snapshot);
            if (_snapshots.Count > Kept) _snapshots.RemoveFirst();
        }
    }

    public Snapshot? At(long revision)
    {
        lock (_lock) return _snapshots.FirstOrDefault(s => s.Revision == revision);
    }
}
