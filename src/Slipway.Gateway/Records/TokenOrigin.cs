namespace Slipway.Gateway.Records;

/// <summary>Who says how many tokens an answer has.</summary>
public enum TokenOrigin
{
    /// <summary>Nobody: the count is unknown.</summary>
    Unknown,

    /// <summary>The engine, in the answer's `usage` or, llama-server, its `timings`.</summary>
    Engine,

    /// <summary>
    /// The events of the stream were counted. Roughly a token each: the first and the last event of a chat carry none, and an engine that guesses ahead puts several into one.
    /// </summary>
    Events,
}
