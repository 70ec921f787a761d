using System.Globalization;
using Slipway.Evaluation.Running;
using Slipway.Evaluation.Statistics;
using Spectre.Console;

namespace Slipway.Commands.Evaluating;

/// <summary>Progress and tables of evaluations.</summary>
internal static class EvaluationScreen
{
    /// <summary>Runs with a bar on standard error, so that standard output is the result alone.</summary>
    public static Task ProgressAsync(string what, int total, Func<Action<string, int>, Task> body) =>
        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }).Progress()
            .Columns(new SpinnerColumn(), new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async progress =>
            {
                var task = progress.AddTask(Markup.Escape(what), maxValue: total);
                await body((now, more) =>
                {
                    task.Description = Markup.Escape(now);
                    task.Increment(more);
                });
            });

    /// <summary>A score with its range.</summary>
    public static string Percent(Interval? score) => score is { } s ? string.Create(CultureInfo.InvariantCulture, $"{s.Estimate * 100:0.0} % ({s.Low * 100:0.0} to {s.High * 100:0.0})") : "unknown";

    /// <summary>The first lines of what went wrong.</summary>
    public static string Line(string text, int most = 150)
    {
        var line = string.Concat(text.Select(static c => char.IsControl(c) ? ' ' : c));
        return line.Length <= most ? line : line[..most] + "...";
    }

    public static void Table(SuiteReport report)
    {
        var table = new Table().NoBorder().AddColumns("KIND", "PROMPTS", "SCORE (95 in 100)", "FAILED", "MISSING");
        foreach (var row in report.Strata.Length > 1 ? report.Strata.Add(report.All) : [report.All])
            table.AddRow([.. ((string[])[row.Name, $"{row.Prompts}", Percent(row.Score), $"{row.Failures}", $"{row.Missing}"]).Select(Markup.Escape)]);
        Models.Wide.Write(table);
    }
}
