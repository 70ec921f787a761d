using System.Diagnostics;

namespace Slipway.Bench.ApiServer;

/// <summary><c>slipway apiserver</c> as a process of its own, in a directory that goes with it.</summary>
internal sealed class EmbeddedProcess : IDisposable
{
    private static readonly string s_program = Path.GetFullPath("artifacts/slipway/slipway");
    private readonly string _data;
    private Process _process;

    private EmbeddedProcess(string data, Process process) => (_data, _process) = (data, process);

    public static bool IsBuilt => File.Exists(s_program);

    public int Id => _process.Id;

    public string Kubeconfig => Path.Combine(_data, "kubeconfig");

    /// <summary>Processor time that it used so far, in seconds.</summary>
    public double ProcessorSeconds
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime.TotalSeconds;
        }
    }

    public static int SayBuild()
    {
        Console.Error.WriteLine("Build it first: ./slipway --version");
        return 1;
    }

    /// <returns>The process, once it said that it listens.</returns>
    public static async Task<EmbeddedProcess> StartAsync()
    {
        var data = Directory.CreateTempSubdirectory("slipway-bench-").FullName;
        return new(data, await LaunchAsync(data));
    }

    /// <summary>Kills it and starts it again on the same data.</summary>
    /// <returns>Seconds from the start of the process until it listens.</returns>
    public async Task<double> RestartAsync()
    {
        Kill();
        var began = Stopwatch.GetTimestamp();
        _process = await LaunchAsync(_data);
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    public void Dispose()
    {
        Kill();
        Directory.Delete(_data, recursive: true);
    }

    private void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static async Task<Process> LaunchAsync(string data)
    {
        var process = Process.Start(new ProcessStartInfo(s_program, ["apiserver", "--data", data]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        while (await process.StandardOutput.ReadLineAsync() is { } line && !line.Contains("Ctrl-C", StringComparison.Ordinal)) { }
        return process;
    }
}
