using System.CommandLine;
using Slipway.Operating;
using Slipway.Operator.Keeping;
using Slipway.Up;

namespace Slipway.Commands;

/// <summary>`slipway web`: the page for a cluster.</summary>
internal static class WebCommand
{
    public static Command Create()
    {
        var kubeconfig = new Option<string?>("--kubeconfig") { Description = "The cluster (default: the pod's own, else $KUBECONFIG or ~/.kube/config)", HelpName = "FILE" };
        var context = new Option<string?>("--context") { Description = "The kubeconfig's context", HelpName = "NAME" };
        var runtimes = RuntimeOption.Create();
        var gateway = GatewayOption.Create();
        var models = new Option<string?>("--models-url") { Description = "Where programs and the playground reach models, such as https://models.example.com (default: the address of the cluster's Gateway)", HelpName = "URL" };
        models.Validators.Add(result =>
        {
            var text = result.GetValueOrDefault<string?>();
            if (text is not null && (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.AbsolutePath != "/")) result.AddError($"--models-url takes an address such as https://models.example.com, not \"{text}\".");
        });
        var port = new Option<int>("--web-port") { Description = "The page's port", HelpName = "N", DefaultValueFactory = _ => 7081 };
        var prometheus = PrometheusOption.Create();
        var reach = new WebReachOptions(inCluster: true);
        var scratch = new Option<string>("--scratch") { Description = "A folder for what is fetched; it may be lost", HelpName = "DIR", DefaultValueFactory = _ => Path.Combine(Path.GetTempPath(), "slipway-web") };
        var operators = new Option<string>("--operator-namespace") { Description = "The namespace of the operator, which keeps what was spent", HelpName = "NS", DefaultValueFactory = _ => OperatorNamespace.Usual };
        var verbose = new Option<bool>("--verbose", "-v") { Description = "Log what goes on" };
        var command = new ExampledCommand(
            "web",
            "Serve the web page for a cluster. People sign in with a token of the cluster, see and do what its roles let them, each over a connection of their own; the process itself may only look. In a cluster `slipway install --web-host NAME` starts it.",
            """
              slipway web --kubeconfig ~/.kube/config
              slipway web --web-address 0.0.0.0 --web-host slipway.example.com --web-certificate tls.pem
              slipway web --web-address 0.0.0.0 --web-host slipway.example.com --web-proxied
              slipway web --web-host slipway.example.com --oidc-issuer-url https://login.example.com --oidc-client-id slipway --oidc-client-secret-file secret
            """)
        {
            kubeconfig, context, runtimes, gateway, models, port, prometheus, operators, scratch, verbose,
        };
        reach.AddTo(command);
        command.SetAction((parse, cancellationToken) => ClusterCommand.RunAsync(
            parse.GetValue(kubeconfig),
            parse.GetValue(context),
            async (client, stop) =>
            {
                using var loggers = UpLogging.Create(parse.GetValue(verbose));
                var where = reach.Read(parse);
                return await ClusterPage.RunAsync(
                    new ClusterPageOptions(client, () => ClusterCommand.Transport(parse.GetValue(kubeconfig), parse.GetValue(context)), RuntimeOption.Parse(parse.GetValue(runtimes)), where.At(parse.GetValue(port)))
                    {
                        Operators = parse.GetValue(operators)!,
                        Oidc = where.Oidc?.ForPage(),
                        Gateway = GatewayOption.Parse(parse.GetValue(gateway)),
                        Models = parse.GetValue(models) is { } url ? new Uri(url) : null,
                        Prometheus = PrometheusOption.Parse(parse.GetValue(prometheus)),
                        Scratch = DataDirectory.Locate(parse.GetValue(scratch)),
                    },
                    loggers, TimeProvider.System, stop);
            },
            cancellationToken));
        return command;
    }
}
