namespace Slipway.Gateway.Records.History;

/// <summary>How long things took, counted on a fixed scale from 0.25 ms to 17 min, four steps to each doubling. Immutable; can be added up.</summary>
public sealed class Latencies
{
    private readonly long[] _steps;
    private readonly double _seconds;

    internal Latencies(long[] steps, double seconds)
    {
        (_steps, _seconds) = (steps, seconds);
        foreach (var count in steps) Count += count;
    }

    /// <summary>Nothing.</summary>
    public static Latencies None { get; } = new(new long[LatencyScale.Steps], 0);

    /// <summary>How many there are.</summary>
    public long Count { get; }

    /// <summary>The mean, exactly; null of nothing.</summary>
    public TimeSpan? Mean => Count == 0 ? null : TimeSpan.FromSeconds(_seconds / Count);

    /// <summary>A quantile, interpolated within its step; off by 19 % at most. What is beyond 17 min reads as that.</summary>
    /// <param name="share">The share that is not longer, from 0 to 1: 0.5 for the median.</param>
    /// <returns>The latency; null of nothing.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The share is none.</exception>
    public TimeSpan? Quantile(double share)
    {
        if (share is not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(share), share, "A share is from 0 to 1.");
        if (Count == 0) return null;
        var (rank, step) = (share * Count, 0);
        for (; step < _steps.Length - 1 && (_steps[step] == 0 || rank > _steps[step]); step++) rank -= _steps[step];
        var begin = LatencyScale.BeginOf(step);
        if (step == _steps.Length - 1) return TimeSpan.FromSeconds(begin);
        var within = Math.Clamp(rank / _steps[step], 0, 1);
        var end = LatencyScale.BeginOf(step + 1);
        // The scale is geometric, and so is the way within a step; the first one begins at nothing.
        return TimeSpan.FromSeconds(step == 0 ? end * within : begin * Math.Pow(end / begin, within));
    }

    /// <summary>The share that is longer than something, interpolated within its step.</summary>
    /// <param name="limit">Than what.</param>
    /// <returns>From 0 to 1; null of nothing.</returns>
    public double? ShareAbove(TimeSpan limit)
    {
        if (Count == 0) return null;
        var step = LatencyScale.StepOf(limit);
        var above = 0L;
        for (var i = step + 1; i < _steps.Length; i++) above += _steps[i];
        if (step == _steps.Length - 1) return (double)above / Count;
        var (begin, end) = (LatencyScale.BeginOf(step), LatencyScale.BeginOf(step + 1));
        var within = step == 0 ? limit.TotalSeconds / end : Math.Log(limit.TotalSeconds / begin) / Math.Log(end / begin);
        return (above + (_steps[step] * (1 - Math.Clamp(within, 0, 1)))) / Count;
    }

    /// <summary>Both together.</summary>
    /// <param name="other">The other ones.</param>
    /// <returns>All of them.</returns>
    public Latencies Plus(Latencies other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (Count == 0) return other;
        if (other.Count == 0) return this;
        var steps = new long[_steps.Length];
        for (var i = 0; i < steps.Length; i++) steps[i] = _steps[i] + other._steps[i];
        return new Latencies(steps, _seconds + other._seconds);
    }
}
