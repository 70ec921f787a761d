using System.CommandLine;
using System.Security.Cryptography;

namespace Slipway.Commands.Recordings;

/// <summary>`slipway recordings`.</summary>
internal static class RecordingsCommand
{
    public static Command Create() => new ExampledCommand(
        "recordings", "Requests and answers that the gateway recorded, where a namespace asks for it.", "  slipway recordings export --namespace default > said.jsonl")
    {
        Export(),
    };

    private static Command Export()
    {
        var target = new Target();
        var command = new ExampledCommand(
            "export",
            "Decrypt the recordings of a namespace and print them as JSON lines: what users said, without what names them as far as that was found.",
            """
              kubectl annotate namespace default slipway.dev/record=10% slipway.dev/record-for=7d
              slipway recordings export > said.jsonl
              slipway suites import openai-chat-log said.jsonl > suite.yaml
            """);
        target.AddTo(command);
        command.SetAction((parse, cancellationToken) => target.RunAsync(
            parse,
            async (reach, token) =>
            {
                try
                {
                    var any = false;
                    foreach (var line in Gateway.Recording.Storage.Recordings.Read(reach.Data.Recordings(TimeProvider.System), reach.Namespace))
                    {
                        any = true;
                        await Console.Out.WriteLineAsync(line.AsMemory(), token);
                    }

                    if (any) return ExitCodes.Ok;
                }
                catch (Exception failed) when (failed is IOException or UnauthorizedAccessException or CryptographicException)
                {
                    throw new CommandFailure(ExitCodes.Failed, failed.Message);
                }

                throw new CommandFailure(
                    ExitCodes.NotFound,
                    $"There are no recordings of namespace {reach.Namespace}. To record a tenth of its requests from now on, and keep each for a week: kubectl annotate namespace {reach.Namespace} slipway.dev/record=10%");
            },
            cancellationToken));
        return command;
    }
}
