using System.CommandLine;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using Slipway.Capacity.Inventory.Watched;
using Slipway.Kubernetes.Connection;
using Slipway.Monitoring;
using Slipway.Operating;

namespace Slipway.Commands.Dra;

/// <summary>`slipway dra monitor`.</summary>
internal static class MonitorCommand
{
    public static Command Create()
    {
        var kubeconfig = new Option<string?>("--kubeconfig") { Description = "The cluster (default: the pod's own, else $KUBECONFIG or ~/.kube/config)", HelpName = "FILE" };
        var context = new Option<string?>("--context") { Description = "The kubeconfig's context", HelpName = "NAME" };
        var ns = new Option<string?>("--namespace", "-n") { Description = "Where reports are written (default: the pod's own)", HelpName = "NS" };
        var node = new Option<string?>("--node") { Description = "The node (default: $NODE_NAME, else this machine's name)", HelpName = "NAME" };
        var listen = new Option<string>("--listen") { Description = "Where health and metrics are", HelpName = "URL", DefaultValueFactory = _ => "http://127.0.0.1:8082" };
        listen.Validators.Add(result =>
        {
            var text = result.GetValueOrDefault<string>();
            if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme != "http" || url.AbsolutePath != "/") result.AddError($"--listen takes an address such as http://127.0.0.1:8082, not \"{text}\".");
        });
        var once = new Option<bool>("--once") { Description = "Print what can be read of this machine's devices now, and end; no cluster is asked" };
        var command = new ExampledCommand(
            "monitor",
            "Watch the health and use of the NVIDIA devices of this node, whoever has them, for `slipway capacity` and for metrics. `slipway install --device-monitor` runs one on each node.",
            """
              slipway dra monitor --once
              slipway dra monitor --listen http://0.0.0.0:8082
            """)
        {
            kubeconfig, context, ns, node, listen, once,
        };
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var reader = new NvmlReader();
            var name = parse.GetValue(node) ?? (Environment.GetEnvironmentVariable("NODE_NAME") is { Length: > 0 } given ? given : Environment.MachineName);
            if (parse.GetValue(once)) return await OnceAsync(reader, name);
            return await ClusterCommand.RunAsync(parse.GetValue(kubeconfig), parse.GetValue(context), (client, stop) => RunAsync(reader, client, parse.GetValue(ns), name, new Uri(parse.GetValue(listen)!), stop), cancellationToken);
        });
        return command;
    }

    private static async Task<int> OnceAsync(NvmlReader reader, string node)
    {
        var (devices, unread) = reader.Read();
        await Console.Out.WriteLineAsync(new NodeReport(node, TimeProvider.System.GetUtcNow(), devices, unread).Write());
        return unread is null ? ExitCodes.Ok : ExitCodes.Failed;
    }

    private static async Task<int> RunAsync(NvmlReader reader, KubeClient client, string? ns, string node, Uri listen, CancellationToken cancellationToken)
    {
        using var loggers = LoggerFactory.Create(static _ => { });
        using var metrics = Sdk.CreateMeterProviderBuilder().AddMeter(DeviceMonitor.MeterName).AddPrometheusExporter(static o => o.ScopeInfoEnabled = false).Build();
        await using var endpoints = await OperatorEndpoints.StartAsync(listen, metrics, loggers, cancellationToken);
        using var monitor = new DeviceMonitor(reader, client, ns ?? client.Connection.DefaultNamespace, node, TimeProvider.System);
        monitor.Failed += static why => Console.Error.WriteLine($"slipway: what was read cannot be written: {why}");
        await Console.Error.WriteLineAsync($"Watching the devices of {node}; metrics are at {endpoints.Address}metrics");
        endpoints.Ready("watching");
        await monitor.RunAsync(cancellationToken);
        return ExitCodes.Ok;
    }
}
