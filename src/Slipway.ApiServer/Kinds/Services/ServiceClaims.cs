using Slipway.ApiServer.Storage;
using Slipway.ApiServer.Watch;

namespace Slipway.ApiServer.Kinds.Services;

/// <summary>Which address and which port is whose: kept by the store's changes, so that a write need not look at every service.</summary>
internal sealed class ServiceClaims
{
    private const string Services = "/services";
    private const int ManyHeld = 1_000;

    // A claim holds what it took until its write is seen, or for this long if it never comes.
    private static readonly TimeSpan s_hold = TimeSpan.FromMinutes(1);

    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly Dictionary<object, string> _owners = [];
    private readonly Dictionary<object, (string Uid, DateTimeOffset Until)> _held = [];

    public ServiceClaims(ObjectStore store, TimeProvider time)
    {
        _time = time;
        lock (_lock)
        {
            store.Changed += OnChanged;
            foreach (var stored in store.Bucket(Services).Current.Objects) Add(stored);
        }
    }

    /// <summary>Takes an address or a port that a service names.</summary>
    /// <returns>Whether it is the service's now; not when it is another's.</returns>
    public bool TryTake(object what, string uid) => TryTake(what, uid, evenOwn: true);

    /// <summary>Takes an address or a port that nobody has, the service itself included: two of its ports are two ports.</summary>
    public bool TryTakeFree(object what, string uid) => TryTake(what, uid, evenOwn: false);

    private bool TryTake(object what, string uid, bool evenOwn)
    {
        lock (_lock)
        {
            var now = _time.GetUtcNow();
            var owner = _owners.TryGetValue(what, out var found) ? found : _held.TryGetValue(what, out var held) && held.Until > now ? held.Uid : null;
            if (owner is not null && (owner != uid || !evenOwn)) return false;
            if (_held.Count >= ManyHeld)
                foreach (var late in _held.Where(h => h.Value.Until <= now).Select(h => h.Key).ToList()) _held.Remove(late);
            _held[what] = (uid, now + s_hold);
            return true;
        }
    }

    private void OnChanged(Bucket bucket, IReadOnlyList<WatchEvent> events)
    {
        if (bucket.Name != Services) return;
        lock (_lock)
        {
            foreach (var item in events)
            {
                if (item.Previous is { } previous)
                    foreach (var what in Of(previous))
                        if (_owners.TryGetValue(what, out var owner) && owner == previous.Metadata.Uid) _owners.Remove(what);
                if (item.Kind is not ChangeKind.Deleted && item.Object is { } stored) Add(stored);
            }
        }
    }

    private void Add(StoredObject stored)
    {
        foreach (var what in Of(stored))
        {
            _owners[what] = stored.Metadata.Uid;
            _held.Remove(what);
        }
    }

    private static IEnumerable<object> Of(StoredObject stored)
    {
        if (stored.Parse().Map("spec") is not { } spec) yield break;
        foreach (var address in spec.List("clusterIPs")?.Strings() ?? [])
            if (address != "None") yield return address;
        foreach (var port in spec.List("ports")?.Maps() ?? [])
            if (port.At("nodePort") is long number) yield return number;
        if (spec.At("healthCheckNodePort") is long health) yield return health;
    }
}
