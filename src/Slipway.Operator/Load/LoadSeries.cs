namespace Slipway.Operator.Load;

/// <summary>What was sampled of one deployment: for an hour in stretches of 10 s, for a day in stretches of 5 min.</summary>
internal sealed class LoadSeries
{
    private readonly Bucket?[] _fine = new Bucket?[360];
    private readonly Bucket?[] _coarse = new Bucket?[288];
    private readonly Lock _lock = new();

    /// <summary>When it was added to last.</summary>
    public DateTimeOffset Changed { get; private set; }

    public void Add(DateTimeOffset at, LoadSample sample)
    {
        lock (_lock)
        {
            Changed = at;
            Add(_fine, LoadHistory.Finest, at, sample);
            Add(_coarse, LoadHistory.Coarsest, at, sample);
        }
    }

    /// <summary>Stretch by stretch, those without a sample left out.</summary>
    public List<LoadPoint> Read(DateTimeOffset now, TimeSpan back, TimeSpan step)
    {
        var (ring, width) = step >= LoadHistory.Coarsest || back > TimeSpan.FromHours(1) ? (_coarse, LoadHistory.Coarsest) : (_fine, LoadHistory.Finest);
        var each = (int)Math.Max(1, Math.Ceiling(step / width));
        var last = now.UtcTicks / width.Ticks;
        var first = Math.Max(last - ring.Length + 1, (now - back).UtcTicks / width.Ticks) / each * each;
        var points = new List<LoadPoint>();
        lock (_lock)
        {
            for (var from = first; from <= last; from += each)
            {
                var sum = new Bucket();
                for (var number = from; number < from + each && number <= last; number++)
                {
                    if (ring[number % ring.Length] is { } bucket && bucket.Number == number) sum.Add(bucket);
                }

                if (sum.Looks > 0) points.Add(sum.Point(new DateTimeOffset(from * width.Ticks, TimeSpan.Zero), width * each));
            }
        }

        return points;
    }

    private static void Add(Bucket?[] ring, TimeSpan width, DateTimeOffset at, LoadSample sample)
    {
        var number = at.UtcTicks / width.Ticks;
        var bucket = ring[number % ring.Length] ??= new Bucket();
        if (bucket.Number != number) bucket.Begin(number);
        bucket.Add(sample);
    }

    private sealed class Bucket
    {
        private readonly float[] _sums = new float[LoadSample.Count], _peaks = new float[LoadSample.Count];
        private readonly ushort[] _counts = new ushort[LoadSample.Count];

        public long Number { get; private set; }

        public int Looks { get; private set; }

        public void Begin(long number)
        {
            (Number, Looks) = (number, 0);
            Array.Clear(_sums);
            Array.Clear(_peaks);
            Array.Clear(_counts);
        }

        public void Add(LoadSample sample)
        {
            Looks++;
            for (var i = 0; i < LoadSample.Count; i++)
            {
                if (sample[i] is not { } value) continue;
                _sums[i] += (float)value;
                _peaks[i] = Math.Max(_peaks[i], (float)value);
                _counts[i]++;
            }
        }

        public void Add(Bucket other)
        {
            Looks += other.Looks;
            for (var i = 0; i < LoadSample.Count; i++)
            {
                _sums[i] += other._sums[i];
                _peaks[i] = Math.Max(_peaks[i], other._peaks[i]);
                _counts[i] += other._counts[i];
            }
        }

        public LoadPoint Point(DateTimeOffset start, TimeSpan length) => new(
            start, length, LoadSample.Of(i => _counts[i] == 0 ? null : _sums[i] / _counts[i]), LoadSample.Of(i => _counts[i] == 0 ? null : _peaks[i]));
    }
}
