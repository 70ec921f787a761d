using System.CommandLine;
using Slipway.Models.Store;
using Slipway.Simulation.Cluster;
using Slipway.Up;
using Slipway.Web.Manifests;

namespace Slipway.Commands;

/// <summary>`slipway up`.</summary>
internal static class UpCommand
{
    public static Command Create()
    {
        var data = new Option<string?>("--data", "-d") { Description = "Where everything is kept (default: $SLIPWAY_DATA or ~/.slipway)", HelpName = "DIR" };
        var api = Port("--api-port", "The Kubernetes API's port (default: 7443 or a free one)");
        var gateway = Port("--gateway-port", "The gateway's port (default: 7080 or a free one)");
        var web = Port("--web-port", "The web page's port (default: 7081 or a free one)");
        var noBrowser = new Option<bool>("--no-browser") { Description = "Do not open the web page" };
        var verbose = new Option<bool>("--verbose", "-v") { Description = "Log what goes on" };
        var fixedPrices = new Option<bool>("--no-price-refresh") { Description = "Ask no cloud for prices of the regions that nodes are in (nor with HF_HUB_OFFLINE=1)" };
        var simulate = new Option<string?>("--simulate")
        {
            Description = $"Simulate a cluster besides: nodes and accelerators that FILE describes, or one of {string.Join(", ", SimulationFile.Bundled)}. Pods get nodes and devices there; nothing runs",
            HelpName = "FILE",
        };
        var prometheus = PrometheusOption.Create();
        var reach = new WebReachOptions();
        var command = new ExampledCommand(
            "up",
            "Start everything on this machine: a Kubernetes API, the controllers, the gateway and the web page. Everything listens on loopback only, unless the page is given another address. Ctrl-C stops it, engines included; the state stays in the data directory.",
            """
              slipway up
              slipway up --data ./x --no-browser
              slipway up --gateway-port 9000
              slipway up --simulate 100-h100
              slipway up --web-host slipway.example.com
              slipway up --web-address 0.0.0.0 --web-host slipway.example.com --web-certificate tls.pem
              slipway up --oidc-issuer-url https://login.example.com --oidc-client-id slipway --oidc-username-claim email
            """)
        {
            data, api, gateway, web, noBrowser, verbose, fixedPrices, simulate,
        };
        command.Add(prometheus);
        reach.AddTo(command);
        command.SetAction(async (parse, cancellationToken) =>
        {
            var (plan, wrong) = parse.GetValue(simulate) is { } name ? await ReadPlanAsync(name, cancellationToken) : default;
            if (wrong is not null)
            {
                await Console.Error.WriteLineAsync($"slipway: {wrong}");
                return ExitCodes.Failed;
            }

            var options = new UpOptions(
                DataDirectory.Locate(parse.GetValue(data)), parse.GetValue(api), parse.GetValue(gateway), parse.GetValue(web),
                !parse.GetValue(noBrowser), parse.GetValue(verbose),
                !parse.GetValue(fixedPrices) && !ModelStoreOptions.FromEnvironment(Environment.GetEnvironmentVariable).Offline)
            { Simulation = plan, Prometheus = PrometheusOption.Parse(parse.GetValue(prometheus)), Web = reach.Read(parse) };
            return await RunAsync(options, cancellationToken);
        });
        return command;
    }

    private static async Task<(SimulationPlan? Plan, string? Wrong)> ReadPlanAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            var text = File.Exists(name) ? await File.ReadAllTextAsync(name, cancellationToken) : SimulationFile.OfBundled(name);
            if (text is null) return (null, $"There is no file {name} to simulate, and none of that name comes with Slipway: {string.Join(", ", SimulationFile.Bundled)} do.");
            var (plan, faults) = SimulationFile.Read(YamlText.Read(text));
            return plan is null ? (null, $"{name} cannot be simulated: {string.Join("; ", faults)}.") : (plan, null);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or FormatException)
        {
            return (null, $"{name} cannot be read: {unreadable.Message}");
        }
    }

    private static async Task<int> RunAsync(UpOptions options, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        using var interrupt = Interrupt.Link(cancellationToken);
        using var loggers = UpLogging.Create(options.Verbose);
        try
        {
            using var held = DataLock.Take(options.Data);
            await using var host = await SlipwayHost.StartAsync(options, loggers, TimeProvider.System, interrupt.Token);
            await UpGreeting.WriteAsync(Console.Out, options, host.Instance, TimeProvider.System.GetElapsedTime(began));
            if (options.OpenBrowser) Browser.TryOpen(host.Instance.Web);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, interrupt.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Console.Out.WriteLineAsync("\nStopping ...");
        }
        catch (OperationCanceledException) when (interrupt.Token.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
        catch (CommandFailure failure)
        {
            await Console.Error.WriteLineAsync($"slipway: {failure.Message}");
            return failure.ExitCode;
        }

        return ExitCodes.Ok;
    }

    internal static Option<int?> Port(string name, string description)
    {
        var option = new Option<int?>(name) { Description = description, HelpName = "N" };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && (!int.TryParse(text, out var port) || port is < 0 or > 65535))
                result.AddError($"{name} takes a port from 1 to 65535 (or 0 for a free one), not \"{text}\".");
        });
        return option;
    }
}
