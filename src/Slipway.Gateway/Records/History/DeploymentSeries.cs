using System.Collections.Immutable;

namespace Slipway.Gateway.Records.History;

/// <summary>The history of one deployment: an hour in stretches of 10 s, a day in stretches of 5 min. At most about 0.8 MB.</summary>
internal sealed class DeploymentSeries
{
    private readonly Lock _lock = new();
    // One more than an hour and a day have, since the last one is not over.
    private readonly Ring _fine = new(RequestHistory.Finest, 361), _coarse = new(RequestHistory.Coarsest, 289);
    private readonly DateTimeOffset _since;
    private DateTimeOffset _changed;
    private int _inFlight;

    /// <param name="since">When it began to be known.</param>
    public DeploymentSeries(DateTimeOffset since) => _since = _changed = since;

    /// <summary>When something last happened, and whether anything is in work; for choosing what to forget.</summary>
    public (DateTimeOffset Changed, bool Idle) State
    {
        get
        {
            lock (_lock) return (_changed, _inFlight == 0);
        }
    }

    public void Begin(DateTimeOffset at)
    {
        lock (_lock)
        {
            Advance(at);
            _inFlight++;
            // For the peak, where it is over before time goes on.
            Busy(_changed, _changed);
        }
    }

    public void End(in RequestRecord record)
    {
        lock (_lock)
        {
            Advance(record.Started + record.Duration);
            _inFlight--;
            _fine.Add(_changed, record);
            _coarse.Add(_changed, record);
        }
    }

    public ImmutableArray<HistoryPoint> Read(DateTimeOffset now, TimeSpan back, TimeSpan step)
    {
        lock (_lock)
        {
            var (ring, oldest) = Choose(now, back, step);
            var ticks = (step.Ticks + ring.Length.Ticks - 1) / ring.Length.Ticks * ring.Length.Ticks;
            var points = ImmutableArray.CreateBuilder<HistoryPoint>();
            for (var start = Floor(oldest, ticks); start < now; start = start.AddTicks(ticks))
                points.Add(Point(ring, Max(start, oldest), Min(start.AddTicks(ticks), now)));
            return points.ToImmutable();
        }
    }

    public HistoryPoint? Total(DateTimeOffset now, TimeSpan back)
    {
        lock (_lock)
        {
            var (ring, oldest) = Choose(now, back, TimeSpan.Zero);
            return oldest < now ? Point(ring, oldest, now) : null;
        }
    }

    // The ring that reaches so far, and from where on it is whole.
    private (Ring Ring, DateTimeOffset Oldest) Choose(DateTimeOffset now, TimeSpan back, TimeSpan step)
    {
        Advance(now);
        var ring = back <= _fine.Span && step < _coarse.Length ? _fine : _coarse;
        return (ring, Max(Floor(Max(now - back, now - ring.Span + ring.Length), ring.Length.Ticks), _since));
    }

    private static HistoryPoint Point(Ring ring, DateTimeOffset from, DateTimeOffset to) => ring.Read(from, to).At(from, to - from);

    // The clock of a record is another thread's: a little behind is now.
    private void Advance(DateTimeOffset at)
    {
        if (at <= _changed) return;
        if (_inFlight > 0) Busy(_changed, at);
        _changed = at;
    }

    private void Busy(DateTimeOffset from, DateTimeOffset to)
    {
        _fine.Busy(from, to, _inFlight);
        _coarse.Busy(from, to, _inFlight);
    }

    private static DateTimeOffset Floor(DateTimeOffset time, long ticks) => new(time.UtcTicks / ticks * ticks, TimeSpan.Zero);

    private static DateTimeOffset Max(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private static DateTimeOffset Min(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
