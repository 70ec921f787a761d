using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Api.Meta;
using Slipway.Api.Schedules;
using Slipway.Kubernetes.Objects;
using Slipway.Operator;
using Slipway.Output;
using Spectre.Console;

namespace Slipway.Commands.Drift;

/// <summary>`slipway drift`.</summary>
internal static class DriftCommand
{
    public static Command Create() => new ExampledCommand(
        "drift",
        "Ask a model that serves a suite again and again, and raise an alarm when its answers are worse than they were.",
        """
          slipway drift start tiny-chat --suite tiny-chat --every 6h --sample 50
          slipway drift list
          slipway drift show tiny-chat
        """)
    {
        StartDriftCommand.Create(), List(), Show(), Accept(), Stop(),
    };

    private static Command List()
    {
        var target = new Target();
        var format = OutputOptions.Format();
        var command = new ExampledCommand("list", "List what is asked on a schedule. Exits with 7 where something has drifted.", "  slipway drift list\n  slipway drift list -o json") { format };
        command.Aliases.Add("ls");
        target.AddTo(command);
        command.SetAction((parse, cancellationToken) => target.RunAsync(
            parse,
            async (reach, token) =>
            {
                var found = (await reach.Client.ListAsync(Kinds.EvaluationSchedules, reach.Namespace, token)).OrderBy(static s => s.Metadata.Name, StringComparer.Ordinal).ToArray();
                if (parse.GetValue(format) is not OutputFormat.Table and var other)
                    await Print.NodeAsync(new JsonArray([.. found.Select(static s => JsonSerializer.SerializeToNode(s, SlipwayJson.Default.EvaluationSchedule))]), other);
                else if (found.Length == 0) await Console.Error.WriteLineAsync($"Nothing is asked on a schedule in namespace {reach.Namespace}. Begin with: slipway drift start DEPLOYMENT --suite SUITE{reach.Data.Flag}");
                else
                {
                    var table = new Table().NoBorder().AddColumns("NAME", "DEPLOYMENT", "SUITE", "BEFORE", "NOW", "EVIDENCE", "DRIFTED", "WHAT");
                    foreach (var schedule in found)
                    {
                        var status = schedule.Status;
                        string[] row =
                        [
                            schedule.Metadata.Name!, schedule.Spec.DeploymentRef.Name, schedule.Spec.SuiteRef.Name, Share(status?.Reference?.Score), Share(status?.LastScore), Share(status?.EvidenceShare),
                            IsDrifted(schedule) ? "yes" : "no", status?.Message ?? "",
                        ];
                        table.AddRow([.. row.Select(Markup.Escape)]);
                    }

                    Models.Wide.Write(table);
                }

                return found.Any(IsDrifted) ? ExitCodes.NotGoodEnough : ExitCodes.Ok;
            },
            cancellationToken));
        return command;
    }

    private static Command Show()
    {
        var (target, name) = (new Target(), Name());
        var command = new ExampledCommand("show", "Show the runs of a schedule: the score of each, of the same prompts before, and how near the alarm was. Exits with 7 when it has drifted.", "  slipway drift show tiny-chat") { name };
        target.AddTo(command);
        command.SetAction((parse, cancellationToken) => target.RunAsync(
            parse,
            async (reach, token) =>
            {
                var schedule = await FindAsync(reach, parse.GetRequiredValue(name), token);
                var table = new Table().NoBorder().AddColumns("RUN (UTC)", "SCORE", "BEFORE", "PROMPTS", "MISSING", "EVIDENCE", "");
                foreach (var run in schedule.Status?.Runs ?? [])
                {
                    string[] row =
                    [
                        run.Time.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture), Share(run.Score), Share(run.Reference), run.Prompts.ToString(CultureInfo.InvariantCulture),
                        run.Missing.ToString(CultureInfo.InvariantCulture), Share(run.EvidenceShare), run.Void is { } why ? $"does not count: {why}" : run.Reference is null ? "later runs are held to this" : new string('#', (int)Math.Round(run.Score * 20)),
                    ];
                    table.AddRow([.. row.Select(Markup.Escape)]);
                }

                if (schedule.Status?.Runs is { Count: > 0 }) Models.Wide.Write(table);
                await Console.Error.WriteLineAsync(schedule.Status?.Conditions?.FirstOrDefault(static c => c.Type == EvaluationSchedule.Drifted)?.Message ?? schedule.Status?.Message ?? "Nothing was asked yet");
                return IsDrifted(schedule) ? ExitCodes.NotGoodEnough : ExitCodes.Ok;
            },
            cancellationToken));
        return command;
    }

    private static Command Accept()
    {
        var (target, name) = (new Target(), Name());
        var command = new ExampledCommand("accept", "Take what the model is like now for what it is to be like: the suite is asked whole, and later runs are held to that.", "  slipway drift accept tiny-chat") { name };
        target.AddTo(command);
        command.SetAction((parse, cancellationToken) => target.RunAsync(
            parse,
            async (reach, token) =>
            {
                var schedule = await FindAsync(reach, parse.GetRequiredValue(name), token);
                var patch = new JsonObject { ["spec"] = new JsonObject { ["accepted"] = (schedule.Spec.Accepted ?? 0) + 1 } };
                await reach.Client.MergePatchAsync(Kinds.EvaluationSchedules, Key(schedule), patch, "slipway-cli", token);
                await Console.Out.WriteLineAsync($"{Key(schedule)}: the suite is asked whole now, and later runs are held to that");
                return ExitCodes.Ok;
            },
            cancellationToken));
        return command;
    }

    private static Command Stop()
    {
        var (target, name) = (new Target(), Name());
        var command = new ExampledCommand("stop", "Ask no more, and forget what was found.", "  slipway drift stop tiny-chat") { name };
        target.AddTo(command);
        command.SetAction((parse, cancellationToken) => target.RunAsync(
            parse,
            async (reach, token) =>
            {
                var schedule = await FindAsync(reach, parse.GetRequiredValue(name), token);
                await reach.Client.DeleteAsync(Kinds.EvaluationSchedules, Key(schedule), token);
                await Console.Out.WriteLineAsync($"{Key(schedule)} is deleted");
                return ExitCodes.Ok;
            },
            cancellationToken));
        return command;
    }

    private static Argument<string> Name() => new("NAME") { Description = "The schedule" };

    private static async Task<EvaluationSchedule> FindAsync(Reach reach, string name, CancellationToken cancellationToken)
    {
        var key = new NamespacedName(reach.Namespace, name);
        return await reach.Client.GetAsync(Kinds.EvaluationSchedules, key, cancellationToken) ?? throw new CommandFailure(ExitCodes.NotFound, $"There is no schedule {key}. See: slipway drift list{reach.Data.Flag}");
    }

    private static NamespacedName Key(EvaluationSchedule schedule) => new(schedule.Metadata.Namespace!, schedule.Metadata.Name!);

    private static bool IsDrifted(EvaluationSchedule schedule) => schedule.Status?.Conditions?.Any(static c => c is { Type: EvaluationSchedule.Drifted, Status: ConditionStatus.True }) == true;

    private static string Share(double? share) => share is { } s ? string.Create(CultureInfo.InvariantCulture, $"{s * 100:0.0} %") : "-";
}
