using System.Runtime.InteropServices;

namespace Slipway.Gateway.Records;

/// <summary>
/// What became of one request, once it is through. Nothing of what was asked or answered is in it, no key and no session. What is not known is null, never 0.
/// </summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RequestRecord
{
    /// <summary>When the gateway knew which model is asked for: the head, and the body as far as the model's name, are there. All times are from then.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>Until the last byte of the answer was handed over.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>What was asked for.</summary>
    public required RequestOperation Operation { get; init; }

    /// <summary>How it ended.</summary>
    public required RequestOutcome Outcome { get; init; }

    /// <summary>The HTTP status that the client was given; 0 when it was given none.</summary>
    public required int Status { get; init; }

    /// <summary>The deployment that had the request, as namespace/name, the candidate of a rollout where that is who it was; null when the gateway refused it.</summary>
    public string? Deployment { get; init; }

    /// <summary>The name of the deployment's model in requests.</summary>
    public string? Model { get; init; }

    /// <summary>The generation of the deployment's manifest; while a change is being made, the engine may still be that of the one before.</summary>
    public long? Generation { get; init; }

    /// <summary>The address of the engine that had it last; null when none did.</summary>
    public string? Engine { get; init; }

    /// <summary>How many engines were tried.</summary>
    public int Attempts { get; init; }

    /// <summary>Whether the answer was a stream of events.</summary>
    public bool Streamed { get; init; }

    /// <summary>
    /// Until the first event that carries a token, by the time its bytes came. Streams alone have one: of a whole answer nobody can tell. The first event of a chat, which names the role, counts, since engines send it with the first token.
    /// </summary>
    public TimeSpan? TimeToFirstToken { get; init; }

    /// <summary>The mean time between two tokens: from the first event to the last, over one less than <see cref="TokensOut"/>. Streams of two tokens and more.</summary>
    public TimeSpan? InterToken { get; init; }

    /// <summary>Tokens of the prompt, those from a cache among them.</summary>
    public long? TokensIn { get; init; }

    /// <summary>Tokens of the prompt that the engine had in its cache.</summary>
    public long? TokensCached { get; init; }

    /// <summary>Tokens of the answer; <see cref="TokensFrom"/> says who counted.</summary>
    public long? TokensOut { get; init; }

    /// <summary>Who counted <see cref="TokensOut"/>.</summary>
    public TokenOrigin TokensFrom { get; init; }

    /// <summary>Bytes of the request's body; null when the client did not say.</summary>
    public long? RequestBytes { get; init; }

    /// <summary>Bytes of the answer's body.</summary>
    public long ResponseBytes { get; init; }

    /// <summary>Whether the request was one of a session (<see cref="Routing.Routes.SessionHeader"/>).</summary>
    public bool Session { get; init; }

    /// <summary>Whether it is a copy of a user's request (<see cref="Routing.Copying"/>), and no request of a user's.</summary>
    public bool Copy { get; init; }

    /// <summary>Whether the request named its deployment (<see cref="Routing.Routes.DeploymentHeader"/>): somebody's looking, a gate for one, and not a user's.</summary>
    public bool Named { get; init; }
}
