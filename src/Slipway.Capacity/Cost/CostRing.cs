using System.Collections.Immutable;

namespace Slipway.Capacity.Cost;

/// <summary>The last so many buckets of one length.</summary>
internal sealed class CostRing(TimeSpan length, int size)
{
    private readonly CostBucket?[] _buckets = new CostBucket?[size];
    private long _newest = -1;

    public bool Add(DateTimeOffset from, DateTimeOffset to, ClusterCost cost)
    {
        if (IndexOf(to) <= _newest - size) return false;
        for (var at = from; at < to;)
        {
            var index = IndexOf(at);
            var end = Start(index + 1);
            var until = end < to ? end : to;
            if (index > _newest - size)
            {
                var bucket = At(index) ?? new CostBucket(Start(index), TimeSpan.Zero, ImmutableSortedDictionary.Create<string, CostSum>(StringComparer.Ordinal), CostSum.Zero);
                Set(bucket.Plus(until - at, cost));
            }

            at = until;
        }

        return true;
    }

    public void Set(CostBucket bucket)
    {
        var index = IndexOf(bucket.Start);
        if (index <= _newest - size) return;
        _newest = Math.Max(_newest, index);
        _buckets[index % size] = bucket;
    }

    public ImmutableArray<CostBucket> Buckets() => [.. _buckets.OfType<CostBucket>().Where(b => IndexOf(b.Start) > _newest - size).OrderBy(static b => b.Start)];

    private CostBucket? At(long index) => _buckets[index % size] is { } bucket && IndexOf(bucket.Start) == index ? bucket : null;

    private long IndexOf(DateTimeOffset time) => time.UtcTicks / length.Ticks;

    private DateTimeOffset Start(long index) => new(index * length.Ticks, TimeSpan.Zero);
}
