namespace Slipway.Gateway.Recording;

/// <summary>
/// Memory for what is taken down, in blocks and up to a limit, requests under way and those that wait to be written together. Kept by itself, and not in the pool that the process shares: what somebody said comes to nobody
/// else's eyes, so that it need not be wiped for each. Safe for many threads.
/// </summary>
/// <param name="most">Bytes that are lent at most.</param>
internal sealed class Blocks(long most)
{
    /// <summary>Bytes of a block: most requests and most answers go into one.</summary>
    public const int Size = 4 * 1024;

    private readonly Lock _lock = new();
    private readonly Stack<byte[]> _free = [];
    private long _lent;

    /// <summary>Whether nothing is left.</summary>
    public bool IsEmpty => Volatile.Read(ref _lent) + Size > most;

    /// <summary>Lends a block.</summary>
    /// <returns>The block; null where nothing is left.</returns>
    public byte[]? Borrow()
    {
        lock (_lock)
        {
            if (IsEmpty) return null;
            _lent += Size;
            if (_free.TryPop(out var block)) return block;
        }

        return GC.AllocateUninitializedArray<byte>(Size);
    }

    /// <summary>Takes blocks back.</summary>
    public void Return(List<byte[]> blocks)
    {
        lock (_lock)
        {
            _lent -= (long)Size * blocks.Count;
            foreach (var block in blocks) _free.Push(block);
        }

        blocks.Clear();
    }

    /// <summary>Forgets what nobody has borrowed: a burst is over at some time.</summary>
    public void Trim()
    {
        lock (_lock) _free.Clear();
    }
}
