using System.CommandLine;
using Slipway.Commands.Models;
using Slipway.Output;
using Spectre.Console;

namespace Slipway.Commands.Evaluating;

/// <summary>`slipway suites`.</summary>
internal static class SuitesCommand
{
    public static Command Create()
    {
        var suite = new Argument<string?>("suite") { Description = "One of them, or a file to look over; without it, all that come with Slipway", HelpName = "SUITE", Arity = ArgumentArity.ZeroOrOne };
        var format = OutputOptions.Format();
        var command = new ExampledCommand(
            "suites",
            "The suites of prompts that come with Slipway, or what is in one.",
            """
              slipway suites
              slipway suites arithmetic
              slipway suites mine.yaml                 (is it a suite, and what is in it?)
              slipway suites tiny-chat -o yaml | kubectl apply -f -
            """)
        {
            suite, format, ImportCommand.Create(),
        };
        command.SetAction((parse, cancellationToken) => ModelOptions.RunAsync(
            async _ =>
            {
                if (parse.GetValue(suite) is not { } one) All();
                else if (parse.GetValue(format) is not OutputFormat.Table and var other) await Print.NodeAsync(SuiteFiles.ReadWhole(one).Manifest!, other);
                else One(one);
                return ExitCodes.Ok;
            },
            cancellationToken));
        return command;
    }

    private static void All()
    {
        var table = new Table().NoBorder().AddColumns("SUITE", "PROMPTS", "FOR");
        foreach (var name in SuiteFiles.Bundled)
        {
            var read = SuiteFiles.Read(name);
            table.AddRow(Markup.Escape(name), $"{read.Prompts.Length}", Markup.Escape(read.Description));
        }

        Wide.Write(table);
    }

    private static void One(string name)
    {
        var read = SuiteFiles.Read(name);
        Console.Out.WriteLine($"{read.Name}: {read.Description}\n{read.Digest}\n");
        var table = new Table().NoBorder().AddColumns("KIND", "PROMPTS", "GRADERS", "FOR EXAMPLE");
        foreach (var stratum in read.Prompts.GroupBy(static p => p.Stratum, StringComparer.Ordinal))
        {
            var graders = stratum.SelectMany(static p => p.Graders).Select(static g => g.Name).Distinct(StringComparer.Ordinal);
            var first = stratum.First();
            string[] row = [stratum.Key, $"{stratum.Count()}", string.Join(", ", graders), EvaluationScreen.Line(first.Messages[^1].Content, 80)];
            table.AddRow([.. row.Select(Markup.Escape)]);
        }

        Wide.Write(table);
    }
}
