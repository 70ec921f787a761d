using System.Security.Cryptography.X509Certificates;

namespace Slipway.Web.Access.Oidc;

/// <summary>An OpenID provider at which people sign in. What it says of them, the id_token, is shown to the cluster's API as a pasted token is.</summary>
/// <param name="Issuer">Its issuer, exactly as its tokens name it: https, or http on this machine.</param>
/// <param name="ClientId">The page's name at it, which the API takes for its tokens' audience.</param>
public sealed record OidcOptions(string Issuer, string ClientId)
{
    /// <summary>What is asked for where nothing else is said. A provider that gives refresh tokens for <c>offline_access</c> only has to be asked for that, too.</summary>
    public static IReadOnlyList<string> UsualScopes { get; } = ["openid", "profile", "email"];

    /// <summary>Reads the client's secret, as often as it is needed, since it may be changed; null for a public client.</summary>
    /// <remarks>It raises an <see cref="IOException"/> or an <see cref="UnauthorizedAccessException"/> when it cannot.</remarks>
    public Func<string>? Secret { get; init; }

    /// <summary>What is asked for.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = UsualScopes;

    /// <summary>The authorities that vouch for the provider; those of the machine when empty.</summary>
    public X509Certificate2Collection Authorities { get; init; } = [];

    /// <summary>Whether tokens may be sent to an address: over TLS, or within this machine.</summary>
    /// <param name="text">The address.</param>
    public static bool IsSafe(string? text) => Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme == "https" || (address.Scheme == "http" && address.IsLoopback));
}
