namespace Slipway.Runtimes.Local.Hosting;

/// <summary>Answer to a health check.</summary>
public enum EngineHealth
{
    /// <summary>It serves.</summary>
    Ok,

    /// <summary>It answers that the model is still being loaded.</summary>
    Loading,

    /// <summary>It does not answer, or with an error.</summary>
    Silent,
}

/// <summary>One start of an engine.</summary>
/// <param name="Spec">What it serves.</param>
/// <param name="Index">Number of the replica.</param>
/// <param name="Port">Port to listen on.</param>
public sealed record EngineLaunch(EngineSpec Spec, int Index, int Port)
{
    /// <summary>All arguments after the engine's leading ones.</summary>
    public IReadOnlyList<string> Arguments => EngineArguments.For(Spec, Port);
}

/// <summary>How an engine ended.</summary>
/// <param name="ExitCode">Its exit code; above 128 it is 128 and the signal.</param>
/// <param name="LastLines">The last lines of its log.</param>
public sealed record EngineExit(int ExitCode, IReadOnlyList<string> LastLines);

/// <summary>Starts engines. The tests' one starts none.</summary>
public interface IEngineLauncher
{
    /// <summary>Starts an engine.</summary>
    /// <param name="launch">What to start.</param>
    /// <returns>The running engine.</returns>
    /// <exception cref="IOException">It could not be started; the message says why.</exception>
    IEngineInstance Start(EngineLaunch launch);
}

/// <summary>A running engine.</summary>
public interface IEngineInstance : IAsyncDisposable
{
    /// <summary>Its process.</summary>
    int Pid { get; }

    /// <summary>Ends when the process has ended.</summary>
    Task<EngineExit> Exited { get; }

    /// <summary>Asks whether it serves.</summary>
    Task<EngineHealth> ProbeAsync(CancellationToken cancellationToken);

    /// <summary>Asks whether it works on requests now. One that does not say works on none.</summary>
    Task<bool> IsBusyAsync(CancellationToken cancellationToken) => Task.FromResult(false);

    /// <summary>Ends it: politely, then by force. Returns when it has ended, within 3 seconds.</summary>
    Task StopAsync();
}
