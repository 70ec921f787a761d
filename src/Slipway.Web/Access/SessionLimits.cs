namespace Slipway.Web.Access;

/// <summary>How long sessions last, and how many there may be.</summary>
public sealed record SessionLimits
{
    /// <summary>The longest that one lasts.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromHours(8);

    /// <summary>The longest without a request or a circuit.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long the API's word on a token is taken for.</summary>
    public TimeSpan Trusted { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The most at a time.</summary>
    public int Most { get; init; } = 1000;

    /// <summary>The most of one person at a time, so that one alone cannot push the others out.</summary>
    public int MostOfOne { get; init; } = 20;
}

/// <summary>Why a session ended.</summary>
public enum SessionEnd
{
    /// <summary>They signed out, or signed in anew.</summary>
    SignedOut,

    /// <summary>It lasted as long as one may.</summary>
    TooOld,

    /// <summary>Nothing was asked for too long.</summary>
    Idle,

    /// <summary>The token's own end came.</summary>
    TokenEnded,

    /// <summary>The API does not accept the token any more.</summary>
    TokenRefused,

    /// <summary>The OpenID provider gives no new token any more.</summary>
    ProviderRefused,

    /// <summary>There were too many.</summary>
    Crowded,

    /// <summary>The program stops.</summary>
    Stopped,
}
