using System.CommandLine;
using Slipway.Commands.Dra;
using Slipway.Commands.Drift;
using Slipway.Commands.Evaluating;
using Slipway.Commands.Hub;
using Slipway.Commands.Keys;
using Slipway.Commands.Knowing;
using Slipway.Commands.Models;
using Slipway.Commands.Recordings;
using Slipway.Commands.Rollouts;

namespace Slipway.Commands;

/// <summary>The command tree.</summary>
internal static class Root
{
    /// <summary>Signals are ours: `up` stops in order, and Ctrl-C in `chat` stops an answer, not the program.</summary>
    public static InvocationConfiguration Invocation { get; } = new() { ProcessTerminationTimeout = null };

    private const string Examples =
        """
          slipway up                               Start everything here: Kubernetes API, controllers, gateway, web page
          slipway deploy slipway/tiny-chat         Serve the bundled model
          slipway chat tiny-chat "What is 17 + 25?"
          slipway list
        """;

    public static RootCommand Create() => ExampledCommand.ShowExamples(Commands(), Examples);

    private static RootCommand Commands() => new("Slipway runs models on Kubernetes, and on this machine.")
    {
        UpCommand.Create(),
        DeployCommand.Create(),
        ListCommand.Create(),
        DescribeCommand.Create(),
        ChatCommand.Create(),
        LogsCommand.Create(),
        ScaleCommand.Create(),
        RestartCommand.Create(),
        DeleteCommand.Create(),
        ModelsCommand.Create(),
        EvaluateCommand.Create(),
        CompareCommand.Create(),
        SuitesCommand.Create(),
        RolloutCommand.Create(),
        RecordingsCommand.Create(),
        KeysCommand.Create(),
        DriftCommand.Create(),
        HubCommand.Create(),
        CapacityCommand.Create(),
        DraCommand.Create(),
        CostCommand.Create(),
        PricesCommand.Create(),
        EngineCommand.Create(),
        OperatorCommand.Create(),
        WebCommand.Create(),
        InstallCommand.Create(),
        RuntimesCommand.Create(),
        ApiServerCommand.Create(),
        CompletionCommand.Create(),
    };
}
