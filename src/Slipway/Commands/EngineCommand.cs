using System.CommandLine;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Output;
using Slipway.Runtimes.Local.Engines;
using Slipway.Up;
using Spectre.Console;

namespace Slipway.Commands;

/// <summary>`slipway engine`.</summary>
internal static class EngineCommand
{
    public static Command Create() => new("engine", "The engine that runs models on this machine: llama.cpp's llama-server.")
    {
        List(),
        Install(),
    };

    private static Command List()
    {
        var data = DataOption();
        var format = OutputOptions.Format();
        var command = new ExampledCommand(
            "list",
            "Show the engine that would be used, and where it comes from.",
            """
              slipway engine list
              slipway engine list -o json
            """)
        {
            data, format,
        };
        command.SetAction((parse, cancellationToken) => RunAsync(
            DataDirectory.Locate(parse.GetValue(data)), (locator, token) => locator.FindAsync(token), parse.GetValue(format), cancellationToken));
        return command;
    }

    private static Command Install()
    {
        var data = DataOption();
        var command = new ExampledCommand(
            "install",
            "Install llama-server into the data directory, once. System libraries are not touched; `up` does this by itself when it must.",
            """
              slipway engine install
              slipway engine install --data ./x
            """)
        {
            data,
        };
        command.SetAction((parse, cancellationToken) => RunAsync(
            DataDirectory.Locate(parse.GetValue(data)), InstallAsync, OutputFormat.Table, cancellationToken));
        return command;
    }

    private static async Task<EngineResolution> InstallAsync(EngineLocator locator, CancellationToken cancellationToken)
    {
        var screen = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return await screen.Progress().Columns(new SpinnerColumn(), new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn())
            .StartAsync(async progress =>
            {
                var task = progress.AddTask("Looking for llama-server", maxValue: 1);
                var result = await new EngineInstaller(locator).InstallAsync(new Steps(task), cancellationToken);
                task.Value = 1;
                return result;
            });
    }

    private static async Task<int> RunAsync(
        DataDirectory data, Func<EngineLocator, CancellationToken, Task<EngineResolution>> find, OutputFormat format, CancellationToken cancellationToken)
    {
        using var interrupt = Interrupt.Link(cancellationToken);
        using var locator = LocalMachineFactory.Locator(data, TimeProvider.System, NullLoggerFactory.Instance);
        try
        {
            var answer = await find(locator, interrupt.Token);
            if (answer is EngineResolution.Unavailable missing) throw new CommandFailure(ExitCodes.NotFound, missing.Message);
            var engine = ((EngineResolution.Found)answer).Command;
            if (format is not OutputFormat.Table) await Print.NodeAsync(Json(engine), format);
            else await Console.Out.WriteLineAsync($"llama-server {engine.Version}   {engine.Source}   {engine.Path}");
            return ExitCodes.Ok;
        }
        catch (CommandFailure failure)
        {
            await Console.Error.WriteLineAsync($"slipway: {failure.Message}");
            return failure.ExitCode;
        }
        catch (OperationCanceledException) when (interrupt.Token.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
    }

    private static JsonObject Json(Runtimes.Local.Engines.EngineCommand engine) =>
        new() { ["name"] = "llama-server", ["version"] = engine.Version, ["source"] = engine.Source, ["path"] = engine.Path };

    private static Option<string?> DataOption() =>
        new("--data", "-d") { Description = "The data directory (default: $SLIPWAY_DATA or ~/.slipway)", HelpName = "DIR" };

    private sealed class Steps(ProgressTask task) : IProgress<InstallProgress>
    {
        public void Report(InstallProgress value)
        {
            task.Description = Markup.Escape(value.Step);
            task.Value = value.Fraction;
        }
    }
}
