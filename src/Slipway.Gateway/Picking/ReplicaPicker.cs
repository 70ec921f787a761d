namespace Slipway.Gateway.Picking;

/// <summary>
/// Picks one of several engines for a request. Pure. An engine that is due for a trial gets it. Otherwise the one that knows most of the prompt, as long as it has no more than half as many requests again as they have on
/// average, and two; otherwise the one with the fewest. Where all are left alone, all are asked: one that may fail is better than none.
/// </summary>
public static class ReplicaPicker
{
    /// <summary>Picks.</summary>
    /// <param name="replicas">The engines.</param>
    /// <param name="start">Among equals the first one from here on is picked; by chance, so that they share the work.</param>
    /// <returns>Which one; -1 where there is none.</returns>
    public static int Pick(ReadOnlySpan<Replica> replicas, int start)
    {
        long busy = 0, closed = 0;
        foreach (var replica in replicas)
        {
            if (replica.State is not BreakerState.Closed) continue;
            closed++;
            busy += replica.InFlight;
        }

        if (closed == 0)
        {
            closed = replicas.Length;
            foreach (var replica in replicas) busy += replica.InFlight;
            return Best(replicas, start, busy, closed, all: true);
        }

        for (var i = 0; i < replicas.Length; i++)
        {
            var at = (start + i) % replicas.Length;
            if (replicas[at].State is BreakerState.Due) return at;
        }

        return Best(replicas, start, busy, closed, all: false);
    }

    private static int Best(ReadOnlySpan<Replica> replicas, int start, long busy, long count, bool all)
    {
        var best = -1;
        for (var i = 0; i < replicas.Length; i++)
        {
            var at = (start + i) % replicas.Length;
            if (!all && replicas[at].State is not BreakerState.Closed) continue;
            if (best < 0 || Compare(Usable(replicas[at]), Usable(replicas[best])) > 0) best = at;
        }

        return best;

        // Known counts for nothing where the engine has more than its share. One with the fewest requests never has.
        Replica Usable(Replica replica) => 2 * count * replica.InFlight > 3 * busy + 4 * count ? replica with { Known = 0 } : replica;
    }

    private static int Compare(Replica left, Replica right) => left.Known != right.Known ? left.Known.CompareTo(right.Known) : right.InFlight.CompareTo(left.InFlight);
}
