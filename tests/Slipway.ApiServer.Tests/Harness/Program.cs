using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;

namespace Slipway.ApiServer.Tests.Harness;

/// <summary>Runs the tests, or with "serve DIRECTORY PORT KUBECONFIG" a server that lives until its input ends or it is killed.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        if (args is ["serve", var directory, var port, var kubeconfig]) return await ServeAsync(directory, port, kubeconfig);
        return args.Any(a => a is "--server" or "--internal-msbuild-node")
            ? await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
            : await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
    }

    private static async Task<int> ServeAsync(string directory, string port, string kubeconfig)
    {
        var started = Stopwatch.StartNew();
        var options = new ApiServerOptions
        {
            DataDirectory = directory,
            Port = int.Parse(port, CultureInfo.InvariantCulture),
            KubeconfigPath = kubeconfig,
        };
        await using var server = await EmbeddedApiServer.StartAsync(options, NullLoggerFactory.Instance, CancellationToken.None);
        var sinceProcess = TimeProvider.System.GetUtcNow().UtcDateTime - Process.GetCurrentProcess().StartTime.ToUniversalTime();
        await Console.Out.WriteLineAsync($"ready {server.Address} in {started.ElapsedMilliseconds} ms, {sinceProcess.TotalMilliseconds:F0} ms after the process began");
        await Console.Out.FlushAsync();
        await Console.In.ReadToEndAsync();
        return 0;
    }
}
