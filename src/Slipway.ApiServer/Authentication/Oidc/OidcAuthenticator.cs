using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Slipway.ApiServer.Authentication.Tokens;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Authentication.Oidc;

/// <summary>Finds out whose an id_token is, as kube-apiserver does of the provider that it was told of.</summary>
internal sealed class OidcAuthenticator(OidcIssuer issuer, TimeProvider time, ILogger log) : IDisposable
{
    private const string Reserved = "system:";

    // go-oidc's: clocks of providers may be ahead.
    private static readonly TimeSpan s_ahead = TimeSpan.FromMinutes(5);
    private static readonly string[] s_algorithms = ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512"];

    private readonly OidcKeys _keys = new(issuer, time, log);

    /// <returns>Whether a token says that it is of this provider, which proves nothing yet.</returns>
    public bool Knows(ReadOnlySpan<char> token) => Jwt.Claims(token)?.Text("iss") == issuer.IssuerUrl;

    public async Task<TokenVerdict> AuthenticateAsync(string token, IReadOnlyList<string> audiences)
    {
        // Tokens of a provider are for this API, whatever client they name (upstream's "audience agnostic" authenticators).
        string[] common = [.. TokenIssuer.ServerAudiences.Where(audiences.Contains)];
        if (common.Length == 0) return TokenVerdict.Refused("token audiences are invalid for the target audiences");
        if (await _keys.ReadAsync() is not { } keys) return TokenVerdict.Refused("oidc: authenticator not initialized: the provider does not answer");
        // The provider may have newer ones.
        if (Header(token) is { Kid: var id } && keys.All(k => k.KeyId != id)) keys = await _keys.ReadAnewAsync() ?? keys;
        var result = await ValidateAsync(token, keys);
        if (!result.IsValid) return TokenVerdict.Refused($"oidc: verify token: {Reason(result.Exception)}");
        var (user, fault) = UserOf(Jwt.Claims(token)!);
        return user is null ? TokenVerdict.Refused("oidc: " + fault) : new(user, common, null);
    }

    public void Dispose() => _keys.Dispose();

    private static JsonWebToken? Header(string token)
    {
        try
        {
            return new JsonWebToken(token);
        }
        catch (Exception none) when (none is ArgumentException or SecurityTokenException)
        {
            return null;
        }
    }

    private Task<TokenValidationResult> ValidateAsync(string token, IReadOnlyCollection<SecurityKey> keys) => new JsonWebTokenHandler().ValidateTokenAsync(token, new TokenValidationParameters
    {
        ValidIssuer = issuer.IssuerUrl,
        ValidAudience = issuer.ClientId,
        IssuerSigningKeys = keys,
        ValidAlgorithms = s_algorithms,
        LifetimeValidator = (from, until, _, _) => time.GetUtcNow().UtcDateTime is var now && until is { } end && now < end && (from is null || from <= now + s_ahead),
    });

    private (UserInfo? User, string? Fault) UserOf(JsonMap claims)
    {
        if (claims.Text(issuer.UsernameClaim) is not { Length: > 0 } name) return (null, $"parse username claims \"{issuer.UsernameClaim}\": claim not present");
        if (issuer.UsernameClaim == "email" && claims.ContainsKey("email_verified") && claims.At("email_verified") is not true) return (null, "email not verified");
        foreach (var (claim, value) in issuer.RequiredClaims)
        {
            if (claims.Text(claim) != value) return (null, $"required claim {claim} is not {JsonText.Of(value)}");
        }

        List<string> groups = [];
        switch (issuer.GroupsClaim is { } of ? claims.At(of) : null)
        {
            case null:
                break;
            case string one:
                groups.Add(issuer.GroupsPrefix + one);
                break;
            case JsonList many when many.All(static g => g is string):
                groups.AddRange(many.Strings().Select(g => issuer.GroupsPrefix + g));
                break;
            default:
                return (null, $"parse groups claim \"{issuer.GroupsClaim}\": it is no list of names");
        }

        // Stricter than upstream, which leaves it to a prefix: a provider makes nobody an administrator by a name that is Kubernetes' own.
        name = issuer.Prefix + name;
        if (groups.Prepend(name).FirstOrDefault(static n => n.StartsWith(Reserved, StringComparison.Ordinal)) is { } taken)
            return (null, $"{JsonText.Of(taken)} is a name of Kubernetes' own: set --oidc-username-prefix and --oidc-groups-prefix");
        return (new(name, [.. groups, Identities.Authenticated]), null);
    }

    private static string Reason(Exception fault) => fault switch
    {
        SecurityTokenInvalidAudienceException => "the token is for another client (aud)",
        SecurityTokenInvalidIssuerException => "the token is of another issuer (iss)",
        SecurityTokenInvalidLifetimeException or SecurityTokenNoExpirationException => "the token is expired or not valid yet",
        SecurityTokenSignatureKeyNotFoundException => "the token is signed with a key that is none of the provider's",
        SecurityTokenInvalidAlgorithmException => "the token is signed in a way that is not accepted (alg)",
        _ => "the token's signature is wrong",
    };
}
