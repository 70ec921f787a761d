using Microsoft.AspNetCore.Http;
using Slipway.ApiServer.Authentication.Tokens;
using Slipway.ApiServer.Http;

namespace Slipway.ApiServer.Authentication;

/// <summary>Finds out who a request comes from: a client certificate, a bearer token, or else nobody in particular.</summary>
internal sealed class Authenticator(CertificateUsers certificates, TokenAuthenticator tokens)
{
    /// <exception cref="ApiException">401: what the client showed proves nothing. Who shows nothing is anonymous instead.</exception>
    public UserInfo Authenticate(HttpContext http)
    {
        var refused = false;
        if (http.Connection.ClientCertificate is { } certificate)
        {
            (var owner, refused) = certificates.Find(certificate);
            if (owner is not null) return owner;
        }

        var token = Bearer(http.Request.Headers.Authorization.ToString());
        if (token.Length > 0)
        {
            if (tokens.Authenticate(token, TokenIssuer.ServerAudiences).User is { } user) return user;
            refused = true;
        }

        return refused ? throw Errors.Unauthorized() : UserInfo.Anonymous;
    }

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
