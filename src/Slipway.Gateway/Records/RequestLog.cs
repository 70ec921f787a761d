using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Http;
using Slipway.Gateway.Keys;
using Slipway.Gateway.Metering;
using Slipway.Gateway.Routing;
using Slipway.Gateway.Wire;

namespace Slipway.Gateway.Records;

/// <summary>What is known of a request before anybody has it.</summary>
/// <param name="Operation">What it asks for.</param>
/// <param name="Started">When it was read.</param>
/// <param name="Stamp">The same, as the clock's time stamp.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Asked(RequestOperation Operation, DateTimeOffset Started, long Stamp)
{
    /// <summary>What it takes, where a key is charged for it.</summary>
    public KeyCharge? Charge { get; init; }
}

/// <summary>How a deployment dealt with a request.</summary>
/// <param name="Forwarded">What became of it.</param>
/// <param name="Engine">The engine that had it last.</param>
/// <param name="Attempts">How many engines were tried.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Dealt(Forwarded Forwarded, Backend? Engine, int Attempts);

/// <summary>Makes records and tells whoever wants them.</summary>
/// <param name="observers">Who does.</param>
/// <param name="time">The clock.</param>
internal sealed class RequestLog(IReadOnlyList<IRequestObserver> observers, TimeProvider time)
{
    private readonly IRequestObserver[] _observers = [.. observers];

    /// <summary>A request was read.</summary>
    public Asked Read(RequestOperation operation) => new(operation, time.GetUtcNow(), time.GetTimestamp());

    /// <summary>A deployment has it.</summary>
    public void Began(Route route)
    {
        if (_observers.Length == 0) return;
        var now = time.GetUtcNow();
        foreach (var observer in _observers) observer.Began(route.Deployment, now);
    }

    /// <summary>The gateway refused it, before any deployment had it.</summary>
    public void Refused(HttpContext context, in Asked asked, int status)
    {
        if (_observers.Length == 0) return;
        Tell(Begun(context, asked, RequestOutcome.Refused, status));
    }

    /// <summary>A deployment is through with it.</summary>
    /// <param name="context">The client's request; the answer has not been said where the engine said nothing.</param>
    /// <param name="asked">What was known before.</param>
    /// <param name="route">The deployment.</param>
    /// <param name="dealt">What it made of it.</param>
    /// <param name="last">Whether no other deployment is asked.</param>
    public void Ended(HttpContext context, in Asked asked, Route route, in Dealt dealt, bool last)
    {
        if (_observers.Length > 0) Tell(Of(context, asked, route, dealt, last));
    }

    /// <summary>A deployment is through with a copy of a user's request.</summary>
    public void Copied(HttpContext context, in Asked asked, Route route, in Dealt dealt)
    {
        if (_observers.Length == 0) return;
        var record = Of(context, asked, route, dealt, last: true) with { Copy = true };
        foreach (var observer in _observers) observer.Copied(record);
    }

    /// <summary>A request was to be copied to a deployment, and was not.</summary>
    public void NotCopied(Route route)
    {
        foreach (var observer in _observers) observer.NotCopied(route.Deployment);
    }

    private RequestRecord Of(HttpContext context, in Asked asked, Route route, in Dealt dealt, bool last)
    {
        var answer = dealt.Forwarded.Answer;
        var outcome = Outcome(route, dealt.Forwarded, context.Response.StatusCode, last);
        var (tokens, from) = Tokens(answer, outcome);
        return Begun(context, asked, outcome, Status(context, outcome)) with
        {
            Deployment = route.Deployment,
            Model = route.Model,
            Generation = route.Generation,
            Engine = dealt.Engine?.Address,
            Attempts = dealt.Attempts,
            Streamed = answer.Streamed,
            TimeToFirstToken = answer.First == 0 ? null : time.GetElapsedTime(asked.Stamp, answer.First),
            InterToken = tokens > 1 && answer.Last > answer.First ? time.GetElapsedTime(answer.First, answer.Last) / (tokens.Value - 1) : null,
            TokensIn = answer.Usage.In,
            TokensCached = answer.Usage.Cached,
            TokensOut = tokens,
            TokensFrom = from,
            ResponseBytes = answer.Bytes,
        };
    }

    private RequestRecord Begun(HttpContext context, in Asked asked, RequestOutcome outcome, int status) => new()
    {
        Started = asked.Started,
        Duration = time.GetElapsedTime(asked.Stamp),
        Operation = asked.Operation,
        Outcome = outcome,
        Status = status,
        RequestBytes = context.Request.ContentLength,
        Session = context.Request.Headers.ContainsKey(Routes.SessionHeader),
        Named = context.Request.Headers.ContainsKey(Routes.DeploymentHeader),
    };

    private void Tell(in RequestRecord record)
    {
        foreach (var observer in _observers) observer.Ended(record);
    }

    private static RequestOutcome Outcome(Route route, Forwarded forwarded, int status, bool last) => forwarded.Outcome switch
    {
        ForwardOutcome.Done when status is >= 500 or 429 || forwarded.Answer.Failed => RequestOutcome.EngineError,
        ForwardOutcome.Done => status >= 400 ? RequestOutcome.Rejected : RequestOutcome.Ok,
        ForwardOutcome.ClientGone => RequestOutcome.ClientGone,
        ForwardOutcome.Unreachable or ForwardOutcome.TurnedAway when !last => RequestOutcome.HandedOn,
        ForwardOutcome.Unreachable => route.Backends.IsEmpty ? RequestOutcome.NotReady : RequestOutcome.Unreachable,
        ForwardOutcome.Silent => RequestOutcome.Silent,
        ForwardOutcome.Cut => RequestOutcome.Truncated,
        _ => RequestOutcome.Broken,
    };

    // What the client has been given, or will be in a moment.
    private static int Status(HttpContext context, RequestOutcome outcome) => outcome switch
    {
        RequestOutcome.NotReady or RequestOutcome.Unreachable or RequestOutcome.Broken => StatusCodes.Status503ServiceUnavailable,
        RequestOutcome.Silent => StatusCodes.Status504GatewayTimeout,
        RequestOutcome.HandedOn => 0,
        RequestOutcome.ClientGone when !context.Response.HasStarted => 0,
        _ => context.Response.StatusCode,
    };

    private static (long? Tokens, TokenOrigin From) Tokens(in AnswerFigures answer, RequestOutcome outcome)
    {
        // Where a stream did not come to its end, what the engine said at its beginning is of then.
        if (answer.Usage.Out is { } said && (outcome is RequestOutcome.Ok || said >= answer.Events)) return (said, TokenOrigin.Engine);
        return answer.Events > 0 ? (answer.Events, TokenOrigin.Events) : (null, TokenOrigin.Unknown);
    }
}
