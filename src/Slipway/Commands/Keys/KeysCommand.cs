using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Api.Keys;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;
using Slipway.Operator;
using Slipway.Output;
using Spectre.Console;

namespace Slipway.Commands.Keys;

/// <summary>`slipway keys`.</summary>
internal static class KeysCommand
{
    public static Command Create() => new ExampledCommand(
        "keys",
        "Keys by which clients ask the models of a namespace through the gateway, and how much each may ask.",
        """
          slipway keys create shop --requests-per-minute 60
          slipway keys require
          slipway keys list
        """)
    {
        CreateKeyCommand.Create(), List(), Delete(), Require(),
    };

    private static Command List()
    {
        var target = new Target();
        var format = OutputOptions.Format();
        var command = new ExampledCommand("list", "List the keys of a namespace, their limits, and what was done with them.", "  slipway keys list\n  slipway keys list -o json") { format };
        command.Aliases.Add("ls");
        target.AddTo(command);
        command.SetAction((parse, cancellationToken) => target.RunAsync(
            parse,
            async (reach, token) =>
            {
                var found = (await reach.Client.ListAsync(Kinds.ApiKeys, reach.Namespace, token)).OrderBy(static k => k.Metadata.Name, StringComparer.Ordinal).ToArray();
                if (parse.GetValue(format) is not OutputFormat.Table and var other)
                    await Print.NodeAsync(new JsonArray([.. found.Select(static k => JsonSerializer.SerializeToNode(k, SlipwayJson.Default.ApiKey))]), other);
                else if (found.Length == 0) await Console.Error.WriteLineAsync($"No keys in namespace {reach.Namespace}. Make one with: slipway keys create NAME{reach.Data.Flag}");
                else AnsiConsole.Write(AsTable(found));
                return ExitCodes.Ok;
            },
            cancellationToken));
        return command;
    }

    private static Table AsTable(IEnumerable<ApiKey> keys)
    {
        var now = TimeProvider.System.GetUtcNow();
        var table = new Table().NoBorder();
        table.AddColumns("NAME", "MODELS", "REQUESTS/MIN", "TOKENS/MIN", "AT ONCE", "ENDS", "USED", "REQUESTS", "LIMITED", "TOKENS");
        foreach (var key in keys)
        {
            var (spec, used) = (key.Spec, key.Status);
            string[] row =
            [
                key.Metadata.Name!, spec.Models is { Count: > 0 } models ? string.Join(",", models) : "all", Number(spec.RequestsPerMinute), Number(spec.TokensPerMinute), Number(spec.ConcurrentRequests),
                spec.Disabled == true ? "switched off" : spec.Expires is not { } end ? "-" : end <= now ? "ended" : $"in {Age.Of(now, end)}",
                used?.LastUsed is { } last ? $"{Age.Of(last, now)} ago" : "never", Number(used?.Requests ?? 0), Number(used?.Limited ?? 0), Number((used?.TokensIn ?? 0) + (used?.TokensOut ?? 0)),
            ];
            table.AddRow([.. row.Select(static cell => new Markup(Markup.Escape(cell)))]);
        }

        return table;
    }

    private static string Number(long? number) => number?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "-";

    private static Command Delete()
    {
        var target = new Target();
        var name = new Argument<string>("NAME") { Description = "The key" };
        var command = new ExampledCommand("delete", "Delete a key: requests with it are refused from then on.", "  slipway keys delete shop") { name };
        target.AddTo(command);
        command.SetAction((parse, cancellationToken) => target.RunAsync(
            parse,
            async (reach, token) =>
            {
                var key = new NamespacedName(reach.Namespace, parse.GetRequiredValue(name));
                if (!await reach.Client.DeleteAsync(Kinds.ApiKeys, key, token)) throw new CommandFailure(ExitCodes.NotFound, $"There is no key {key}. See: slipway keys list{reach.Data.Flag}");
                await Console.Out.WriteLineAsync($"{key} is deleted");
                return ExitCodes.Ok;
            },
            cancellationToken));
        return command;
    }

    private static Command Require()
    {
        var target = new Target();
        var off = new Option<bool>("--off") { Description = "Answer everybody again" };
        var command = new ExampledCommand(
            "require", "Have the models of a namespace answer nobody without a key: an annotation of the namespace.", "  slipway keys require\n  slipway keys require --off") { off };
        target.AddTo(command);
        command.SetAction((parse, cancellationToken) => target.RunAsync(
            parse,
            async (reach, token) =>
            {
                var required = !parse.GetValue(off);
                var patch = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [ApiKey.Annotation] = required ? ApiKey.Required : null } } };
                var namespaces = new Resource<CachedObject>("", "v1", "namespaces", "Namespace", false, KubeJson.Default.CachedObject, static n => n.Identity);
                await reach.Client.MergePatchAsync(namespaces, new NamespacedName("", reach.Namespace), patch, "slipway-cli", token);
                await Console.Out.WriteLineAsync(required
                    ? $"Models of namespace {reach.Namespace} answer nobody without a key. The page and the commands of this machine's owner have their own."
                    : $"Models of namespace {reach.Namespace} answer everybody.");
                return ExitCodes.Ok;
            },
            cancellationToken));
        return command;
    }
}
