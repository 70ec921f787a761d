namespace Slipway.Runtimes.Local.Engines;

/// <summary>Where engines are looked for and kept.</summary>
public sealed record LocalEngineOptions
{
    /// <summary>Slipway's data directory; engines are kept in <c>engines</c> below it.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Reads an environment variable: <c>SLIPWAY_LLAMA_SERVER</c> names the engine to use, <c>PATH</c> is searched for others.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>Longest time that an engine may take to tell its version.</summary>
    /// <value>The default value is 15 seconds.</value>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Clock of all waits.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Folder of installed engines.</summary>
    public string EnginesDirectory => Path.Combine(DataDirectory, "engines");
}
