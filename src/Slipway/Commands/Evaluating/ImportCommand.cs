using System.CommandLine;
using Slipway.Commands.Models;
using Slipway.Evaluation.Importing;
using Slipway.Web.Manifests;

namespace Slipway.Commands.Evaluating;

/// <summary>`slipway suites import`.</summary>
internal static class ImportCommand
{
    private static readonly string[] s_formats = ["openai-evals", "lm-eval", "promptfoo", "inspect", "openai-chat-log"];

    public static Command Create()
    {
        var format = new Argument<string>("format") { Description = $"Where it comes from: {string.Join(", ", s_formats)}", HelpName = "FORMAT" };
        var path = new Argument<string>("file") { Description = "The file", HelpName = "FILE" };
        var eval = new Option<string?>("--eval") { Description = "Which eval of an OpenAI registry", HelpName = "NAME" };
        var includes = new Option<bool>("--includes") { Description = "Inspect: the task scores by includes() and not by match()" };
        format.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && !s_formats.Contains(text)) result.AddError($"FORMAT is one of {string.Join(", ", s_formats)}, not \"{text}\".");
        });
        var command = new ExampledCommand(
            "import",
            "Make a suite of another tool's file. The suite goes to standard output; whatever is not in it, or graded otherwise than there, is named on standard error.",
            """
              slipway suites import promptfoo promptfooconfig.yaml > mine.yaml
              slipway suites import openai-evals registry/evals/sums.yaml --eval sums > sums.yaml
            """)
        {
            format, path, eval, includes,
        };
        command.SetAction((parse, cancellationToken) => ModelOptions.RunAsync(
            async _ =>
            {
                var file = parse.GetRequiredValue(path);
                if (!File.Exists(file)) throw new CommandFailure(ExitCodes.NotFound, $"There is no file {file}.");
                var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
                var (text, name) = (SuiteFiles.TextOf(file), Path.GetFileNameWithoutExtension(file));
                string Beside(string other) => SuiteFiles.TextOf(SuiteFiles.Inside(folder, other));
                var import = parse.GetRequiredValue(format) switch
                {
                    "openai-evals" => OpenAIEvals.Read(text, parse.GetValue(eval), Beside),
                    "lm-eval" => LmEvalTask.Read(text, Beside),
                    "promptfoo" => PromptfooConfig.Read(text),
                    "inspect" => InspectDataset.Read(name, text, parse.GetValue(includes) ? InspectScorer.Includes : InspectScorer.Match),
                    _ => OpenAIChatLogs.Read(name, text),
                };
                foreach (var remark in import.NotTaken) await Console.Error.WriteLineAsync($"not taken: {remark}");
                foreach (var remark in import.Differences) await Console.Error.WriteLineAsync($"otherwise: {remark}");
                if (import.Suite is null) throw new CommandFailure(ExitCodes.Failed, $"Nothing of {file} could be taken.");
                await Console.Out.WriteLineAsync(YamlText.Write(import.Suite));
                return ExitCodes.Ok;
            },
            cancellationToken));
        return command;
    }
}
