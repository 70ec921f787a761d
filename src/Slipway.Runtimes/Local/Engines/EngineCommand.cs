namespace Slipway.Runtimes.Local.Engines;

/// <summary>How to start an engine, proven to start.</summary>
public sealed record EngineCommand
{
    /// <summary>The program to start.</summary>
    public required string Path { get; init; }

    /// <summary>Arguments that come before the engine's own; they name the loader's libraries and the engine where the program is a loader.</summary>
    public IReadOnlyList<string> LeadingArguments { get; init; } = [];

    /// <summary>Variables that the engine needs.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>What the engine says of itself, for example <c>0.7.0 (build 11669)</c>.</summary>
    public required string Version { get; init; }

    /// <summary>Where it comes from, for people: <c>PATH</c>, <c>SLIPWAY_LLAMA_SERVER</c>, <c>Debian testing</c>.</summary>
    public required string Source { get; init; }

    /// <summary>Options that this engine knows, as it writes them in its help (<c>--ctx-size</c>, <c>-c</c>); empty when it would not tell.</summary>
    public IReadOnlySet<string> Options { get; init; } = new HashSet<string>();
}

/// <summary>An engine that may be there.</summary>
internal sealed record EngineCandidate(string Path, IReadOnlyList<string> LeadingArguments, string Source);

/// <summary>Outcome of looking for an engine, or of installing one.</summary>
public abstract record EngineResolution
{
    private EngineResolution()
    {
    }

    /// <summary>An engine that starts.</summary>
    /// <param name="Command">How to start it.</param>
    public sealed record Found(EngineCommand Command) : EngineResolution;

    /// <summary>There is none.</summary>
    /// <param name="Message">Why, and the command to type.</param>
    public sealed record Unavailable(string Message) : EngineResolution;
}

/// <summary>How far an installation is.</summary>
/// <param name="Step">What is being done, in words.</param>
/// <param name="Fraction">Part of the step that is done, from 0 to 1.</param>
public sealed record InstallProgress(string Step, double Fraction);
