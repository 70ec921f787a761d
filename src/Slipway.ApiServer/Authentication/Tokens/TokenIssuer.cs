using Slipway.ApiServer.Json;
using Slipway.ApiServer.Pki;
using Slipway.ApiServer.Storage;

namespace Slipway.ApiServer.Authentication.Tokens;

/// <summary>Makes tokens for service accounts.</summary>
internal sealed class TokenIssuer(SigningKey key, TimeProvider time)
{
    /// <summary>Who says what the tokens say; upstream's usual name for a cluster's API.</summary>
    public const string Issuer = "https://kubernetes.default.svc.cluster.local";

    /// <summary>The issuer of tokens that lie in secrets and never end.</summary>
    public const string SecretIssuer = "kubernetes/serviceaccount";

    public const string SecretPrefix = "kubernetes.io/serviceaccount/";

    /// <summary>The lifetime that pods ask for when their token shall be replaced after an hour but still work for a year (KEP-1205).</summary>
    private const long WarnOnly = 3607, Extended = 365 * 24 * 3600;

    public static readonly string[] ServerAudiences = [Issuer];

    /// <summary>Signs a token that lasts for some seconds from now.</summary>
    public string Issue(TokenClaims claims, long seconds)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var extend = claims.Pod is not null && seconds == WarnOnly && claims.Audiences.All(ServerAudiences.Contains);
        return Jwt.Sign((claims with
        {
            IssuedAt = now,
            NotBefore = now,
            Expires = now + (extend ? Extended : seconds),
            WarnAfter = extend ? now + seconds : null,
            Id = Guid.NewGuid().ToString(),
        }).ToJson(), key);
    }

    /// <summary>Signs the token of a secret of the type kubernetes.io/service-account-token.</summary>
    public string IssueFor(StoredObject secret, StoredObject account) => Jwt.Sign(new JsonMap
    {
        ["iss"] = SecretIssuer,
        [SecretPrefix + "namespace"] = account.Namespace,
        [SecretPrefix + "secret.name"] = secret.Name,
        [SecretPrefix + "service-account.name"] = account.Name,
        [SecretPrefix + "service-account.uid"] = account.Metadata.Uid,
        ["sub"] = Identities.AccountUser(account.Namespace, account.Name),
    }, key);
}
