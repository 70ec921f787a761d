namespace Slipway.Gateway.Recording;

/// <summary>How recordings are kept.</summary>
public sealed record RecorderOptions
{
    /// <summary>Where they are.</summary>
    public required string Folder { get; init; }

    /// <summary>The file with the key that they are encrypted with; made where there is none, for its owner alone.</summary>
    public required string KeyFile { get; init; }

    /// <summary>How many bytes of them are kept at most; the oldest go first.</summary>
    public long MostBytes { get; init; } = 512L * 1024 * 1024;

    /// <summary>The share that recording may add to the processor time of the process, from 0 to 1, and never more than that of one processor; requests beyond that are not recorded, and counted.</summary>
    public double Processor { get; init; } = 0.1;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
