using System.CommandLine;
using Slipway.Capacity.Answers;
using Slipway.Capacity.Answers.Models;
using Slipway.Output;
using Spectre.Console;

namespace Slipway.Commands.Models;

/// <summary>`slipway models show`.</summary>
internal static class ShowCommand
{
    public static Command Create()
    {
        var options = new ModelOptions();
        var command = new ExampledCommand(
            "show",
            "Show what a model is, and on which accelerators it fits at which speed. Weights are not downloaded.",
            """
              slipway models show Qwen/Qwen3-8B
              slipway models show slipway/tiny-chat --engine llamacpp
              slipway models show Qwen/Qwen3-32B --gpu h100-sxm --concurrency 32 --prompt 4000
              slipway models show ./my-model -o json
            """);
        options.AddTo(command);
        command.SetAction((parse, cancellationToken) => ModelOptions.RunAsync(async token =>
        {
            var question = options.Question(parse);
            var answer = ModelAnswerer.Show(await options.ProfileAsync(parse, token), question, await options.LearnedAsync(parse, token));
            if (parse.GetValue(options.Format) is not OutputFormat.Table and var format) await Print.ObjectAsync(answer, AnswersJson.Default.ModelAnswer, format);
            else Write(answer);
            return ExitCodes.Ok;
        }, cancellationToken));
        return command;
    }

    private static void Write(ModelAnswer answer)
    {
        var facts = new Table().NoBorder().HideHeaders().AddColumns("", "");
        foreach (var (name, value) in ModelFacts.Of(answer.Model)) facts.AddRow(Markup.Escape(name), Markup.Escape(value));
        AnsiConsole.Write(facts);
        AnsiConsole.WriteLine();
        AnsiConsole.WriteLine(Load.Of(answer.Traffic) + ":");
        var table = new Table().NoBorder().AddColumns("ACCELERATOR", "FITS", "DEVICES", "MEMORY", "MOST AT ONCE", "TOKENS/S EACH", "FIRST TOKEN", "WHY");
        foreach (var row in answer.Accelerators) table.AddRow([.. FitRow.Cells(row).Select(Markup.Escape)]);
        Wide.Write(table);
        Measured.Write(answer);
        foreach (var note in answer.Model.Notes) AnsiConsole.WriteLine($"Note: {note}");
        if (answer.Accelerators.SelectMany(static r => r.Speed?.Outside ?? []).Distinct(StringComparer.Ordinal).ToList() is { Count: > 0 } outside)
            AnsiConsole.WriteLine($"Speeds outside of what was calibrated, with wider bands: {string.Join("; ", outside)}.");
    }
}
