using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.ApiServer;

namespace Slipway.Bench.Operator;

/// <summary>The embedded API as a process of its own.</summary>
internal sealed class ApiProcess(Process process, string data) : IDisposable
{
    public string Kubeconfig => Path.Combine(data, "kubeconfig");

    public static async Task<ApiProcess> StartAsync()
    {
        var data = Directory.CreateTempSubdirectory("slipway-bench-").FullName;
        var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["host-api", data]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true })!;
        await process.StandardOutput.ReadLineAsync();
        return new ApiProcess(process, data);
    }

    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
        Directory.Delete(data, recursive: true);
    }

    /// <summary>The process itself.</summary>
    public static async Task<int> HostAsync(string data)
    {
        await using var server = await EmbeddedApiServer.StartAsync(
            new ApiServerOptions { DataDirectory = Path.Combine(data, "data"), KubeconfigPath = Path.Combine(data, "kubeconfig") }, NullLoggerFactory.Instance, CancellationToken.None);
        await Console.Out.WriteLineAsync("up");
        await Console.In.ReadLineAsync();
        return 0;
    }
}
