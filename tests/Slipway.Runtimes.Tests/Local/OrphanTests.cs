using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Runtimes.Local.Engines;
using Slipway.Runtimes.Local.Hosting;
using Slipway.Testing;
using Slipway.Testing.Gguf;

namespace Slipway.Runtimes.Tests.Local;

/// <summary>An engine never outlives its Slipway, however that ends.</summary>
public sealed class OrphanTests : IDisposable
{
    // Three seconds where there is a processor to run on; a machine that runs many tests at once takes its time. Without force it would be never.
    private const double Patience = 20;

    private readonly TempDirectory _folder = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait("Speed", "slow")]
    public async Task Killing_the_host_with_SIGKILL_ends_the_engine()
    {
        var model = _folder.Write("random.gguf", RandomModel.Bytes());
        var start = new ProcessStartInfo("dotnet", [typeof(Tools).Assembly.Location, "host-engine", _folder["data"], model])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        using var host = Process.Start(start)!;
        var ready = (await host.StandardOutput.ReadLineAsync(Cancelled))!.Split(' ');
        var engine = int.Parse(ready[1], CultureInfo.InvariantCulture);
        Assert.Contains("llama-server", ProcessIdentity.CommandLine(engine), StringComparison.Ordinal);
        var watcher = Children(engine);

        host.Kill();
        var killed = TimeProvider.System.GetTimestamp();
        await GoneAsync(engine);

        Assert.InRange(TimeProvider.System.GetElapsedTime(killed).TotalSeconds, 0, Patience);
        await Task.WhenAll(watcher.Select(GoneAsync));
    }

    [Fact]
    public async Task An_engine_that_ignores_the_polite_signal_is_ended_by_force_soon()
    {
        var engine = _folder.WriteProgram("engine", "trap '' TERM INT; echo deaf; while :; do sleep 0.2; done");
        var spec = LocalEngineHostTests.Spec() with { Command = new EngineCommand { Path = engine, Version = "1", Source = "test" }, LogDirectory = _folder["logs"] };
        using var launcher = new ProcessLauncher(new LocalEngineHostOptions { DataDirectory = _folder.Path });
        await using var running = launcher.Start(new EngineLaunch(spec, 0, 1));
        await foreach (var line in Runtimes.Local.Logs.EngineLogs.FollowAsync(_folder["logs", "tiny-0.log"], 10, TimeProvider.System, Cancelled))
        {
            if (line == "deaf") break;
        }

        var began = TimeProvider.System.GetTimestamp();
        await running.StopAsync();

        Assert.InRange(TimeProvider.System.GetElapsedTime(began).TotalSeconds, 1.5, Patience);
        Assert.Equal(137, (await running.Exited).ExitCode);
    }

    [Fact]
    public async Task The_next_start_ends_what_was_left_behind_and_nothing_else()
    {
        var options = new LocalEngineHostOptions { DataDirectory = _folder.Path };
        var spec = LocalEngineHostTests.Spec() with { ModelPath = "/models/left-behind.gguf" };
        // Neither has a watchdog: one is an engine's leftover, the other took over the pid of one.
        using var leftover = Process.Start("/bin/sh", ["-c", "sleep 600; :", "engine", spec.ModelPath]);
        using var stranger = Process.Start("/bin/sh", ["-c", "sleep 600; :", "engine", spec.ModelPath]);
        PidFile.Write(options, new EngineLaunch(spec, 0, 1), leftover.Id);
        var note = PidFile.Write(options, new EngineLaunch(spec, 1, 1), stranger.Id);
        await File.WriteAllLinesAsync(note.Path, [note.Pid.ToString(CultureInfo.InvariantCulture), "another boot 1", note.ModelPath], Cancelled);
        _folder.Write("run/rubbish.pid", "rubbish"u8.ToArray());

        await using var host = new LocalEngineHost(options, NullLogger<LocalEngineHost>.Instance);
        var ended = await host.SweepAsync(Cancelled);

        Assert.Equal(1, ended);
        await leftover.WaitForExitAsync(Cancelled);
        Assert.False(stranger.HasExited);
        Assert.Empty(Directory.EnumerateFiles(options.RunDirectory));
        stranger.Kill(entireProcessTree: true);
    }

    private static List<int> Children(int pid) =>
        [.. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(static n => n!.All(char.IsAsciiDigit)).Select(static n => int.Parse(n!, CultureInfo.InvariantCulture))
            .Where(p => File.Exists($"/proc/{p}/stat") && Parent(p) == pid)];

    private static int Parent(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    /// <summary>A process that is not our child tells nobody of its end, so it is looked at.</summary>
    private static async Task GoneAsync(int pid)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        while (ProcessIdentity.Began(pid) is not null) await timer.WaitForNextTickAsync(Cancelled);
    }
}
