namespace Slipway.Gateway.Recording;

/// <summary>
/// How long a writer rests so that what it does costs a share of what the process does: that of its processor time, and so of each request's, whether the machine is idle or has other things to do. A hundredth of a processor it
/// may always take: where there is little traffic all of it can be recorded.
/// </summary>
/// <param name="share">The share, from 0 to 1.</param>
/// <param name="time">The clock.</param>
/// <param name="used">Processor time that the process has used.</param>
internal sealed class Restraint(double share, TimeProvider time, Func<TimeSpan> used)
{
    private const double Least = 0.01;

    // Shorter rests cost more than they save, and tell less of the load.
    private static readonly TimeSpan s_shortest = TimeSpan.FromMilliseconds(20);

    // What may be saved up for a burst: this long a time's share.
    private static readonly TimeSpan s_burst = TimeSpan.FromSeconds(1);

    private long _measured = time.GetTimestamp(), _last = time.GetTimestamp();
    private TimeSpan _used = used(), _saved = s_burst * Least;
    private double _may = Least;

    /// <summary>Work was done.</summary>
    /// <param name="took">How long it took.</param>
    /// <returns>How long to rest now; zero for not at all.</returns>
    public TimeSpan Worked(TimeSpan took)
    {
        var now = time.GetTimestamp();
        if (time.GetElapsedTime(_measured, now) is var window && window >= s_shortest)
        {
            var total = used();
            _may = Math.Clamp(share * ((total - _used) / window), Least, Math.Max(Least, share));
            (_measured, _used) = (now, total);
        }

        _saved += time.GetElapsedTime(_last, now) * _may;
        if (_saved > s_burst * _may) _saved = s_burst * _may;
        _saved -= took;
        _last = now;
        var rest = _saved / -_may;
        return rest < s_shortest ? TimeSpan.Zero : rest;
    }
}
