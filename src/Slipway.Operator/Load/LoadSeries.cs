namespace Slipway.Operator.Load;

/// <summary>What was sampled of one deployment: for an hour in stretches of 10 s, for a day in stretches of 5 min.</summary>
internal sealed class LoadSeries
{
    private readonly Bucket[] _fine = new Bucket[360];
    private readonly Bucket[] _coarse = new Bucket[288];
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
                var sum = default(Bucket);
                for (var number = from; number < from + each && number <= last; number++)
                {
                    ref readonly var bucket = ref ring[number % ring.Length];
                    if (bucket.Number == number) sum.Add(bucket);
                }

                if (sum.Looks > 0) points.Add(sum.Point(new DateTimeOffset(from * width.Ticks, TimeSpan.Zero), width * each));
            }
        }

        return points;
    }

    private static void Add(Bucket[] ring, TimeSpan width, DateTimeOffset at, LoadSample sample)
    {
        var number = at.UtcTicks / width.Ticks;
        ref var bucket = ref ring[number % ring.Length];
        if (bucket.Number != number) bucket = new Bucket { Number = number };
        bucket.Add(sample);
    }

    private struct Bucket
    {
        private double _running, _waiting, _peak, _cache, _peakCache;
        private decimal _cost;
        private int _loads, _caches, _costs;

        public long Number { get; init; }

        public int Looks { get; private set; }

        public void Add(LoadSample sample)
        {
            Looks++;
            if (sample is { Running: { } running, Waiting: { } waiting }) (_running, _waiting, _peak, _loads) = (_running + running, _waiting + waiting, Math.Max(_peak, waiting), _loads + 1);
            if (sample.CacheUse is { } cache) (_cache, _peakCache, _caches) = (_cache + cache, Math.Max(_peakCache, cache), _caches + 1);
            if (sample.PerHour is { } cost) (_cost, _costs) = (_cost + cost, _costs + 1);
        }

        public void Add(in Bucket other)
        {
            Looks += other.Looks;
            (_running, _waiting, _peak, _loads) = (_running + other._running, _waiting + other._waiting, Math.Max(_peak, other._peak), _loads + other._loads);
            (_cache, _peakCache, _caches) = (_cache + other._cache, Math.Max(_peakCache, other._peakCache), _caches + other._caches);
            (_cost, _costs) = (_cost + other._cost, _costs + other._costs);
        }

        public readonly LoadPoint Point(DateTimeOffset start, TimeSpan length) => new(
            start, length,
            new LoadSample(_loads == 0 ? null : _running / _loads, _loads == 0 ? null : _waiting / _loads, _caches == 0 ? null : _cache / _caches, _costs == 0 ? null : _cost / _costs),
            _loads == 0 ? null : _peak, _caches == 0 ? null : _peakCache);
    }
}
