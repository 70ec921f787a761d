using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Kubernetes.Connection;
using Slipway.Operator;
using Slipway.Runtimes;
using Slipway.Runtimes.Dynamo;
using Slipway.Runtimes.Kaito;
using Slipway.Runtimes.LlmD;
using Slipway.Runtimes.Vllm;

namespace Slipway.Bench.Operator;

/// <summary>Slipway's controllers as a process of their own, which tells what it used when it is asked.</summary>
internal sealed class OperatorProcess : IDisposable
{
    private readonly Process _process;

    private OperatorProcess(Process process) => _process = process;

    /// <summary>What it used so far: processor seconds, bytes of the managed heap after a collection, resident bytes, writes by verb and kind.</summary>
    public sealed record Usage(double Seconds, long Heap, long Resident, Dictionary<string, int> Writes);

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
        var parts = (await _process.StandardOutput.ReadLineAsync())!.Split(' ', 4);
        return new Usage(
            double.Parse(parts[0], CultureInfo.InvariantCulture), long.Parse(parts[1], CultureInfo.InvariantCulture), long.Parse(parts[2], CultureInfo.InvariantCulture),
            parts[3].Split(';', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('=')).ToDictionary(p => p[0], p => int.Parse(p[1], CultureInfo.InvariantCulture), StringComparer.Ordinal));
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
        using var connection = KubeConnection.FromKubeconfig(kubeconfig, null, counting);
        IRuntime[] runtimes = [new KaitoRuntime(), new DynamoRuntime(), new VllmRuntime(), new LlmDRuntime()];
        await using var slipway = new SlipwayOperator(new KubeClient(connection), runtimes, null, null, "bench", TimeProvider.System, NullLoggerFactory.Instance);
        await slipway.StartAsync(CancellationToken.None);
        await Console.Out.WriteLineAsync("up");
        while (await Console.In.ReadLineAsync() is not null)
        {
            using var self = Process.GetCurrentProcess();
            var seconds = self.TotalProcessorTime.TotalSeconds;
            var resident = self.WorkingSet64;
            await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{seconds} {GC.GetTotalMemory(true)} {resident} {string.Join(';', counting.Writes.Select(w => $"{w.Key}={w.Value}"))}"));
        }

        return 0;
    }
}
