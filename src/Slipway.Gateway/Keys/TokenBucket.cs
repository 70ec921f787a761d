namespace Slipway.Gateway.Keys;

/// <summary>So much a minute, and at most a minute's worth at once. Not for several threads at a time.</summary>
/// <param name="perMinute">How much.</param>
/// <param name="now">The clock's time stamp, ticks.</param>
internal sealed class TokenBucket(int perMinute, long now)
{
    private double _level = perMinute;
    private long _filled = now;

    /// <summary>How much a minute.</summary>
    public int PerMinute => perMinute;

    /// <summary>How much is left; below 0 where more was taken than there was.</summary>
    public double Left(long at)
    {
        _level = Math.Min(perMinute, _level + perMinute * Math.Max(0, at - _filled) / (double)TimeSpan.TicksPerMinute);
        _filled = Math.Max(_filled, at);
        return _level;
    }

    /// <summary>Takes some, whatever is left.</summary>
    public void Take(double amount, long at) => _level = Left(at) - amount;

    /// <summary>How long until so much is left.</summary>
    public TimeSpan Until(double amount, long at) => TimeSpan.FromMinutes(Math.Max(0, amount - Left(at)) / perMinute);
}
