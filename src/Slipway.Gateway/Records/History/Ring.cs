namespace Slipway.Gateway.Records.History;

/// <summary>The last so many stretches of equal length. Buckets are made when something happens in them, and then used again.</summary>
/// <param name="length">How long a stretch is.</param>
/// <param name="count">How many are kept.</param>
internal sealed class Ring(TimeSpan length, int count)
{
    private readonly Bucket?[] _buckets = new Bucket?[count];

    public TimeSpan Length => length;

    public TimeSpan Span => length * count;

    public void Add(DateTimeOffset at, in RequestRecord record) => At(at.UtcTicks / length.Ticks).Add(record);

    /// <summary>So many were in work from one time to another.</summary>
    public void Busy(DateTimeOffset from, DateTimeOffset to, int inFlight)
    {
        // What is older than the ring is forgotten anyhow.
        var begin = Math.Max(from.UtcTicks, to.UtcTicks - Span.Ticks);
        while (true)
        {
            var index = begin / length.Ticks;
            var end = Math.Min((index + 1) * length.Ticks, to.UtcTicks);
            At(index).Busy(inFlight, end - begin);
            if (end >= to.UtcTicks) return;
            begin = end;
        }
    }

    /// <summary>Adds up the stretches that begin from one time to before another.</summary>
    public Sum Read(DateTimeOffset from, DateTimeOffset to)
    {
        var sum = new Sum();
        for (var index = from.UtcTicks / length.Ticks; index * length.Ticks < to.UtcTicks; index++)
        {
            if (_buckets[index % count] is { } bucket && bucket.Index == index) bucket.AddTo(sum);
        }

        return sum;
    }

    private Bucket At(long index)
    {
        var bucket = _buckets[index % count] ??= new Bucket();
        if (bucket.Index != index) bucket.Reset(index);
        return bucket;
    }
}
