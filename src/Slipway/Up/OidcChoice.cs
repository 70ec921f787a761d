using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Slipway.ApiServer.Authentication.Oidc;
using Slipway.Commands;
using Slipway.Web.Access.Oidc;

namespace Slipway.Up;

/// <summary>The OpenID provider that was named on the command line.</summary>
/// <param name="IssuerUrl">Its issuer.</param>
/// <param name="ClientId">The client.</param>
internal sealed record OidcChoice(string IssuerUrl, string ClientId)
{
    /// <summary>PEM certificates of those who vouch for it; the machine's when null.</summary>
    public string? AuthorityFile { get; init; }

    /// <summary>The page's secret; a public client when null.</summary>
    public string? SecretFile { get; init; }

    /// <summary>What the page asks for; the usual when empty.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>As <see cref="OidcIssuer.UsernameClaim"/>.</summary>
    public string? UsernameClaim { get; init; }

    /// <summary>As <see cref="OidcIssuer.UsernamePrefix"/>.</summary>
    public string? UsernamePrefix { get; init; }

    /// <summary>As <see cref="OidcIssuer.GroupsClaim"/>.</summary>
    public string? GroupsClaim { get; init; }

    /// <summary>As <see cref="OidcIssuer.GroupsPrefix"/>.</summary>
    public string? GroupsPrefix { get; init; }

    /// <summary>As <see cref="OidcIssuer.RequiredClaims"/>.</summary>
    public IReadOnlyDictionary<string, string> RequiredClaims { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>For the API that accepts its tokens.</summary>
    /// <exception cref="CommandFailure">A file cannot be used.</exception>
    public OidcIssuer ForApi() => new(IssuerUrl, ClientId)
    {
        UsernameClaim = UsernameClaim ?? "sub",
        UsernamePrefix = UsernamePrefix,
        GroupsClaim = GroupsClaim,
        GroupsPrefix = GroupsPrefix ?? "",
        RequiredClaims = RequiredClaims,
        Authorities = Authorities(),
    };

    /// <summary>For the page that sends people there.</summary>
    /// <exception cref="CommandFailure">A file cannot be used.</exception>
    public OidcOptions ForPage()
    {
        if (Scopes.Count > 0 && !Scopes.Contains("openid")) throw new CommandFailure(ExitCodes.Failed, "--oidc-scopes has to contain openid: without it a provider gives no id_token, which is what the cluster takes.");
        if (SecretFile is { } file) Read("--oidc-client-secret-file", file, () => File.ReadAllText(file) is { } text && !string.IsNullOrWhiteSpace(text) ? text : throw new IOException("there is nothing in it."));
        return new(IssuerUrl, ClientId)
        {
            Secret = SecretFile is null ? null : () => File.ReadAllText(SecretFile),
            Scopes = Scopes.Count > 0 ? Scopes : OidcOptions.UsualScopes,
            Authorities = Authorities(),
        };
    }

    private X509Certificate2Collection Authorities() => AuthorityFile is not { } file ? [] : Read("--oidc-ca-file", file, () =>
    {
        var found = new X509Certificate2Collection();
        found.ImportFromPemFile(file);
        return found.Count > 0 ? found : throw new IOException("there is no CERTIFICATE block in it.");
    });

    private static T Read<T>(string option, string file, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new CommandFailure(ExitCodes.Failed, $"{option} {file} cannot be used: {unusable.Message}");
        }
    }
}
