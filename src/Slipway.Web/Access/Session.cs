using System.Globalization;
using Slipway.Web.Access.Oidc;

namespace Slipway.Web.Access;

/// <summary>One person's stay at the page. Their token is in here and nowhere else.</summary>
public sealed class Session : IDisposable
{
    private readonly CancellationTokenSource _over = new();

    internal Session(long number, string key, Person person, string token, DateTimeOffset? tokenEnds, string from, DateTimeOffset now, DateTimeOffset end)
    {
        Id = number.ToString(CultureInfo.InvariantCulture);
        (Key, Person, Token, From, Opened, Ends) = (key, person, token, from, now, end);
        (LastSeen, Reviewed, Over) = (now, now, _over.Token);
        (TokenSince, TokenEnds) = (now, tokenEnds);
    }

    /// <summary>Tells it from others within this process; no secret.</summary>
    public string Id { get; }

    /// <summary>Whose it is.</summary>
    public Person Person { get; internal set; }

    /// <summary>The address that it was opened from.</summary>
    public string From { get; }

    /// <summary>When it began.</summary>
    public DateTimeOffset Opened { get; }

    /// <summary>When it ends at the latest.</summary>
    public DateTimeOffset Ends { get; }

    /// <summary>Why it ended; null while it goes on.</summary>
    public SessionEnd? Why { get; private set; }

    /// <summary>Cancelled when it ends.</summary>
    public CancellationToken Over { get; }

    /// <summary>What its person works with; none before they have been let in.</summary>
    internal Desk? Desk { get; set; }

    internal string Key { get; }

    internal string Token { get; private set; }

    /// <summary>When the token that it has now was given.</summary>
    internal DateTimeOffset TokenSince { get; private set; }

    /// <summary>When the token that it has now ends; null when it does not say.</summary>
    internal DateTimeOffset? TokenEnds { get; private set; }

    /// <summary>What an OpenID provider gave; null for those who brought a token.</summary>
    internal OidcTokens? Grant { get; set; }

    internal DateTimeOffset LastSeen { get; set; }

    /// <summary>When the API last said that the token is good.</summary>
    internal DateTimeOffset Reviewed { get; set; }

    /// <summary>How many circuits are open.</summary>
    internal int Circuits { get; set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Desk?.Dispose();
        _over.Dispose();
    }

    /// <summary>Whether it is time for a new token.</summary>
    /// <param name="now">The time.</param>
    internal bool IsDue(DateTimeOffset now) => Grant?.Refresh is not null && TokenEnds is { } end && now >= end - OidcTokens.Ahead(end - TokenSince);

    internal void Renew(OidcTokens grant, DateTimeOffset? ends, DateTimeOffset now)
    {
        if (Why is not null) return;
        (Grant, Token, TokenSince, TokenEnds) = (grant, grant.IdToken, now, ends);
        // The API has not seen this one.
        Reviewed = DateTimeOffset.MinValue;
    }

    internal void End(SessionEnd why)
    {
        if (Why is not null) return;
        Why = why;
        _over.Cancel();
        Token = "";
        Grant = null;
        Dispose();
    }
}
