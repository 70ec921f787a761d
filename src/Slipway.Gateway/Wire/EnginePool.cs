namespace Slipway.Gateway.Wire;

/// <summary>The connections to one engine: kept while they are of use, so that a request seldom waits for a new one.</summary>
/// <param name="address">The engine.</param>
/// <param name="time">The clock.</param>
internal sealed class EnginePool(EngineAddress address, TimeProvider time) : IDisposable
{
    /// <summary>How long a connection is kept that nobody uses.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromMinutes(1);

    /// <summary>How long any connection is used: a name may stand for other machines by then.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    // An engine on this machine or in this cluster accepts at once or not at all.
    private static readonly TimeSpan s_connect = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Stack<EngineConnection> _free = [];
    private readonly HashSet<EngineConnection> _all = [];
    private bool _closed;

    /// <summary>The engine.</summary>
    public EngineAddress Address => address;

    /// <summary>Takes a connection that is at hand, or makes one.</summary>
    /// <param name="fresh">Whether only a new one will do.</param>
    /// <param name="cancellationToken">The client's patience.</param>
    /// <exception cref="System.Net.Sockets.SocketException">Nobody listens there.</exception>
    /// <exception cref="TimeoutException">Nobody answered.</exception>
    public async ValueTask<EngineConnection> TakeAsync(bool fresh, CancellationToken cancellationToken)
    {
        while (!fresh && Free() is { } kept)
        {
            if (!kept.IsStale()) return kept;
            Drop(kept);
        }

        using var patience = new CancellationTokenSource(s_connect, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            var made = await EngineConnection.OpenAsync(address, time, either.Token);
            made.Busy = true;
            lock (_lock) _all.Add(made);
            return made;
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"{address.Authority} did not accept a connection in {s_connect.TotalSeconds:0} s.", late);
        }
    }

    /// <summary>Gives a connection back that may carry another request.</summary>
    public void Return(EngineConnection connection)
    {
        connection.Reset();
        lock (_lock)
        {
            connection.Busy = false;
            if (!_closed && time.GetElapsedTime(connection.Opened) < Life)
            {
                _free.Push(connection);
                return;
            }
        }

        Drop(connection);
    }

    /// <summary>Gives up a connection.</summary>
    public void Drop(EngineConnection connection)
    {
        lock (_lock) _all.Remove(connection);
        connection.Dispose();
    }

    /// <summary>Closes what nobody uses, and ends requests of engines that were silent for too long.</summary>
    /// <param name="silence">How long an engine may be silent.</param>
    public void Sweep(TimeSpan silence)
    {
        List<EngineConnection> idle = [];
        lock (_lock)
        {
            foreach (var connection in _all)
            {
                var quiet = time.GetElapsedTime(connection.Active);
                if (!connection.Busy && quiet > Idle) idle.Add(connection);
                else if (connection.Busy && quiet > silence) connection.Abort(silent: true);
            }

            if (idle.Count == 0) return;
            var rest = _free.Where(c => !idle.Contains(c)).Reverse().ToList();
            _free.Clear();
            foreach (var kept in rest) _free.Push(kept);
        }

        foreach (var connection in idle) Drop(connection);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        List<EngineConnection> free, busy;
        lock (_lock)
        {
            _closed = true;
            (free, busy) = ([.. _free], [.. _all.Where(static c => c.Busy)]);
            _free.Clear();
        }

        foreach (var connection in free) Drop(connection);
        foreach (var connection in busy) connection.Abort();
    }

    private EngineConnection? Free()
    {
        lock (_lock)
        {
            if (!_free.TryPop(out var kept)) return null;
            kept.Busy = true;
            return kept;
        }
    }
}
