using System.CommandLine;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;
using Slipway.Models.Store;
using Slipway.Operating;
using Slipway.Operator.Keeping;
using Slipway.Operator.Speed;
using Slipway.Up;

namespace Slipway.Commands;

/// <summary>`slipway operator`: the controllers for a cluster.</summary>
internal static class OperatorCommand
{
    public static Command Create()
    {
        var kubeconfig = new Option<string?>("--kubeconfig") { Description = "The cluster (default: the pod's own, else $KUBECONFIG or ~/.kube/config)", HelpName = "FILE" };
        var context = new Option<string?>("--context") { Description = "The kubeconfig's context", HelpName = "NAME" };
        var runtimes = RuntimeOption.Create();
        var lease = new Option<string?>("--lease-namespace") { Description = "The namespace of the lease of the one that works (default: the pod's own, else slipway-system)", HelpName = "NS" };
        var alone = new Option<bool>("--no-leader-election") { Description = "Work at once: there is no other process" };
        var listen = new Option<string>("--listen") { Description = "Where health and metrics are", HelpName = "URL", DefaultValueFactory = _ => "http://127.0.0.1:8081" };
        listen.Validators.Add(result =>
        {
            var text = result.GetValueOrDefault<string>();
            if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme != "http" || url.AbsolutePath != "/") result.AddError($"--listen takes an address such as http://127.0.0.1:8081, not \"{text}\".");
        });
        var gateway = GatewayOption.Create();
        var (maxReplicas, maxGpus) = CeilingOptions.Create();
        var admission = new Option<string?>("--admission") { Description = "Where the admission webhook answers, such as https://0.0.0.0:9443 (default: nowhere)", HelpName = "URL" };
        admission.Validators.Add(result =>
        {
            var text = result.GetValueOrDefault<string?>();
            if (text is not null && (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme != "https" || url.AbsolutePath != "/")) result.AddError($"--admission takes an address such as https://127.0.0.1:9443, not \"{text}\".");
        });
        var offline = new Option<bool>("--offline") { Description = "Ask no hub how many GPUs a model needs: one, where the manifest does not say" };
        var costs = new Option<bool>("--cost-history") { Description = "Write down what is spent, for `slipway cost history`; it lists all pods once a minute" };
        var refresh = new Option<bool>("--refresh-prices") { Description = "Fetch the prices of the regions that nodes are in from their clouds (default: those that come with Slipway)" };
        var scratch = new Option<string>("--scratch") { Description = "A folder for what is fetched; it may be lost", HelpName = "DIR", DefaultValueFactory = _ => Path.Combine(Path.GetTempPath(), "slipway-operator") };
        var verbose = new Option<bool>("--verbose", "-v") { Description = "Log what goes on" };
        var command = new ExampledCommand(
            "operator",
            "Run Slipway's controllers for a cluster: they choose a runtime for each ModelDeployment, render it and follow it. In a cluster the manifests of `slipway install` start it.",
            """
              slipway operator --kubeconfig ~/.kube/config
              slipway operator --runtimes kaito,vllm --no-leader-election
              curl http://127.0.0.1:8081/metrics
            """)
        {
            kubeconfig, context, runtimes, lease, alone, listen, gateway, maxReplicas, maxGpus, admission, offline, costs, refresh, scratch, verbose,
        };
        command.SetAction((parse, cancellationToken) => ClusterCommand.RunAsync(
            parse.GetValue(kubeconfig),
            parse.GetValue(context),
            async (client, stop) =>
            {
                using var loggers = UpLogging.Create(parse.GetValue(verbose));
                var ns = parse.GetValue(lease) ?? (KubeConnection.IsInCluster ? client.Connection.DefaultNamespace : "slipway-system");
                var hub = ModelStoreOptions.FromEnvironment(Environment.GetEnvironmentVariable);
                var options = new OperatorOptions(
                    client, RuntimeOption.Parse(parse.GetValue(runtimes)), parse.GetValue(alone) ? null : new NamespacedName(ns, "slipway-operator"),
                    $"{Environment.MachineName}_{Guid.NewGuid():n}", new Uri(parse.GetValue(listen)!),
                    parse.GetValue(offline) ? hub with { Offline = true } : hub)
                {
                    Namespace = ns,
                    Ceilings = new(parse.GetValue(maxReplicas), parse.GetValue(maxGpus)),
                    Admission = parse.GetValue(admission) is { } address ? new AdmissionEndpoint(new Uri(address), ns) : null,
                    Gateway = GatewayOption.Parse(parse.GetValue(gateway)),
                    Speed = new SpeedConfigMap(client, ns),
                    Costs = parse.GetValue(costs) ? new CostConfigMap(client, ns) : null,
                    Scratch = DataDirectory.Locate(parse.GetValue(scratch)),
                    RefreshPrices = parse.GetValue(refresh),
                };
                return await OperatorHost.RunAsync(options, loggers, TimeProvider.System, stop);
            },
            cancellationToken));
        return command;
    }
}
