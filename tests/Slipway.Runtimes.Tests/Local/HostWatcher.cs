using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;
using Slipway.Runtimes.Local.Hosting;

namespace Slipway.Runtimes.Tests.Local;

/// <summary>Waits for states of a host by its events, and moves a fake clock on while it waits. What it waits for must happen within a minute.</summary>
public sealed class HostWatcher
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    private readonly Channel<EngineSnapshot> _seen = Channel.CreateUnbounded<EngineSnapshot>();
    private readonly List<string> _history = [];
    private readonly FakeTimeProvider? _time;

    public HostWatcher(LocalEngineHost host, FakeTimeProvider? time = null)
    {
        _time = time;
        host.Changed += (_, change) => _seen.Writer.TryWrite(change.Snapshot);
    }

    /// <summary>The first snapshot, after those that were waited for already, that satisfies a condition.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="step">How far the fake clock moves each time nothing is seen.</param>
    public async Task<EngineSnapshot> UntilAsync(Func<EngineSnapshot, bool> condition, TimeSpan? step = null)
    {
        using var patience = new CancellationTokenSource(s_patience, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, TestContext.Current.CancellationToken);
        try
        {
            while (true)
            {
                var snapshot = await NextAsync(step ?? TimeSpan.FromMilliseconds(100), either.Token);
                _history.Add(string.Join(", ", snapshot.Replicas.Select(static r => $"{r.Index}:{r.State} {r.Reason} {r.Message}")));
                if (condition(snapshot)) return snapshot;
            }
        }
        catch (OperationCanceledException e) when (patience.IsCancellationRequested)
        {
            throw new TimeoutException($"Not seen within {s_patience}. Seen: {string.Join(" → ", _history)}", e);
        }
    }

    private async Task<EngineSnapshot> NextAsync(TimeSpan step, CancellationToken cancellationToken)
    {
        if (_time is null) return await _seen.Reader.ReadAsync(cancellationToken);
        EngineSnapshot? snapshot;
        while (!_seen.Reader.TryRead(out snapshot))
        {
            cancellationToken.ThrowIfCancellationRequested();
            // Everything that is ready to run runs before the clock moves: the timers are then set, and fire in turn.
            using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(1), TimeProvider.System);
            await pause.WaitForNextTickAsync(cancellationToken);
            if (_seen.Reader.Count == 0) _time.Advance(step);
        }

        return snapshot;
    }
}
