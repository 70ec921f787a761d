using System.Collections.Immutable;

namespace Slipway.Capacity.Cost;

/// <summary>
/// What was spent, by hour for a month and by day for a year: rings, so that memory has a bound. Fed with the cost of the moment and how long
/// it held. Safe for use by several threads.
/// </summary>
public sealed class CostHistory
{
    /// <summary>Hours that are kept: 31 days.</summary>
    public const int Hours = 31 * 24;

    /// <summary>Days that are kept.</summary>
    public const int Days = 400;

    private readonly Lock _lock = new();
    private readonly CostRing _hours = new(TimeSpan.FromHours(1), Hours);
    private readonly CostRing _days = new(TimeSpan.FromDays(1), Days);

    /// <summary>Adds what a stretch of time cost.</summary>
    /// <param name="from">Its start.</param>
    /// <param name="to">Its end; a stretch longer than a day says nothing certain, and is refused.</param>
    /// <param name="cost">What the cluster cost an hour throughout.</param>
    /// <returns>Whether it was added: an empty, reversed or overlong stretch is not, nor one older than what is kept.</returns>
    public bool Add(DateTimeOffset from, DateTimeOffset to, ClusterCost cost)
    {
        ArgumentNullException.ThrowIfNull(cost);
        if (to <= from || to - from > TimeSpan.FromDays(1)) return false;
        lock (_lock) return _hours.Add(from, to, cost) & _days.Add(from, to, cost);
    }

    /// <summary>The hours that are kept, oldest first.</summary>
    public ImmutableArray<CostBucket> ByHour()
    {
        lock (_lock) return _hours.Buckets();
    }

    /// <summary>The days that are kept, oldest first.</summary>
    public ImmutableArray<CostBucket> ByDay()
    {
        lock (_lock) return _days.Buckets();
    }

    /// <summary>What a namespace has spent since the start of the month (UTC), from whole days.</summary>
    public CostSum SpentThisMonth(string name, DateTimeOffset now)
    {
        var start = new DateTimeOffset(now.UtcDateTime.Year, now.UtcDateTime.Month, 1, 0, 0, 0, TimeSpan.Zero);
        return CostSum.Of(ByDay().Where(b => b.Start >= start).Select(b => b.ByNamespace.GetValueOrDefault(name, CostSum.Zero)));
    }

    /// <summary>Takes over buckets that were kept on disk. Those that are older than what the rings hold are dropped.</summary>
    internal void Restore(IEnumerable<CostBucket> hours, IEnumerable<CostBucket> days)
    {
        lock (_lock)
        {
            foreach (var bucket in hours) _hours.Set(bucket);
            foreach (var bucket in days) _days.Set(bucket);
        }
    }
}
