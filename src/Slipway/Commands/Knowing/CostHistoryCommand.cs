using System.CommandLine;
using System.Globalization;
using Slipway.Capacity.Answers;
using Slipway.Capacity.Cost;
using Slipway.Commands.Models;
using Slipway.Operator.Keeping;
using Slipway.Output;
using Slipway.Up;
using Spectre.Console;

namespace Slipway.Commands.Knowing;

/// <summary>`slipway cost history`.</summary>
internal static class CostHistoryCommand
{
    private const int Width = 30;

    /// <param name="target">Of `slipway cost`, which has the data directory as an option for its sub-commands too.</param>
    public static Command Create(Target target)
    {
        var by = new Option<CostPeriodLength>("--by") { Description = "How long a period is", HelpName = "day|hour", DefaultValueFactory = _ => CostPeriodLength.Day };
        var last = new Option<int>("--last") { Description = "How many periods, the newest", HelpName = "N", DefaultValueFactory = _ => 31 };
        var space = new Option<string?>("--namespace", "-n") { Description = "One namespace only", HelpName = "NAMESPACE" };
        var kubeconfig = new Option<string?>("--kubeconfig") { Description = "Of this cluster, as its operator wrote it down", HelpName = "FILE" };
        var context = new Option<string?>("--context") { Description = "The kubeconfig's context", HelpName = "NAME" };
        var format = OutputOptions.Format();
        last.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && !(int.TryParse(text, out var n) && n is > 0 and <= 1000)) result.AddError("--last has to be between 1 and 1000");
        });
        var command = new ExampledCommand(
            "history",
            "Show what was spent, as a running `slipway up`, or the operator of a cluster, wrote it down minute by minute. Time that it did not watch is not made up.",
            """
              slipway cost history
              slipway cost history --by hour --last 48 -n team-a
              slipway cost history --kubeconfig ~/.kube/config -o json
            """)
        {
            by, last, space, kubeconfig, context, format,
        };
        command.SetAction((parse, cancellationToken) => ModelOptions.RunAsync(
            async token =>
            {
                var (history, fault) = await ReadAsync(target.Data(parse), parse.GetValue(kubeconfig), parse.GetValue(context), token);
                if (fault is not null) await Console.Error.WriteLineAsync($"slipway: Part of the history cannot be read: {fault}");
                var answer = CostHistoryAnswer.Of(history, parse.GetValue(by), parse.GetValue(space), parse.GetValue(last));
                if (parse.GetValue(format) is not OutputFormat.Table and var other) await Print.ObjectAsync(answer, AnswersJson.Default.CostHistoryAnswer, other);
                else Write(answer);
                return ExitCodes.Ok;
            },
            cancellationToken));
        return command;
    }

    private static async Task<(CostHistory History, string? Fault)> ReadAsync(DataDirectory data, string? kubeconfig, string? context, CancellationToken cancellationToken)
    {
        if (kubeconfig is null && context is null) return data.CostHistory.Read();
        using var reach = new Reach(data, kubeconfig, context, null);
        return await new CostConfigMap(reach.Client, OperatorNamespace.Usual).ReadAsync(cancellationToken);
    }

    private static void Write(CostHistoryAnswer answer)
    {
        if (answer.Periods.IsEmpty)
        {
            Console.Error.WriteLine("Nothing was written down yet. `slipway up` does so while its API has nodes, and so does the operator of a cluster.");
            return;
        }

        var most = answer.Periods.Max(static p => p.Cost.Amount ?? 0);
        var table = new Table().NoBorder().AddColumns(answer.By.ToUpperInvariant(), "SPENT", "", "IDLE", "WATCHED", "WHY UNKNOWN");
        foreach (var period in answer.Periods)
        {
            string[] row =
            [
                period.Start.ToString(answer.By == "hour" ? "yyyy-MM-dd HH:mm" : "yyyy-MM-dd", CultureInfo.InvariantCulture),
                Amounts.Money(period.Cost),
                most > 0 && period.Cost.Amount is { } amount ? new string('█', (int)Math.Round(amount / most * Width)) : "",
                period.Idle is { } idle ? Amounts.Money(idle) : "",
                TimeSpan.FromSeconds(period.SeenSeconds) is var seen && seen >= TimeSpan.FromHours(1) ? string.Create(CultureInfo.InvariantCulture, $"{seen.TotalHours:0.#} h") : string.Create(CultureInfo.InvariantCulture, $"{seen.TotalMinutes:0} min"),
                period.Cost.Unknown ?? "",
            ];
            table.AddRow([.. row.Select(Markup.Escape)]);
        }

        Wide.Write(table);
        Console.Out.WriteLine($"Together: {Amounts.Money(answer.Total)}{(answer.Namespace is { } space ? $", of {space} alone" : "")}.");
    }
}
