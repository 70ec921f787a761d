using System.CommandLine;
using System.Globalization;
using Slipway.ApiServer;
using Slipway.Up;

namespace Slipway.Commands;

/// <summary>`slipway apiserver`: the embedded Kubernetes API alone, for whoever develops against one.</summary>
internal static class ApiServerCommand
{
    public static Command Create()
    {
        var data = new Option<string?>("--data", "-d") { Description = "Where objects and keys are kept (default: $SLIPWAY_DATA or ~/.slipway)", HelpName = "DIR" };
        var port = UpCommand.Port("--port", "The port on loopback (default: a free one)");
        var kubeconfig = new Option<string?>("--kubeconfig") { Description = "Where the administrator's kubeconfig is written (default: DIR/kubeconfig)", HelpName = "FILE" };
        var oidc = new OidcCommandOptions(page: false, api: true);
        var command = new ExampledCommand(
            "apiserver",
            "Start the embedded Kubernetes API alone: no controllers of Slipway's, no gateway, no page. Ctrl-C stops it; what it stored stays.",
            """
              slipway apiserver --data ./api
              slipway apiserver --data ./api --port 6443 --kubeconfig ./kubeconfig
              slipway apiserver --oidc-issuer-url https://login.example.com --oidc-client-id kubernetes --oidc-groups-claim groups
            """)
        {
            data, port, kubeconfig,
        };
        oidc.AddTo(command);
        command.SetAction((parse, cancellationToken) =>
        {
            var directory = DataDirectory.Locate(parse.GetValue(data));
            var file = parse.GetValue(kubeconfig);
            return RunAsync(directory, parse.GetValue(port), file is null ? directory.Kubeconfig : Path.GetFullPath(file), oidc.Read(parse), cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(DataDirectory data, int? port, string kubeconfig, OidcChoice? oidc, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        using var interrupt = Interrupt.Link(cancellationToken);
        using var loggers = UpLogging.Create(verbose: false);
        try
        {
            using var held = DataLock.Take(data);
            await using var server = await EmbeddedApiServer.StartAsync(
                new ApiServerOptions { DataDirectory = data.ApiServer, KubeconfigPath = kubeconfig, Port = Ports.Choose(port, "--port"), Oidc = oidc?.ForApi() }, loggers, interrupt.Token);
            await Console.Out.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"""
                The Kubernetes API is at {server.Address} ({TimeProvider.System.GetElapsedTime(began).TotalSeconds:0.0} s)

                  export KUBECONFIG={kubeconfig}
                  kubectl api-resources

                Ctrl-C stops it; what it stored stays in {data.ApiServer}.
                """));
            await Console.Out.FlushAsync(cancellationToken);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, interrupt.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return ExitCodes.Ok;
        }
        catch (OperationCanceledException) when (interrupt.Token.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
        catch (Exception failure) when (failure is CommandFailure or ApiServerStartException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"slipway: {failure.Message}");
            return failure is CommandFailure known ? known.ExitCode : ExitCodes.Failed;
        }
    }
}
