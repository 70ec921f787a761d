namespace Slipway.Testing;

/// <summary>What code allocates, for budgets that are held by tests.</summary>
public static class Allocated
{
    private const int Runs = 10;

    /// <summary>
    /// Bytes that the code allocates on this thread: the fewest of several runs, after one that is not counted. One run by itself says more at times, since a collection
    /// that another test causes ends the thread's allocation context and counts its rest, up to 8 KB, as allocated.
    /// </summary>
    public static long By(Action code)
    {
        code();
        var fewest = long.MaxValue;
        for (var i = 0; i < Runs; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            code();
            fewest = Math.Min(fewest, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return fewest;
    }
}
