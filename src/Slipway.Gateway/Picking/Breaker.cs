namespace Slipway.Gateway.Picking;

/// <summary>Whether an engine is given requests.</summary>
public enum BreakerState
{
    /// <summary>It is.</summary>
    Closed,

    /// <summary>It failed too often in a row, and is left alone for a while.</summary>
    Open,

    /// <summary>It was left alone for long enough: one request may try it.</summary>
    Due,
}

/// <summary>
/// Leaves an engine alone that fails again and again: after <see cref="MostFailures"/> in a row for five seconds, and for twice as long each time that a request which tries it fails too, up to two minutes. Whatever it
/// does well ends that. Safe for many threads; an engine in order costs a read.
/// </summary>
public sealed class Breaker
{
    /// <summary>Failures in a row after which the engine is left alone.</summary>
    public const int MostFailures = 3;

    // A trial may be a long stream: the next one need not wait for its end.
    private static readonly TimeSpan s_trial = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_first = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(2);

    private readonly Lock _lock = new();
    private volatile bool _open;
    private volatile int _failures;
    private bool _tried;
    private long _since;
    private TimeSpan _wait, _due;

    /// <summary>How it stands.</summary>
    /// <param name="time">The clock.</param>
    public BreakerState State(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        if (!_open) return BreakerState.Closed;
        lock (_lock) return !_open ? BreakerState.Closed : IsDue(time) ? BreakerState.Due : BreakerState.Open;
    }

    /// <summary>Takes the one trial of an engine that is due for it.</summary>
    /// <param name="time">The clock.</param>
    /// <returns>Whether it is the caller's.</returns>
    public bool TryTrial(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        lock (_lock)
        {
            if (!_open || !IsDue(time)) return false;
            (_tried, _since, _due) = (true, time.GetTimestamp(), s_trial);
            return true;
        }
    }

    /// <summary>The engine did its work.</summary>
    public void Succeeded()
    {
        if (!_open && _failures == 0) return;
        lock (_lock) (_open, _failures, _tried) = (false, 0, false);
    }

    /// <summary>The engine failed.</summary>
    /// <param name="time">The clock.</param>
    /// <returns>For how long it is left alone from now on; null where this changed nothing.</returns>
    public TimeSpan? Failed(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        lock (_lock)
        {
            // Requests from before, which fail with it, say nothing new.
            if (_open && !_tried) return null;
            if (!_open && ++_failures < MostFailures) return null;
            _wait = !_open ? s_first : _wait * 2 < s_longest ? _wait * 2 : s_longest;
            (_open, _tried, _since, _due) = (true, false, time.GetTimestamp(), _wait);
            return _wait;
        }
    }

    /// <summary>A request ended that says nothing of the engine: its client went.</summary>
    public void Unknown()
    {
        if (!_open) return;
        lock (_lock)
        {
            if (_tried) (_tried, _due) = (false, TimeSpan.Zero);
        }
    }

    private bool IsDue(TimeProvider time) => time.GetElapsedTime(_since) >= _due;
}
