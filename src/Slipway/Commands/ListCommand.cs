using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Api.ModelDeployments;
using Slipway.Operator;
using Slipway.Output;
using Spectre.Console;

namespace Slipway.Commands;

/// <summary>`slipway list`.</summary>
internal static class ListCommand
{
    public static Command Create()
    {
        var target = new Target();
        var format = OutputOptions.Format();
        var all = new Option<bool>("--all-namespaces", "-A") { Description = "Of all namespaces" };
        var command = new ExampledCommand(
            "list",
            "List the deployments.",
            """
              slipway list
              slipway list -A -o json
            """)
        {
            all, format,
        };
        command.Aliases.Add("ls");
        target.AddTo(command);
        command.SetAction((parse, cancellationToken) => target.RunAsync(
            parse,
            async (reach, token) =>
            {
                var found = await reach.Client.ListAsync(Kinds.ModelDeployments, parse.GetValue(all) ? null : reach.Namespace, token);
                if (parse.GetValue(format) is not OutputFormat.Table and var other)
                    await Print.NodeAsync(AsList(found), other);
                else if (found.Count == 0)
                    await Console.Error.WriteLineAsync($"No deployments in namespace {reach.Namespace}. Make one with: slipway deploy MODEL{reach.Data.Flag}");
                else
                    AnsiConsole.Write(AsTable(found, parse.GetValue(all)));
                return ExitCodes.Ok;
            },
            cancellationToken));
        return command;
    }

    private static JsonObject AsList(IReadOnlyList<ModelDeployment> found) => new()
    {
        ["apiVersion"] = ModelDeployment.GroupVersion,
        ["kind"] = "ModelDeploymentList",
        ["items"] = new JsonArray([.. found.Select(d => JsonSerializer.SerializeToNode(d, SlipwayJson.Default.ModelDeployment))]),
    };

    private static Table AsTable(IReadOnlyList<ModelDeployment> found, bool namespaces)
    {
        var now = TimeProvider.System.GetUtcNow();
        var table = new Table().NoBorder();
        if (namespaces) table.AddColumn("NAMESPACE");
        table.AddColumns("NAME", "MODEL", "PHASE", "READY", "ENGINE", "ON", "AGE");
        foreach (var deployment in found.OrderBy(d => d.Metadata.Namespace, StringComparer.Ordinal).ThenBy(d => d.Metadata.Name, StringComparer.Ordinal))
        {
            var status = deployment.Status;
            string[] row =
            [
                deployment.Metadata.Name!,
                deployment.Spec.Model.Id ?? "(in the image)",
                status?.Phase?.ToString() ?? "Pending",
                $"{status?.Replicas?.Ready ?? 0}/{status?.Replicas?.Desired ?? deployment.Spec.Scaling?.Replicas ?? 1}",
                status?.Engine?.Type?.Name() ?? "",
                status?.Provider?.Name ?? "",
                Age.Of(deployment.Metadata.CreationTimestamp, now),
            ];
            table.AddRow([.. (namespaces ? row.Prepend(deployment.Metadata.Namespace!) : row).Select(Markup.Escape)]);
        }

        return table;
    }
}
