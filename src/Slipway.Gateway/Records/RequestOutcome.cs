namespace Slipway.Gateway.Records;

/// <summary>How a request ended.</summary>
public enum RequestOutcome
{
    /// <summary>The client has a whole answer.</summary>
    Ok,

    /// <summary>The engine turned the request down as the client's mistake (4xx, but for 429).</summary>
    Rejected,

    /// <summary>The gateway turned it down: no JSON, no model, none of that name.</summary>
    Refused,

    /// <summary>The client went before the answer was whole.</summary>
    ClientGone,

    /// <summary>The deployment has no engine that is ready.</summary>
    NotReady,

    /// <summary>No engine of the deployment accepted a connection.</summary>
    Unreachable,

    /// <summary>No engine of this deployment accepted a connection, or had room (503, 429), and another deployment took the request: its user saw nothing of it. That one has a record too.</summary>
    HandedOn,

    /// <summary>The engine said that it failed (5xx, 429, or an error in the middle of a stream).</summary>
    EngineError,

    /// <summary>The engine ended the connection, or spoke no HTTP, before any answer.</summary>
    Broken,

    /// <summary>The engine said nothing for too long.</summary>
    Silent,

    /// <summary>The answer ended in the middle, and the client's connection with it.</summary>
    Truncated,
}

/// <summary>What outcomes mean.</summary>
public static class RequestOutcomes
{
    /// <summary>Whether the deployment failed the request. A client's mistake, or its going, is no failure.</summary>
    /// <param name="outcome">How it ended.</param>
    /// <returns>Whether it counts against the deployment.</returns>
    public static bool IsFailure(this RequestOutcome outcome) => outcome >= RequestOutcome.NotReady;
}
