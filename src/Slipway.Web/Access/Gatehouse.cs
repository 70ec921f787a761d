using System.Collections.Concurrent;
using System.Net;
using Slipway.Kubernetes.Connection;
using Slipway.Web.Access.Oidc;
using static Slipway.Web.Languages.Words;

namespace Slipway.Web.Access;

/// <summary>Lets people in by the API's word, and sees to it that it still stands by it.</summary>
internal sealed class Gatehouse : IDisposable
{
    // Seldom enough to cost nothing, and often enough that a page never finds its answers too old.
    public static readonly TimeSpan Pace = TimeSpan.FromSeconds(10);

    private readonly AccessOptions _options;
    private readonly TokenReviews _reviews;
    private readonly SignInThrottle _throttle;
    private readonly Audit _audit;
    private readonly TimeProvider _time;
    private readonly Lock _opening = new();
    private DateTimeOffset _toldOfMany = DateTimeOffset.MinValue;
    private readonly ConcurrentDictionary<string, Lazy<Task<SignInResult>>> _trying = new(StringComparer.Ordinal);

    public Gatehouse(AccessOptions options, Audit audit, TimeProvider time)
    {
        (_options, _audit, _time) = (options, audit, time);
        (_reviews, _throttle, Sessions) = (new TokenReviews(options.Own), new SignInThrottle(time), new Sessions(time, options.Limits));
        Sessions.Ended += session => audit.Write(new AuditLine("session-end", session.Person.Name, session.From) { Reason = session.Why.ToString() });
    }

    public Sessions Sessions { get; }

    public void Dispose() => Sessions.Dispose();

    /// <summary>Lets somebody in who shows a token.</summary>
    /// <param name="secret">What they will show from then on.</param>
    /// <param name="text">The token, as it was given.</param>
    /// <param name="from">Where they come from.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <param name="grant">What an OpenID provider gave, whose id_token it is; null for a token that was brought.</param>
    public async Task<SignInResult> SignInAsync(string secret, string? text, string from, CancellationToken cancellationToken, OidcTokens? grant = null)
    {
        if (_throttle.Take(from) is { } wait) return Refused(new SignInResult(null, StatusCodes.TooMany, T("Too many tries. Wait {0} s, then try again.", Math.Ceiling(wait.TotalSeconds))) { Wait = wait }, from);
        if (TokenText.Clean(text) is not { } token) return Refused(SignInResult.Wrong, from);
        var verdict = await _reviews.AskAsync(token, cancellationToken);
        if (verdict.Person is not { } person)
        {
            if (verdict.Fault is null) return Refused(SignInResult.Wrong, from);
            _throttle.GiveBack(from);
            return Refused(new SignInResult(null, StatusCodes.Unsaid, T("The Kubernetes API could not say whose token that is: {0} Try again in a moment.", verdict.Fault)), from);
        }

        _throttle.GiveBack(from);
        Session session;
        lock (_opening)
        {
            // Another request of the same program was quicker.
            if (Sessions.Find(secret) is { } same) return new SignInResult(same, 200, null);
            session = Sessions.Open(secret, person, token, TokenText.End(token), from, grant);
            session.Desk = new Desk(session, _options.Connect([new PersonHandler(session, _audit)]), _time);
        }

        _audit.Write(new AuditLine("sign-in", person.Name, from) { Code = 200, By = grant is null ? null : "oidc" });
        return new SignInResult(session, 200, null);
    }

    /// <summary>Lets a program in that shows a token with each request: those that come at once are one try, and one session.</summary>
    /// <inheritdoc cref="SignInAsync"/>
    public async Task<SignInResult> BearerAsync(string secret, string text, string from, CancellationToken cancellationToken)
    {
        var key = Sessions.KeyOf(secret);
        // Whoever goes away does not end it for the others.
        var trying = _trying.GetOrAdd(key, _ => new Lazy<Task<SignInResult>>(() => SignInAsync(secret, text, from, CancellationToken.None)));
        try
        {
            return await trying.Value.WaitAsync(cancellationToken);
        }
        finally
        {
            _trying.TryRemove(KeyValuePair.Create(key, trying));
        }
    }

    /// <summary>Asks the API again what it said too long ago: whether the token is good, and what its owner may do.</summary>
    /// <param name="session">Whose.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Whether the session goes on.</returns>
    public async Task<bool> KeepAsync(Session session, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        if (now - session.Reviewed >= _options.Limits.Trusted)
        {
            var verdict = await _reviews.AskAsync(session.Token, cancellationToken);
            // Groups may be others by now.
            if (verdict.Person is { } person && person.Name == session.Person.Name) (session.Reviewed, session.Person) = (now, person);
            // An API that does not answer takes nobody's word back; that nothing can be done over it meanwhile is seen to by itself.
            else if (verdict.Fault is null) Sessions.End(session, SessionEnd.TokenRefused);
        }

        try
        {
            if (session.Why is null) await session.Desk!.Asked.RefreshAsync(_options.Namespaces(), Pace, cancellationToken);
        }
        catch (KubeApiException refused) when (refused.Code is HttpStatusCode.Unauthorized)
        {
            Sessions.End(session, SessionEnd.TokenRefused);
        }

        return session.Why is null;
    }

    /// <summary>Takes a new token for a session's old one; the API is asked whose it is as of any.</summary>
    /// <param name="session">Whose.</param>
    /// <param name="grant">What the provider gave.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task RenewAsync(Session session, OidcTokens grant, CancellationToken cancellationToken)
    {
        Sessions.Renew(session, grant, TokenText.End(grant.IdToken));
        await KeepAsync(session, cancellationToken);
    }

    private SignInResult Refused(SignInResult result, string from)
    {
        // Whoever goes on and on is written down once a minute: the log is not theirs to fill.
        if (result.Wait is not null)
        {
            var now = _time.GetUtcNow();
            lock (_opening)
            {
                if (now - _toldOfMany < TimeSpan.FromMinutes(1)) return result;
                _toldOfMany = now;
            }
        }

        _audit.Write(new AuditLine("sign-in-refused", null, from) { Code = result.Status });
        return result;
    }

    private static class StatusCodes
    {
        public const int TooMany = 429;
        public const int Unsaid = 502;
    }
}

/// <summary>What became of a try to sign in.</summary>
/// <param name="Session">The session; null when there is none.</param>
/// <param name="Status">As an HTTP status.</param>
/// <param name="Fault">Why not, and what to do; null when there is a session.</param>
internal sealed record SignInResult(Session? Session, int Status, string? Fault)
{
    /// <summary>A token that the API does not accept: one that never was and one that has ended get the same answer.</summary>
    public static SignInResult Wrong => new(null, 401, T("The cluster does not accept this token. Ask for a new one, copy the whole of it, and try again."));

    /// <summary>How long to wait before the next try; null for no time.</summary>
    public TimeSpan? Wait { get; init; }
}
