using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Web;

namespace Slipway.Bench.Page;

/// <summary>The page's server as a process of its own, over deployments in memory: so that what is measured is the page, and neither the API nor the engines.</summary>
internal sealed class PageHost : IDisposable
{
    private readonly Process _process;

    private PageHost(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    /// <summary>Processor seconds that it used so far, and resident bytes.</summary>
    public sealed record Usage(double Seconds, long Resident);

    public static async Task<PageHost> StartAsync(int deployments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["host-page", deployments.ToString(CultureInfo.InvariantCulture)]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        var process = Process.Start(start)!;
        return new PageHost(process, new Uri((await process.StandardOutput.ReadLineAsync())!));
    }

    /// <summary>Gives one deployment a new message.</summary>
    public Task ChangeAsync(int index, string message) => AskAsync($"change {index} {message}");

    public async Task<Usage> UsageAsync()
    {
        var parts = (await AskAsync("usage")).Split(' ');
        return new Usage(double.Parse(parts[0], CultureInfo.InvariantCulture), long.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    /// <summary>The process itself.</summary>
    public static async Task<int> HostAsync(int count)
    {
        var deployments = new ManyDeployments(count);
        var nothing = new NothingElse();
        await using var server = await WebServer.StartAsync(
            new WebAddress(0), new PageOptions(new Uri("http://127.0.0.1:7080"), "bench"), new PageSources(deployments, nothing, nothing, nothing, nothing, nothing, nothing, nothing, nothing), null, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
        await Console.Out.WriteLineAsync(server.Address.ToString());
        while (await Console.In.ReadLineAsync() is { } line)
        {
            if (line.Split(' ', 3) is ["change", var index, var message])
            {
                deployments.Change(int.Parse(index, CultureInfo.InvariantCulture), message);
                await Console.Out.WriteLineAsync("changed");
                continue;
            }

            using var self = Process.GetCurrentProcess();
            await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{self.TotalProcessorTime.TotalSeconds} {self.WorkingSet64}"));
        }

        return 0;
    }

    private async Task<string> AskAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
        return (await _process.StandardOutput.ReadLineAsync())!;
    }
}
