using System.CommandLine;
using System.Globalization;
using Slipway.Capacity.Answers;
using Slipway.Commands.Models;
using Slipway.Output;
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
        var format = OutputOptions.Format();
        last.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && !(int.TryParse(text, out var n) && n is > 0 and <= 1000)) result.AddError("--last has to be between 1 and 1000");
        });
        var command = new ExampledCommand(
            "history",
            "Show what was spent, as a running `slipway up` wrote it down minute by minute. Time that it did not watch is not made up.",
            """
              slipway cost history
              slipway cost history --by hour --last 48 -n team-a
              slipway cost history -o json
            """)
        {
            by, last, space, format,
        };
        command.SetAction((parse, cancellationToken) => ModelOptions.RunAsync(
            async _ =>
            {
                var (history, fault) = target.Data(parse).CostHistory.Read();
                if (fault is not null) await Console.Error.WriteLineAsync($"slipway: Part of the history cannot be read: {fault}");
                var answer = CostHistoryAnswer.Of(history, parse.GetValue(by), parse.GetValue(space), parse.GetValue(last));
                if (parse.GetValue(format) is not OutputFormat.Table and var other) await Print.ObjectAsync(answer, AnswersJson.Default.CostHistoryAnswer, other);
                else Write(answer);
                return ExitCodes.Ok;
            },
            cancellationToken));
        return command;
    }

    private static void Write(CostHistoryAnswer answer)
    {
        if (answer.Periods.IsEmpty)
        {
            Console.Error.WriteLine("Nothing was written down yet. `slipway up` does so while its API has nodes.");
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
