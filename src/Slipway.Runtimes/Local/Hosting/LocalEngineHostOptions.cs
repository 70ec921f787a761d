namespace Slipway.Runtimes.Local.Hosting;

/// <summary>How engines are watched.</summary>
public sealed record LocalEngineHostOptions
{
    /// <summary>Slipway's data directory; notes of running engines are kept in <c>run</c> below it.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Time that a start may take whatever the model's size.</summary>
    /// <value>The default value is 60 seconds.</value>
    public TimeSpan StartDeadline { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Slowest acceptable loading; the start deadline grows with the model's bytes divided by it.</summary>
    /// <value>The default value is 20 MB a second, a slow disk.</value>
    public double LoadBytesPerSecond { get; init; } = 20e6;

    /// <summary>Wait between two health checks before the engine is ready.</summary>
    /// <value>The default value is 100 milliseconds.</value>
    public TimeSpan StartProbeInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Wait between two health checks of a ready engine. A process that ends is noticed at once, without them.</summary>
    /// <value>The default value is 5 seconds.</value>
    public TimeSpan ProbeInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Failed health checks in a row after which a ready engine counts as hung and is restarted.</summary>
    /// <value>The default value is 6: half a minute, for an engine that swaps or evaluates a very long prompt.</value>
    public int MaxMissedProbes { get; init; } = 6;

    /// <summary>Wait before the first restart; it doubles with each failure.</summary>
    /// <value>The default value is 1 second.</value>
    public TimeSpan FirstBackoff { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest wait before a restart.</summary>
    /// <value>The default value is 60 seconds.</value>
    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Time of being ready after which earlier failures are forgotten.</summary>
    /// <value>The default value is 60 seconds.</value>
    public TimeSpan ForgetFailuresAfter { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Starts in a row that may meet a taken port without a wait.</summary>
    /// <value>The default value is 5.</value>
    public int MaxPortRetries { get; init; } = 5;

    /// <summary>How long an engine that is given up is left alone, until nobody is sent to it any more.</summary>
    /// <value>The default value is 1 second.</value>
    public TimeSpan DrainDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long requests that an engine works on are waited for when it is given up.</summary>
    /// <value>The default value is 60 seconds.</value>
    public TimeSpan DrainPatience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Clock of all waits.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Folder of the notes about running engines.</summary>
    public string RunDirectory => Path.Combine(DataDirectory, "run");
}
