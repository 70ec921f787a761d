using System.CommandLine;
using System.Net.Sockets;
using Slipway.Kubernetes.Connection;
using Slipway.Up;

namespace Slipway.Commands;

/// <summary>Which Slipway a command speaks to: the options that say so, and the way there.</summary>
internal sealed class Target
{
    private readonly Option<string?> _data = new("--data", "-d")
    {
        Description = "The data directory of a Slipway on this machine (default: $SLIPWAY_DATA or ~/.slipway)",
        HelpName = "DIR",
        Recursive = true,
    };

    private readonly Option<string?> _kubeconfig = new("--kubeconfig") { Description = "Speak to this cluster instead", HelpName = "FILE" };
    private readonly Option<string?> _context = new("--context") { Description = "The kubeconfig's context", HelpName = "NAME" };
    private readonly Option<string?> _namespace = new("--namespace", "-n") { Description = "The namespace (default: the context's own)", HelpName = "NS" };

    /// <param name="command">The command.</param>
    /// <param name="namespaces">Whether it is about objects of a namespace.</param>
    public void AddTo(Command command, bool namespaces = true)
    {
        command.Options.Add(_data);
        command.Options.Add(_kubeconfig);
        command.Options.Add(_context);
        if (namespaces) command.Options.Add(_namespace);
    }

    public DataDirectory Data(ParseResult parse) => DataDirectory.Locate(parse.GetValue(_data));

    public string? Namespace(ParseResult parse) => parse.GetValue(_namespace);

    /// <summary>Runs a command against the API, turning what can go wrong into sentences and exit codes.</summary>
    public async Task<int> RunAsync(ParseResult parse, Func<Reach, CancellationToken, Task<int>> body, CancellationToken cancellationToken)
    {
        using var interrupt = Interrupt.Link(cancellationToken);
        var reach = new Reach(Data(parse), parse.GetValue(_kubeconfig), parse.GetValue(_context), parse.GetValue(_namespace));
        try
        {
            using (reach) return await body(reach, interrupt.Token);
        }
        catch (CommandFailure failure)
        {
            await Console.Error.WriteLineAsync($"slipway: {failure.Message}");
            return failure.ExitCode;
        }
        catch (InvalidDataException unusable)
        {
            await Console.Error.WriteLineAsync($"slipway: {unusable.Message}");
            return ExitCodes.Failed;
        }
        catch (KubeApiException refused)
        {
            await Console.Error.WriteLineAsync($"slipway: {refused.Message}");
            return refused.Code == System.Net.HttpStatusCode.NotFound ? ExitCodes.NotFound : ExitCodes.Failed;
        }
        catch (HttpRequestException unreachable) when (unreachable.InnerException is SocketException || unreachable.StatusCode is null)
        {
            await Console.Error.WriteLineAsync($"slipway: {reach.Unreachable(unreachable)}");
            return ExitCodes.Unreachable;
        }
        catch (OperationCanceledException) when (interrupt.Token.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
    }
}
