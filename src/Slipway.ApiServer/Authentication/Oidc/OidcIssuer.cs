using System.Security.Cryptography.X509Certificates;

namespace Slipway.ApiServer.Authentication.Oidc;

/// <summary>An OpenID provider whose tokens are accepted, with kube-apiserver's words and defaults (Kubernetes documentation, "OpenID Connect Tokens").</summary>
/// <param name="IssuerUrl">The issuer, exactly as its tokens name it; its configuration is found below it.</param>
/// <param name="ClientId">The client that its tokens have to be for (<c>aud</c>).</param>
public sealed record OidcIssuer(string IssuerUrl, string ClientId)
{
    /// <summary>Turns a prefix off.</summary>
    public const string NoPrefix = "-";

    /// <summary>Gets the claim that is the user's name. Of <c>email</c> only one that the provider verified is taken, where it says.</summary>
    public string UsernameClaim { get; init; } = "sub";

    /// <summary>Gets what stands before the user's name. Null: the issuer with a <c>#</c>, and nothing before an <c>email</c>; <c>-</c>: nothing.</summary>
    public string? UsernamePrefix { get; init; }

    /// <summary>Gets the claim that lists the user's groups; none when null.</summary>
    public string? GroupsClaim { get; init; }

    /// <summary>Gets what stands before a group's name.</summary>
    public string GroupsPrefix { get; init; } = "";

    /// <summary>Gets what claims have to say besides.</summary>
    public IReadOnlyDictionary<string, string> RequiredClaims { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Gets the authorities that vouch for the provider; those of the machine when empty.</summary>
    public X509Certificate2Collection Authorities { get; init; } = [];

    internal string Prefix => UsernamePrefix switch
    {
        NoPrefix => "",
        null => UsernameClaim == "email" ? "" : IssuerUrl + "#",
        var own => own,
    };
}
