using System.Collections.Immutable;
using System.CommandLine;
using Slipway.Api.ModelDeployments;
using Slipway.Kubernetes.Connection;
using Slipway.Operator.Upstream;
using Slipway.Runtimes;
using Spectre.Console;

namespace Slipway.Commands;

/// <summary>`slipway runtimes`: what there is to run models in a cluster, whether the cluster has what it takes, and how to get that.</summary>
internal static class RuntimesCommand
{
    public static Command Create()
    {
        var name = new Argument<string?>("NAME") { Description = "One runtime: what it needs and how that is installed", Arity = ArgumentArity.ZeroOrOne };
        var kubeconfig = new Option<string?>("--kubeconfig") { Description = "The cluster to look at (default: $KUBECONFIG or ~/.kube/config)", HelpName = "FILE" };
        var context = new Option<string?>("--context") { Description = "The kubeconfig's context", HelpName = "NAME" };
        var offline = new Option<bool>("--offline") { Description = "Look at no cluster" };
        var command = new ExampledCommand(
            "runtimes",
            "List the runtimes for clusters, whether the cluster has what each needs, and how to install it. Nothing is installed: the steps are for whoever may.",
            """
              slipway runtimes
              slipway runtimes kaito
              slipway runtimes dynamo --offline
            """)
        {
            name, kubeconfig, context, offline,
        };
        name.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } wanted && !ClusterRuntimes.All().Any(r => r.Descriptor.Name == wanted))
                result.AddError($"There is no runtime {wanted}. There are: {string.Join(", ", ClusterRuntimes.All().Select(r => r.Descriptor.Name))}.");
        });
        command.SetAction((parse, cancellationToken) => parse.GetValue(offline)
            ? ShowAsync(parse.GetValue(name), null)
            : ClusterCommand.RunAsync(
                parse.GetValue(kubeconfig), parse.GetValue(context),
                async (client, stop) => await ShowAsync(parse.GetValue(name), await ServedAsync(client, stop)),
                cancellationToken));
        return command;
    }

    private static async Task<ClusterApis> ServedAsync(KubeClient client, CancellationToken cancellationToken) => new(
        (await client.ListAsync(Definition.Resource, null, cancellationToken)).Where(d => d.IsEstablished).ToImmutableDictionary(
            d => d.Metadata.Name!, d => (d.Spec?.Versions ?? []).Where(v => v.Served).Select(v => v.Name!).ToImmutableArray()));

    private static async Task<int> ShowAsync(string? name, ClusterApis? cluster)
    {
        if (name is null) AnsiConsole.Write(AsTable(cluster));
        // Not wrapped: commands are copied from it.
        else await Console.Out.WriteAsync(Describe(ClusterRuntimes.All().Single(r => r.Descriptor.Name == name).Descriptor, cluster));
        return ExitCodes.Ok;
    }

    private static Table AsTable(ClusterApis? cluster)
    {
        var table = new Table().NoBorder();
        table.AddColumns("NAME", "ENGINES", "MODES", "NEEDS", "IN THE CLUSTER");
        foreach (var runtime in ClusterRuntimes.All().Select(r => r.Descriptor))
        {
            var engines = runtime.Spec.Capabilities?.Engines ?? [];
            string[] row =
            [
                runtime.Name,
                string.Join(", ", engines.Select(e => e.Name!.Name())),
                string.Join(", ", engines.SelectMany(e => e.ServingModes ?? [ServingMode.Aggregated]).Distinct().Select(m => m.ToString().ToLowerInvariant())),
                runtime.Install is { } install ? $"{runtime.DisplayName} {install.Version}" : "nothing",
                State(runtime, cluster),
            ];
            table.AddRow([.. row.Select(Markup.Escape)]);
        }

        return table;
    }

    private static string State(RuntimeDescriptor runtime, ClusterApis? cluster) => cluster is null ? "not looked at"
        : cluster.Version(runtime.Object) is { } version ? $"{runtime.Object.Kind} {version}" : $"no {runtime.Object.Kind}";

    private static string Describe(RuntimeDescriptor runtime, ClusterApis? cluster)
    {
        var text = $"{runtime.DisplayName}: {runtime.Description}\n\nIn the cluster:  {State(runtime, cluster)}\n";
        if (runtime.Others.Where(k => k.IsCustom).ToList() is { Count: > 0 } others && cluster is not null)
            text += string.Concat(others.Select(k => $"                 {(cluster.Version(k) is { } version ? $"{k.Kind} {version}" : $"no {k.Kind}: what needs it is refused or left out, and says so")}\n"));
        if (runtime.Install is not { } install) return $"{text}\nIt needs no operator.\n";
        var settings = string.Concat(install.Settings.Select(s => $" \\\n    --set {s}"));
        var repository = install.Repository is null ? "" : $" \\\n    --repo {install.Repository} --version {install.Version}";
        return $"{text}\nTo install what it needs, as somebody who may:\n\n  helm upgrade --install {runtime.Name} {install.Chart}{repository} \\\n    --namespace {install.Namespace} --create-namespace{settings}\n\nUpstream's own words: {install.Documentation}\n";
    }
}
