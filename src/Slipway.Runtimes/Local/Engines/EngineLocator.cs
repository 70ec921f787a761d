using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Runtimes.Local.Commands;
using Slipway.Runtimes.Local.Debian;

namespace Slipway.Runtimes.Local.Engines;

/// <summary>Finds llama-server: where <c>SLIPWAY_LLAMA_SERVER</c> says, on PATH, or in the data directory.</summary>
/// <remarks>What is found is started once, to prove that it starts; the answer is kept until the file is gone. Safe for concurrent use.</remarks>
public sealed partial class EngineLocator(LocalEngineOptions options, ILogger<EngineLocator>? logger = null) : IDisposable
{
    /// <summary>Name of the program.</summary>
    public const string Program = "llama-server";

    /// <summary>Variable that names the engine to use.</summary>
    public const string OverrideVariable = "SLIPWAY_LLAMA_SERVER";

    private readonly ILogger _logger = logger ?? NullLogger<EngineLocator>.Instance;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private EngineResolution.Found? _found;

    /// <summary>Settings of the search.</summary>
    public LocalEngineOptions Options => options;

    /// <summary>Looks for an engine.</summary>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>An engine that starts, or why there is none.</returns>
    public async Task<EngineResolution> FindAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_found is { } known && File.Exists(known.Command.Path)) return known;
            var failures = new List<string>();
            foreach (var candidate in Candidates())
            {
                var answer = await EngineProbe.RunAsync(candidate, options, cancellationToken);
                if (answer is EngineResolution.Found found)
                {
                    LogFound(found.Command.Version, candidate.Source, candidate.Path);
                    return _found = found;
                }

                var why = ((EngineResolution.Unavailable)answer).Message;
                LogRefused(why);
                failures.Add(why);
                // Who names an engine wants that one, and must learn that it does not work.
                if (candidate.Source == OverrideVariable) break;
            }

            return new EngineResolution.Unavailable(failures.Count == 0
                ? $"There is no {Program} on PATH and none in {options.EnginesDirectory}. Run 'slipway engine install', or set {OverrideVariable} to its path."
                : $"{string.Join(" ", failures)} Run 'slipway engine install', or set {OverrideVariable} to one that does.");
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    private IEnumerable<EngineCandidate> Candidates()
    {
        if (options.Variable(OverrideVariable) is { Length: > 0 } named)
        {
            yield return new EngineCandidate(named, [], OverrideVariable);
            yield break;
        }

        if (Command.Find(Program, options.Variable("PATH")) is { } onPath) yield return new EngineCandidate(onPath, [], "PATH");
        foreach (var folder in EngineFolders.Installed(options.EnginesDirectory))
        {
            if (DebianPrefix.Engine(folder, EngineFolders.Source(folder)) is { } installed) yield return installed;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Engine llama-server {Version} from {Source}: {Path}")]
    private partial void LogFound(string version, string source, string path);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Reason}")]
    private partial void LogRefused(string reason);
}
