namespace Slipway.Kubernetes.Queues;

/// <summary>Keys that wait for work: each at most once, none worked on twice at a time, failed ones later and later.</summary>
/// <typeparam name="TKey">The key.</typeparam>
/// <remarks>
/// The dirty and processing sets are those of client-go's workqueue: a key that changes while it is worked on comes again after.
/// As there, a queue that was shut down ignores what is still added: watches and timers may outlive the worker that they fed.
/// </remarks>
public sealed class WorkQueue<TKey> : IDisposable
    where TKey : notnull
{
    // client-go waits from 5 ms; the first failure here is most often a write that met another one.
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Queue<TKey> _ready = new();
    private readonly HashSet<TKey> _dirty = [];
    private readonly HashSet<TKey> _processing = [];
    private readonly PriorityQueue<TKey, DateTimeOffset> _later = new();
    private readonly Dictionary<TKey, DateTimeOffset> _due = [];
    private readonly Dictionary<TKey, int> _failures = [];
    private readonly SemaphoreSlim _available = new(0);
    private bool _closed;

    /// <summary>Initializes a new instance.</summary>
    /// <param name="time">The clock.</param>
    public WorkQueue(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
        _timer = time.CreateTimer(_ => Ripen(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How many keys wait to be taken.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _ready.Count;
        }
    }

    /// <summary>Adds a key, unless it waits already.</summary>
    /// <param name="key">The key.</param>
    public void Add(TKey key)
    {
        lock (_lock)
        {
            if (_closed || !_dirty.Add(key) || _processing.Contains(key)) return;
            _ready.Enqueue(key);
            _available.Release();
        }
    }

    /// <summary>Adds a key after a while; when it is to come sooner already, that stands.</summary>
    /// <param name="key">The key.</param>
    /// <param name="delay">How long.</param>
    public void AddAfter(TKey key, TimeSpan delay)
    {
        lock (_lock) Plan(key, delay);
    }

    /// <summary>Takes the next key; <see cref="Done"/> must follow.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The key.</returns>
    public async ValueTask<TKey> TakeAsync(CancellationToken cancellationToken)
    {
        await _available.WaitAsync(cancellationToken);
        lock (_lock)
        {
            var key = _ready.Dequeue();
            _processing.Add(key);
            _dirty.Remove(key);
            return key;
        }
    }

    /// <summary>Says that the work on a key is over, for now.</summary>
    /// <param name="key">The key.</param>
    public void Done(TKey key)
    {
        lock (_lock)
        {
            _processing.Remove(key);
            if (_closed || !_dirty.Contains(key)) return;
            _ready.Enqueue(key);
            _available.Release();
        }
    }

    /// <summary>Adds a key after a pause that doubles with each failure in a row: 50 ms to 1 minute.</summary>
    /// <param name="key">The key.</param>
    public void Fail(TKey key)
    {
        lock (_lock)
        {
            var failures = _failures.GetValueOrDefault(key);
            _failures[key] = failures + 1;
            var pause = s_firstPause * Math.Pow(2, Math.Min(failures, 16));
            Plan(key, pause < s_longestPause ? pause : s_longestPause);
        }
    }

    /// <summary>Forgets a key's failures.</summary>
    /// <param name="key">The key.</param>
    public void Forget(TKey key)
    {
        lock (_lock) _failures.Remove(key);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _closed = true;
            _timer.Dispose();
            _available.Dispose();
        }
    }

    // One appointment a key: a key that asks to be looked at again with every pass must not fill the memory with appointments.
    private void Plan(TKey key, TimeSpan delay)
    {
        var due = _time.GetUtcNow() + delay;
        if (_due.TryGetValue(key, out var earlier) && earlier <= due) return;
        _due[key] = due;
        _later.Enqueue(key, due);
        Arm();
    }

    private void Arm()
    {
        if (_closed || !_later.TryPeek(out _, out var due)) return;
        var wait = due - _time.GetUtcNow();
        _timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private void Ripen()
    {
        var ripe = new List<TKey>();
        lock (_lock)
        {
            while (_later.TryPeek(out var key, out var due) && due <= _time.GetUtcNow())
            {
                _later.Dequeue();
                // An appointment that a sooner one replaced is void.
                if (_due.TryGetValue(key, out var current) && current == due && _due.Remove(key)) ripe.Add(key);
            }

            Arm();
        }

        foreach (var key in ripe) Add(key);
    }
}
