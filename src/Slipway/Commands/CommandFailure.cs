namespace Slipway.Commands;

/// <summary>Ends a command with an exit status and a sentence for standard error.</summary>
internal sealed class CommandFailure(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
