namespace Slipway.Operator.Install;

/// <summary>The OpenID provider of the page in a cluster, whose API accepts its tokens already. Its files come from the Secret <see cref="Secret"/>, at <see cref="Folder"/> in the pod.</summary>
/// <param name="IssuerUrl">Its issuer.</param>
/// <param name="ClientId">The page's client.</param>
public sealed record PageOidc(string IssuerUrl, string ClientId)
{
    /// <summary>The Secret that the page's pod has, where there is one.</summary>
    public const string Secret = "slipway-web-oidc";

    /// <summary>Where it is in the pod.</summary>
    public const string Folder = "/etc/slipway/oidc";

    /// <summary>The file with the client's secret; a public client when null.</summary>
    public string? SecretFile { get; init; }

    /// <summary>What is asked for, with commas; the usual when null.</summary>
    public string? Scopes { get; init; }

    /// <summary>The file with those who vouch for the provider; the image's own when null.</summary>
    public string? AuthorityFile { get; init; }

    /// <summary>As options of the command.</summary>
    public IEnumerable<string> Arguments()
    {
        yield return $"--oidc-issuer-url={IssuerUrl}";
        yield return $"--oidc-client-id={ClientId}";
        if (SecretFile is { Length: > 0 } secret) yield return $"--oidc-client-secret-file={secret}";
        if (Scopes is { Length: > 0 } scopes) yield return $"--oidc-scopes={scopes}";
        if (AuthorityFile is { Length: > 0 } authority) yield return $"--oidc-ca-file={authority}";
    }
}
