using Slipway.ApiServer.Storage;
using Slipway.ApiServer.Watch;

namespace Slipway.ApiServer.Lifecycle;

/// <summary>Which objects name which owner. Used by the lifecycle loop alone.</summary>
internal sealed class OwnerIndex
{
    private readonly Dictionary<string, HashSet<(Bucket Bucket, string Key)>> _dependents = new(StringComparer.Ordinal);

    public IReadOnlyCollection<(Bucket Bucket, string Key)> Of(string uid) =>
        _dependents.TryGetValue(uid, out var set) ? [.. set] : [];

    public void Observe(Bucket bucket, WatchEvent item)
    {
        var entry = (bucket, item.Object!.Key);
        foreach (var owner in item.Previous?.Metadata.Owners ?? [])
        {
            if (!_dependents.TryGetValue(owner.Uid, out var set)) continue;
            set.Remove(entry);
            if (set.Count == 0) _dependents.Remove(owner.Uid);
        }

        if (item.Kind is ChangeKind.Deleted) return;
        foreach (var owner in item.Object.Metadata.Owners)
        {
            if (!_dependents.TryGetValue(owner.Uid, out var set)) _dependents[owner.Uid] = set = [];
            set.Add(entry);
        }
    }
}
