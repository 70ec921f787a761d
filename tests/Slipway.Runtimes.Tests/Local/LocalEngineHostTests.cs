using Microsoft.Extensions.Time.Testing;
using Slipway.Runtimes.Local.Engines;
using Slipway.Runtimes.Local.Hosting;

namespace Slipway.Runtimes.Tests.Local;

public sealed class LocalEngineHostTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new();
    private readonly FakeLauncher _launcher = new();
    private readonly LocalEngineHost _host;
    private readonly HostWatcher _watcher;

    public LocalEngineHostTests()
    {
        _host = new LocalEngineHost(new LocalEngineHostOptions { DataDirectory = "/nowhere", Time = _time }, launcher: _launcher);
        _watcher = new HostWatcher(_host, _time);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task An_engine_goes_from_starting_over_loading_to_ready()
    {
        await _host.EnsureAsync(Spec(), 1, Cancelled);
        var engine = await _launcher.NextAsync();
        await _watcher.UntilAsync(static s => s.Replicas is [{ State: ReplicaState.Starting, Pid: not null }]);

        engine.Health = EngineHealth.Loading;
        await _watcher.UntilAsync(static s => s.Replicas[0].State == ReplicaState.Loading);
        engine.Health = EngineHealth.Ok;
        var ready = await _watcher.UntilAsync(static s => s.ReadyCount == 1);

        Assert.Equal((engine.Pid, engine.Launch.Port, 0), (ready.Replicas[0].Pid, ready.Replicas[0].Port, ready.Replicas[0].RestartCount));
    }

    [Fact]
    public async Task Each_failure_waits_twice_as_long_up_to_a_minute()
    {
        await _host.EnsureAsync(Spec(), 1, Cancelled);
        var waits = new List<double>();
        for (var failure = 0; failure < 8; failure++)
        {
            var engine = await _launcher.NextAsync();
            engine.Exit(1, "error: something");
            var backoff = await _watcher.UntilAsync(s => s.Replicas[0].State == ReplicaState.Backoff && s.Replicas[0].RestartCount == failure + 1);
            Assert.Contains("error: something", backoff.Replicas[0].Message, StringComparison.Ordinal);
            var began = _time.GetUtcNow();
            await _watcher.UntilAsync(static s => s.Replicas[0].State == ReplicaState.Starting, TimeSpan.FromMilliseconds(500));
            waits.Add((_time.GetUtcNow() - began).TotalSeconds);
        }

        // The clock moves in steps of half a second, and on a busy machine by some more before the replica runs again;
        // ReplicaMachineTests knows the exact figures.
        Assert.All(waits.Zip([1, 2, 4, 8, 16, 32, 60, 60]), static w => Assert.InRange(w.First, w.Second, (w.Second * 1.5) + 5));
    }

    [Fact]
    public async Task A_taken_port_costs_no_wait()
    {
        await _host.EnsureAsync(Spec(), 1, Cancelled);
        var first = await _launcher.NextAsync();
        var before = _time.GetUtcNow();

        first.Exit(1, "start: couldn't bind HTTP server socket, hostname: 127.0.0.1, port: 1");
        var second = await _launcher.NextAsync();

        Assert.Equal(before, _time.GetUtcNow());
        Assert.NotSame(first, second);
    }

    [Fact]
    public async Task An_engine_that_is_never_ready_is_ended_at_the_deadline()
    {
        await _host.EnsureAsync(Spec(), 1, Cancelled);
        var engine = await _launcher.NextAsync();
        engine.Health = EngineHealth.Loading;

        var backoff = await _watcher.UntilAsync(static s => s.Replicas[0].State == ReplicaState.Backoff);

        Assert.True(engine.WasStopped);
        Assert.Equal(ReplicaReasons.StartTimeout, backoff.Replicas[0].Reason);
        Assert.Contains("not ready after 60 s", backoff.Replicas[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_engine_that_stops_answering_is_restarted()
    {
        await _host.EnsureAsync(Spec(), 1, Cancelled);
        var engine = await _launcher.NextAsync();
        engine.Health = EngineHealth.Ok;
        await _watcher.UntilAsync(static s => s.ReadyCount == 1);

        engine.Health = EngineHealth.Silent;
        var backoff = await _watcher.UntilAsync(static s => s.Replicas[0].State == ReplicaState.Backoff);

        Assert.True(engine.WasStopped);
        Assert.Equal(ReplicaReasons.Unresponsive, backoff.Replicas[0].Reason);
    }

    [Fact]
    public async Task A_changed_spec_restarts_and_the_same_spec_does_not()
    {
        await _host.EnsureAsync(Spec(), 1, Cancelled);
        var first = await _launcher.NextAsync();
        await _host.EnsureAsync(Spec(), 1, Cancelled);
        Assert.False(first.WasStopped);

        await _host.EnsureAsync(Spec() with { ContextLength = 4096 }, 1, Cancelled);
        var second = await _launcher.NextAsync();

        Assert.True(first.WasStopped);
        Assert.Equal(2, _launcher.Starts);
        Assert.Contains("4096", second.Launch.Arguments);
    }

    [Fact]
    public async Task Scaling_starts_and_ends_only_the_difference_and_zero_ends_all()
    {
        await _host.EnsureAsync(Spec(), 3, Cancelled);
        FakeEngine[] engines = [await _launcher.NextAsync(), await _launcher.NextAsync(), await _launcher.NextAsync()];
        Assert.Equal(3, engines.Select(static e => e.Launch.Port).Distinct().Count());
        var byIndex = engines.ToDictionary(static e => e.Launch.Index);

        await _host.EnsureAsync(Spec(), 1, Cancelled);
        await Task.WhenAll(byIndex[1].Exited, byIndex[2].Exited);
        Assert.Equal((false, true, true), (byIndex[0].WasStopped, byIndex[1].WasStopped, byIndex[2].WasStopped));

        await _host.EnsureAsync(Spec(), 0, Cancelled);
        await byIndex[0].Exited;
        Assert.True(byIndex[0].WasStopped);
        Assert.Empty(_host.Find("tiny")!.Replicas);
        Assert.Equal(3, _launcher.Starts);
    }

    [Fact]
    public async Task One_that_is_given_up_is_sent_nobody_and_answers_who_it_has_and_the_others_run_on()
    {
        await _host.EnsureAsync(Spec() with { UsualThreads = 1 }, 2, Cancelled);
        FakeEngine[] engines = [await _launcher.NextAsync(), await _launcher.NextAsync()];
        foreach (var engine in engines) (engine.Health, engine.Busy) = (EngineHealth.Ok, true);
        await _watcher.UntilAsync(static s => s.ReadyCount == 2);

        // Another share of the machine is no reason to start anew.
        await _host.EnsureAsync(Spec() with { UsualThreads = 2 }, 1, Cancelled);
        var given = engines.Single(static e => e.Launch.Index == 1);
        Assert.Equal(0, Assert.Single(_host.Find("tiny")!.Replicas).Index);
        await MoveUntilAsync(() => given.AskedWhetherBusy > 3);
        Assert.False(given.WasStopped);
        given.Busy = false;
        await MoveUntilAsync(() => given.WasStopped);
        Assert.False(engines.Single(static e => e.Launch.Index == 0).WasStopped);
        await _host.EnsureAsync(Spec() with { UsualThreads = 1 }, 2, Cancelled);
        Assert.Equal(1, (await _launcher.NextAsync()).Launch.Index);
    }

    [Fact]
    public async Task Nobody_waits_for_answers_for_ever_nor_when_all_is_to_end()
    {
        var host = new LocalEngineHost(new LocalEngineHostOptions { DataDirectory = "/nowhere", Time = _time }, launcher: _launcher);
        var watcher = new HostWatcher(host, _time);
        await host.EnsureAsync(Spec(), 2, Cancelled);
        FakeEngine[] engines = [await _launcher.NextAsync(), await _launcher.NextAsync()];
        foreach (var engine in engines) (engine.Health, engine.Busy) = (EngineHealth.Ok, true);
        await watcher.UntilAsync(static s => s.ReadyCount == 2);
        await host.EnsureAsync(Spec(), 1, Cancelled);
        var begun = _time.GetUtcNow();
        await MoveUntilAsync(() => engines.Any(static e => e.WasStopped));
        Assert.True(_time.GetUtcNow() - begun >= TimeSpan.FromSeconds(60));

        await host.EnsureAsync(Spec(), 0, Cancelled);
        await host.DisposeAsync();
        Assert.All(engines, static e => Assert.True(e.WasStopped));
    }

    [Fact]
    public async Task A_stopped_name_is_forgotten()
    {
        await _host.EnsureAsync(Spec(), 1, Cancelled);
        var engine = await _launcher.NextAsync();

        await _host.StopAsync("tiny", Cancelled);
        await _host.StopAsync("tiny", Cancelled);

        Assert.True(engine.WasStopped);
        Assert.Null(_host.Find("tiny"));
    }

    [Fact]
    public async Task An_engine_that_cannot_be_started_is_tried_again()
    {
        _launcher.StartError = "no such file";
        await _host.EnsureAsync(Spec(), 1, Cancelled);
        var backoff = await _watcher.UntilAsync(static s => s.Replicas is [{ State: ReplicaState.Backoff }]);
        Assert.Equal((ReplicaReasons.StartFailed, "no such file"), (backoff.Replicas[0].Reason, backoff.Replicas[0].Message));

        _launcher.StartError = null;
        await _watcher.UntilAsync(static s => s.Replicas[0].Pid is not null);
    }

    [Fact]
    public async Task A_reserved_argument_is_refused_and_nothing_is_started()
    {
        var outcome = await _host.EnsureAsync(Spec() with { ExtraArgs = ["--port", "80"] }, 1, Cancelled);

        Assert.False(outcome.Accepted);
        Assert.Contains("--port", outcome.Refusal, StringComparison.Ordinal);
        Assert.Equal(0, _launcher.Starts);
    }

    private async Task MoveUntilAsync(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1), TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, Cancelled);
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        while (!holds())
        {
            await pause.WaitForNextTickAsync(either.Token);
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }
    }

    internal static EngineSpec Spec() => new()
    {
        Name = "tiny",
        Command = new EngineCommand { Path = "/engine", Version = "1", Source = "test" },
        ModelPath = "/models/tiny.gguf",
        ServedName = "tiny-chat",
        LogDirectory = "/logs",
    };
}
