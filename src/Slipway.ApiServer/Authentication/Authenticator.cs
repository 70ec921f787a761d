using Microsoft.AspNetCore.Http;
using Slipway.ApiServer.Authentication.Oidc;
using Slipway.ApiServer.Authentication.Tokens;
using Slipway.ApiServer.Http;

namespace Slipway.ApiServer.Authentication;

/// <summary>Finds out who a request comes from: a client certificate, a bearer token, or else nobody in particular.</summary>
internal sealed class Authenticator(CertificateUsers certificates, TokenAuthenticator tokens, OidcAuthenticator? oidc)
{
    /// <exception cref="ApiException">401: what the client showed proves nothing. Who shows nothing is anonymous instead.</exception>
    public ValueTask<UserInfo> AuthenticateAsync(HttpContext http)
    {
        var refused = false;
        if (http.Connection.ClientCertificate is { } certificate)
        {
            (var owner, refused) = certificates.Find(certificate);
            if (owner is not null) return new(owner);
        }

        var token = Bearer(http.Request.Headers.Authorization.ToString());
        if (token.Length > 0)
        {
            if (tokens.Authenticate(token, TokenIssuer.ServerAudiences).User is { } user) return new(user);
            if (oidc?.Knows(token) == true) return new(OfProviderAsync(oidc, token.ToString()));
            refused = true;
        }

        return refused ? throw Errors.Unauthorized() : new(UserInfo.Anonymous);
    }

    private static async Task<UserInfo> OfProviderAsync(OidcAuthenticator oidc, string token) =>
        (await oidc.AuthenticateAsync(token, TokenIssuer.ServerAudiences)).User ?? throw Errors.Unauthorized();

    private static ReadOnlySpan<char> Bearer(ReadOnlySpan<char> header)
    {
        header = header.Trim();
        var end = header.IndexOf(' ');
        if (end < 0 || !header[..end].Equals("bearer", StringComparison.OrdinalIgnoreCase)) return [];
        var rest = header[(end + 1)..];
        var next = rest.IndexOf(' ');
        return next < 0 ? rest : rest[..next];
    }
}
