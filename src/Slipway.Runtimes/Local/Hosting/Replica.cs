using Microsoft.Extensions.Logging;

namespace Slipway.Runtimes.Local.Hosting;

/// <summary>Keeps one engine process alive: starts it, watches it, starts it again.</summary>
internal sealed partial class Replica : IAsyncDisposable
{
    private readonly EngineSpec _spec;
    private readonly int _index;
    private readonly LocalEngineHostOptions _options;
    private readonly IEngineLauncher _launcher;
    private readonly PortPool _ports;
    private readonly Action _changed;
    private readonly ILogger _logger;
    private readonly TimeSpan _startDeadline;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private ReplicaStatus _status = new() { State = ReplicaState.Starting };
    private IEngineInstance? _engine;

    public Replica(EngineSpec spec, int index, LocalEngineHostOptions options, IEngineLauncher launcher, PortPool ports, Action changed, ILogger logger)
    {
        (_spec, _index, _options, _launcher, _ports, _changed, _logger) = (spec, index, options, launcher, ports, changed, logger);
        _startDeadline = options.StartDeadline + TimeSpan.FromSeconds(ModelBytes(spec.ModelPath) / options.LoadBytesPerSecond);
        _loop = Task.Run(RunAsync);
    }

    public ReplicaSnapshot Snapshot
    {
        get
        {
            var s = Volatile.Read(ref _status);
            return new ReplicaSnapshot(_index, s.Port, s.State, s.RestartCount, s.Pid, s.Reason, s.Message);
        }
    }

    /// <summary>Waits until the engine works on nothing, at most as long as the options say.</summary>
    /// <param name="cancellationToken">Waits no longer.</param>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _status).State is not ReplicaState.Ready) return;
        try
        {
            await Task.Delay(_options.DrainDelay, _options.Time, cancellationToken);
            var begun = _options.Time.GetTimestamp();
            while (_engine is { } engine && _options.Time.GetElapsedTime(begun) < _options.DrainPatience && await engine.IsBusyAsync(cancellationToken))
                await Task.Delay(_options.StartProbeInterval, _options.Time, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // All is to end now.
        }
    }

    /// <summary>Ends the engine and its watching; returns when both have ended.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                var port = _ports.Lend();
                try
                {
                    await RunOnceAsync(port);
                }
                finally
                {
                    _ports.Return(port);
                }

                if (_status.RetryAt - _options.Time.GetUtcNow() is var wait && wait > TimeSpan.Zero)
                    await Task.Delay(wait, _options.Time, _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Stopped while waiting.
        }

        Apply(new ReplicaEvent.Stopped());
    }

    /// <summary>From one start to the end of that process.</summary>
    private async Task RunOnceAsync(int port)
    {
        IEngineInstance engine;
        try
        {
            _engine = engine = _launcher.Start(new EngineLaunch(_spec, _index, port));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Apply(new ReplicaEvent.StartFailed(e.Message));
            return;
        }

        await using (engine)
        {
            Apply(new ReplicaEvent.Started(engine.Pid, port));
            while (true)
            {
                var interval = _status.State == ReplicaState.Ready ? _options.ProbeInterval : _options.StartProbeInterval;
                if (await EndedWithinAsync(engine, interval)) break;
                var health = await ProbeAsync(engine);
                if (engine.Exited.IsCompleted || _stop.IsCancellationRequested) continue;
                if (Apply(new ReplicaEvent.Probed(health)) == ReplicaAction.End) await engine.StopAsync();
            }

            if (_stop.IsCancellationRequested)
            {
                await engine.StopAsync();
                return;
            }

            var (reason, message) = ExitReasons.Of(await engine.Exited);
            Apply(new ReplicaEvent.Exited(reason, message));
        }
    }

    /// <summary>Waits; true when the process has ended or is to be stopped.</summary>
    private async Task<bool> EndedWithinAsync(IEngineInstance engine, TimeSpan wait)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        await Task.WhenAny(engine.Exited, Task.Delay(wait, _options.Time, over.Token));
        await over.CancelAsync();
        return engine.Exited.IsCompleted || _stop.IsCancellationRequested;
    }

    private async Task<EngineHealth> ProbeAsync(IEngineInstance engine)
    {
        try
        {
            return await engine.ProbeAsync(_stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return EngineHealth.Silent;
        }
    }

    private ReplicaAction Apply(ReplicaEvent happened)
    {
        var before = _status;
        var (after, action) = ReplicaMachine.Step(before, happened, _options.Time.GetUtcNow(), _options, _startDeadline);
        Volatile.Write(ref _status, after);
        if (Shown(before) == Shown(after)) return action;
        if (after.State == ReplicaState.Backoff) LogFailed(_spec.Name, _index, after.Reason, after.Message, (after.RetryAt - _options.Time.GetUtcNow()).TotalSeconds);
        else LogState(_spec.Name, _index, after.State, after.Port, after.Pid);
        _changed();
        return action;
    }

    private static (ReplicaState, int, int?, int, string?) Shown(ReplicaStatus s) => (s.State, s.Port, s.Pid, s.RestartCount, s.Reason);

    private static long ModelBytes(string path)
    {
        try
        {
            return new FileInfo(path) is { Exists: true } file ? new FileInfo(file.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path).Length : 0;
        }
        catch (IOException)
        {
            return 0; // the engine will say what is wrong with it
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Engine {Name}/{Index} is {State} (port {Port}, pid {Pid})")]
    private partial void LogState(string name, int index, ReplicaState state, int port, int? pid);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Engine {Name}/{Index} ended ({Reason}): {Message} Next start in {Seconds} s")]
    private partial void LogFailed(string name, int index, string? reason, string? message, double seconds);
}
