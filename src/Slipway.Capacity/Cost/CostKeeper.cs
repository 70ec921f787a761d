namespace Slipway.Capacity.Cost;

/// <summary>Writes down what the cluster costs, minute by minute, for as long as it runs.</summary>
/// <param name="store">Where the history is kept.</param>
/// <param name="look">Tells what the cluster costs now; null when that cannot be told.</param>
/// <param name="time">The clock.</param>
public sealed class CostKeeper(ICostHistoryStore store, Func<CancellationToken, Task<ClusterCost?>> look, TimeProvider time)
{
    /// <summary>Time between two looks.</summary>
    public static TimeSpan Look { get; } = TimeSpan.FromMinutes(1);

    // What a crash may lose.
    private const int LooksBetweenWrites = 5;

    /// <summary>Called with each reason why the history could not be read or written.</summary>
    public event Action<string>? Failed;

    /// <summary>Runs until it is stopped, and writes once more then. A stretch that nobody watched is left out, not made up.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var (history, fault) = await store.ReadAsync(cancellationToken);
        if (fault is not null) Failed?.Invoke(fault);
        using var timer = new PeriodicTimer(Look, time);
        (DateTimeOffset At, ClusterCost Cost)? before = null;
        try
        {
            for (var looks = 1; ; looks++)
            {
                var now = time.GetUtcNow();
                var cost = await look(cancellationToken);
                // What ran at the last look ran until this one; a clock that jumped says nothing of what was between.
                if (before is { } last && cost is not null && now - last.At <= Look + Look) history.Add(last.At, now, last.Cost);
                before = cost is null ? null : (now, cost);
                if (looks % LooksBetweenWrites == 0 && await store.WriteAsync(history, cancellationToken) is { } why) Failed?.Invoke(why);
                if (!await timer.WaitForNextTickAsync(cancellationToken)) return;
            }
        }
        finally
        {
            // The last minutes are worth a little patience.
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5), time);
            if (await store.WriteAsync(history, patience.Token) is { } why) Failed?.Invoke(why);
        }
    }
}
