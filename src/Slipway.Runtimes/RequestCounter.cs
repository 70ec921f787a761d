namespace Slipway.Runtimes;

/// <summary>Where users' requests to a deployment are counted: whoever divides the traffic, rollouts go by it.</summary>
/// <param name="Port">The port of the pods at which the counts are, under `/metrics`.</param>
public sealed record RequestCounter(int Port)
{
    /// <summary>Whether a frontend counts whole requests, whatever engine is behind it and however many take part; otherwise each engine counts what it is asked.</summary>
    public bool IsFrontend { get; init; }

    /// <summary>How long after an answer it may be until it is counted: what comes to light within that time of a first look was answered before it.</summary>
    public TimeSpan Lag { get; init; }

    /// <summary>The label of the pods that count, where others do not.</summary>
    public (string Key, string Value)? Label { get; init; }
}
