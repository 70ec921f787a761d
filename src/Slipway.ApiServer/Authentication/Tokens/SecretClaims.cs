using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Authentication.Tokens;

/// <summary>What the token in a secret says. It lasts as long as the secret.</summary>
internal sealed record SecretClaims(string Namespace, ObjectIdentity Account, string Secret)
{
    public static SecretClaims? Of(JsonMap json)
    {
        string Text(string name) => json.Text(TokenIssuer.SecretPrefix + name) ?? "";
        var claims = new SecretClaims(Text("namespace"), new(Text("service-account.name"), Text("service-account.uid")), Text("secret.name"));
        return json.Text("sub") == Identities.AccountUser(claims.Namespace, claims.Account.Name) && claims.Account.Uid.Length > 0 && claims.Secret.Length > 0
            ? claims
            : null;
    }

    public UserInfo ToUser() =>
        new(Identities.AccountUser(Namespace, Account.Name), [.. Identities.AccountGroups(Namespace), Identities.Authenticated]) { Uid = Account.Uid };
}
