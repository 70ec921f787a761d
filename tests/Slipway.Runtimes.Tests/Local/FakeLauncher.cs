using System.Threading.Channels;
using Slipway.Runtimes.Local.Hosting;

namespace Slipway.Runtimes.Tests.Local;

/// <summary>Starts engines that do what the test tells them.</summary>
internal sealed class FakeLauncher : IEngineLauncher
{
    private readonly Channel<FakeEngine> _started = Channel.CreateUnbounded<FakeEngine>();
    private int _pids = 1000;

    public string? StartError { get; set; }

    public int Starts => _pids - 1000;

    public IEngineInstance Start(EngineLaunch launch)
    {
        var pid = Interlocked.Increment(ref _pids);
        if (StartError is { } error) throw new IOException(error);
        var engine = new FakeEngine(launch, pid);
        _started.Writer.TryWrite(engine);
        return engine;
    }

    /// <summary>The next engine that is started.</summary>
    public async Task<FakeEngine> NextAsync() => await _started.Reader.ReadAsync(TestContext.Current.CancellationToken);
}

internal sealed class FakeEngine(EngineLaunch launch, int pid) : IEngineInstance
{
    private readonly TaskCompletionSource<EngineExit> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile EngineHealth _health = EngineHealth.Silent;

    public EngineLaunch Launch { get; } = launch;

    public int Pid { get; } = pid;

    public Task<EngineExit> Exited => _exited.Task;

    public EngineHealth Health
    {
        get => _health;
        set => _health = value;
    }

    public bool WasStopped { get; private set; }

    /// <summary>Whether it works on a request.</summary>
    public bool Busy { get; set; }

    /// <summary>How often it was asked.</summary>
    public int AskedWhetherBusy { get; private set; }

    public Task<bool> IsBusyAsync(CancellationToken cancellationToken)
    {
        AskedWhetherBusy++;
        return Task.FromResult(Busy);
    }

    public void Exit(int code, params string[] lastLines) => _exited.TrySetResult(new EngineExit(code, lastLines));

    public Task<EngineHealth> ProbeAsync(CancellationToken cancellationToken) => Task.FromResult(Health);

    public Task StopAsync()
    {
        WasStopped = true;
        Exit(143);
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
