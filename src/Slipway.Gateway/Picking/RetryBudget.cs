namespace Slipway.Gateway.Picking;

/// <summary>How often a deployment's requests may be taken to another engine, where one accepts no connections or has no room (503, 429): one in five, and a reserve of <see cref="Reserve"/>, so that a deployment in trouble is not given more work for it. Safe for many threads.</summary>
public sealed class RetryBudget
{
    /// <summary>Retries that are there from the beginning, and that may be saved at most.</summary>
    public const int Reserve = 50;

    private const int Each = 5;

    private int _fifths = Reserve * Each;

    /// <summary>A request came, which earns a fifth of a retry.</summary>
    public void Earn()
    {
        // Full most of the time: then nothing is written, which other processors would have to hear of.
        if (Volatile.Read(ref _fifths) < Reserve * Each) Interlocked.Increment(ref _fifths);
    }

    /// <summary>Takes a retry, if there is one.</summary>
    /// <returns>Whether there was.</returns>
    public bool TrySpend()
    {
        while (Volatile.Read(ref _fifths) is var now && now >= Each)
        {
            if (Interlocked.CompareExchange(ref _fifths, now - Each, now) == now) return true;
        }

        return false;
    }
}
