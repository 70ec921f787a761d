using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Kubernetes.Connection;
using Slipway.Operator;
using Slipway.Runtimes;
using Slipway.Runtimes.Local;

namespace Slipway.Bench.Operator;

/// <summary>Slipway's controllers as a process of their own, which tells what it used when it is asked.</summary>
internal sealed class OperatorProcess : IDisposable
{
    private readonly Process _process;

    private OperatorProcess(Process process) => _process = process;

    /// <summary>What it used so far: processor seconds, bytes of the managed heap after a collection, resident bytes, seconds within which 99 of 100 passes ended, writes by verb and kind.</summary>
    public sealed record Usage(double Seconds, long Heap, long Resident, double P99, Dictionary<string, int> Writes);

    /// <summary>The runtimes that it drives: every one there is.</summary>
    public static IReadOnlyList<IRuntime> Runtimes() => [.. ClusterRuntimes.All(), new LocalRuntime()];

    public static async Task<OperatorProcess> StartAsync(string kubeconfig)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["host-operator", kubeconfig]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        var process = new OperatorProcess(Process.Start(start)!);
        await process._process.StandardOutput.ReadLineAsync();
        return process;
    }

    public async Task<Usage> UsageAsync()
    {
        await _process.StandardInput.WriteLineAsync("usage");
        await _process.StandardInput.FlushAsync();
        var parts = (await _process.StandardOutput.ReadLineAsync())!.Split(' ', 5);
        return new Usage(
            double.Parse(parts[0], CultureInfo.InvariantCulture), long.Parse(parts[1], CultureInfo.InvariantCulture), long.Parse(parts[2], CultureInfo.InvariantCulture),
            double.Parse(parts[3], CultureInfo.InvariantCulture),
            parts[4].Split(';', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('=')).ToDictionary(p => p[0], p => int.Parse(p[1], CultureInfo.InvariantCulture), StringComparer.Ordinal));
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    /// <summary>The process itself.</summary>
    public static async Task<int> HostAsync(string kubeconfig)
    {
        using var counting = new CountingHandler();
        using var connection = KubeConnection.FromKubeconfig(kubeconfig, null, null, counting);
        var passes = new List<double>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, l) => { if (instrument.Name == "slipway.reconcile.duration") l.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<double>((_, seconds, _, _) => { lock (passes) passes.Add(seconds); });
        listener.Start();
        await using var slipway = new SlipwayOperator(new KubeClient(connection), Runtimes(), null, null, "bench", TimeProvider.System, NullLoggerFactory.Instance);
        await slipway.StartAsync(CancellationToken.None);
        await Console.Out.WriteLineAsync("up");
        while (await Console.In.ReadLineAsync() is not null)
        {
            using var self = Process.GetCurrentProcess();
            var seconds = self.TotalProcessorTime.TotalSeconds;
            var resident = self.WorkingSet64;
            await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{seconds} {GC.GetTotalMemory(true)} {resident} {P99(passes)} {string.Join(';', counting.Writes.Select(w => $"{w.Key}={w.Value}"))}"));
        }

        return 0;
    }

    private static double P99(List<double> passes)
    {
        lock (passes) return passes.Count == 0 ? 0 : passes.Order().ElementAt(passes.Count * 99 / 100);
    }
}
