namespace Slipway.Web.Access.Oidc;

/// <summary>What a provider gave.</summary>
/// <param name="IdToken">Who somebody is, looked at.</param>
/// <param name="Subject">Its <c>sub</c>.</param>
/// <param name="Refresh">What a new one is had for; null when there is nothing.</param>
internal sealed record OidcTokens(string IdToken, string Subject, string? Refresh)
{
    /// <summary>How long before the end of a token a new one is asked for: a minute, or half of a life that is shorter than two.</summary>
    /// <param name="life">How long the token lasts.</param>
    public static TimeSpan Ahead(TimeSpan life) => TimeSpan.FromTicks(Math.Min(TimeSpan.FromMinutes(1).Ticks, life.Ticks / 2));
}
