using System.CommandLine;
using System.Text.Json.Nodes;
using Slipway.Kubernetes.Connection;
using Slipway.Operating;
using Slipway.Operator.Devices;
using Slipway.Operator.Install;
using Slipway.Web.Manifests;

namespace Slipway.Commands;

/// <summary>`slipway install`: what puts Slipway into a cluster.</summary>
internal static class InstallCommand
{
    public static Command Create()
    {
        var kubeconfig = new Option<string?>("--kubeconfig") { Description = "The cluster (default: $KUBECONFIG or ~/.kube/config)", HelpName = "FILE" };
        var context = new Option<string?>("--context") { Description = "The kubeconfig's context", HelpName = "NAME" };
        var ns = new Option<string>("--namespace", "-n") { Description = "The namespace of the controllers", HelpName = "NS", DefaultValueFactory = _ => "slipway-system" };
        var image = new Option<string>("--image") { Description = "The image of Slipway", HelpName = "IMAGE", DefaultValueFactory = _ => "slipway:latest" };
        var replicas = new Option<int>("--replicas") { Description = "Processes; one works, the others wait to take over", HelpName = "N", DefaultValueFactory = _ => 2 };
        var runtimes = RuntimeOption.Create();
        var gateway = GatewayOption.Create();
        var (maxReplicas, maxGpus) = CeilingOptions.Create();
        var noWebhook = new Option<bool>("--no-webhook") { Description = "Without the webhook that refuses wrong manifests before they are stored" };
        var monitoring = new Option<bool>("--monitoring") { Description = "With a ServiceMonitor and a dashboard for Grafana" };
        var hosts = new Option<string[]>("--web-host") { Description = "With the web page, which people reach by this name through a proxy with TLS, an Ingress or a Gateway; may be given more than once", HelpName = "NAME" };
        hosts.Validators.Add(result =>
        {
            foreach (var text in result.Tokens.Select(static t => t.Value).Where(static t => Uri.CheckHostName(t) is UriHostNameType.Unknown))
                result.AddError($"--web-host takes a name such as slipway.example.com, without scheme and port, not \"{text}\".");
        });
        var models = new Option<string?>("--models-url") { Description = "Where the page says that models are reached (default: the address of the cluster's Gateway)", HelpName = "URL" };
        var prometheus = PrometheusOption.Create();
        var oidc = new OidcCommandOptions(page: true, api: false);
        var deviceMonitor = new Option<string?>("--device-monitor") { Description = "With monitors of the NVIDIA devices on each node, in this namespace, which an administrator made and labelled for admin access (default: without)", HelpName = "NS" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Print the manifests instead of applying them" };
        replicas.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && (!int.TryParse(text, out var count) || count is < 1 or > 10)) result.AddError($"--replicas takes a number from 1 to 10, not \"{text}\".");
        });
        var command = new ExampledCommand(
            "install",
            "Put Slipway into a cluster: its kinds, its controllers with the least rights that they need, and what guards them. Applying again upgrades. The operators of the runtimes are not installed: `slipway runtimes` says how.",
            """
              slipway install --dry-run | less
              slipway install --image registry.example.com/slipway:0.1.0
              slipway install --runtimes vllm,llmd --monitoring
              slipway install --web-host slipway.example.com
              slipway install --web-host slipway.example.com --oidc-issuer-url https://login.example.com --oidc-client-id slipway --oidc-client-secret-file /etc/slipway/oidc/client-secret
              slipway install --device-monitor gpu-monitor
            """)
        {
            kubeconfig, context, ns, image, replicas, runtimes, gateway, maxReplicas, maxGpus, noWebhook, monitoring, hosts, models, prometheus, deviceMonitor, dryRun,
        };
        oidc.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue<string?>("--oidc-issuer-url") is not null && result.GetValue(hosts) is not { Length: > 0 }) result.AddError("--oidc-issuer-url is for the page, which is installed with --web-host NAME.");
        });
        command.SetAction(async (parse, cancellationToken) =>
        {
            var provider = oidc.Read(parse);
            var objects = Manifests.All(new InstallOptions
            {
                Namespace = parse.GetValue(ns)!,
                Image = parse.GetValue(image)!,
                Replicas = parse.GetValue(replicas),
                Runtimes = RuntimeOption.Parse(parse.GetValue(runtimes)),
                Gateway = parse.GetValue(gateway),
                MaxReplicas = parse.GetValue(maxReplicas),
                MaxGpus = parse.GetValue(maxGpus),
                Webhook = !parse.GetValue(noWebhook),
                Monitoring = parse.GetValue(monitoring),
                WebHosts = parse.GetValue(hosts) ?? [],
                WebOidc = provider is null ? null : new PageOidc(provider.IssuerUrl, provider.ClientId) { SecretFile = provider.SecretFile, Scopes = provider.Scopes.Count > 0 ? string.Join(',', provider.Scopes) : null, AuthorityFile = provider.AuthorityFile },
                ModelsUrl = parse.GetValue(models),
                Prometheus = parse.GetValue(prometheus),
                DeviceMonitor = parse.GetValue(deviceMonitor),
            });
            if (!parse.GetValue(dryRun)) return await ClusterCommand.RunAsync(parse.GetValue(kubeconfig), parse.GetValue(context), (client, stop) => ApplyAsync(client, objects, parse.GetValue(deviceMonitor), stop), cancellationToken);
            await Console.Out.WriteAsync(Text(objects));
            return ExitCodes.Ok;
        });
        return command;
    }

    // The label is a privilege, which nobody gives themselves by installing something.
    private static async Task<int> ApplyAsync(KubeClient client, IEnumerable<JsonObject> objects, string? monitors, CancellationToken cancellationToken)
    {
        if (monitors is not null && await DeviceReports.IsSetAsideAsync(client, monitors, cancellationToken) is not true)
        {
            throw new CommandFailure(
                ExitCodes.Failed,
                $"The namespace {monitors} is not there, or not set aside for looking at devices that others have. An administrator of the cluster decides that, since whoever may make claims in it sees everybody's devices: "
                + $"kubectl create namespace {monitors} and kubectl label namespace {monitors} {DeviceReports.AdminAccess}=true");
        }

        return await Installer.ApplyAsync(client, objects, cancellationToken);
    }

    private static string Text(IEnumerable<JsonObject> objects) => string.Join("---\n", objects.Select(o => YamlText.Write(o) + "\n"));
}
