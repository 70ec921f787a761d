namespace Slipway.Web.Access;

/// <summary>Slows down whoever tries tokens: 5 tries that fail a minute from an address, 50 in all.</summary>
/// <param name="time">The clock.</param>
public sealed class SignInThrottle(TimeProvider time)
{
    /// <summary>The most tries a minute from one address.</summary>
    public const int MostOfOne = 5;

    /// <summary>The most tries a minute in all.</summary>
    public const int Most = 50;

    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();

    // The tries of the last minute, the oldest first: never more than there may be in all, so that it does not grow with who tries.
    private readonly LinkedList<(string Address, DateTimeOffset At)> _tries = [];

    /// <summary>Counts a try.</summary>
    /// <param name="address">Where it comes from.</param>
    /// <returns>How long to wait before the next one, where there were too many; null when it may be made.</returns>
    public TimeSpan? Take(string address)
    {
        var now = time.GetUtcNow();
        lock (_lock)
        {
            while (_tries.First is { Value.At: var oldest } && now - oldest >= s_window) _tries.RemoveFirst();
            DateTimeOffset? free = _tries.Count >= Most ? _tries.First!.Value.At + s_window : null;
            var own = _tries.Where(t => t.Address == address).Select(static t => t.At).ToList();
            if (own.Count >= MostOfOne && (free is null || own[0] + s_window > free)) free = own[0] + s_window;
            if (free is { } then) return then - now;
            _tries.AddLast((address, now));
            return null;
        }
    }

    /// <summary>Takes the newest try of an address back, since it was a right one: a whole team may come from one address.</summary>
    /// <param name="address">Where it came from.</param>
    public void GiveBack(string address)
    {
        lock (_lock)
        {
            for (var node = _tries.Last; node is not null; node = node.Previous)
            {
                if (node.Value.Address != address) continue;
                _tries.Remove(node);
                return;
            }
        }
    }
}
