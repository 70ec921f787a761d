using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Slipway.Web.Access.Oidc;

/// <summary>What a provider says of itself (OpenID Connect Discovery 1.0), read when somebody wants to sign in: one that is down keeps no page from starting.</summary>
/// <param name="options">Which provider.</param>
/// <param name="http">The way to it.</param>
/// <param name="time">The clock.</param>
internal sealed class OidcDiscovery(OidcOptions options, HttpClient http, TimeProvider time)
{
    private static readonly TimeSpan s_kept = TimeSpan.FromHours(1);
    // A provider in trouble is not asked for each visitor.
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private Task<OpenIdConnectConfiguration>? _reading;
    private DateTimeOffset _asked = DateTimeOffset.MinValue;

    /// <summary>What was read last; null before.</summary>
    public OpenIdConnectConfiguration? Known { get; private set; }

    /// <summary>Reads it, or takes what was read within the last hour.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="OidcException">It cannot be read, or is not of this issuer.</exception>
    public Task<OpenIdConnectConfiguration> ReadAsync(CancellationToken cancellationToken) => ReadAsync(s_kept, cancellationToken);

    /// <summary>Reads it anew, since a token was signed with a key that is not in it; not more often than every five seconds.</summary>
    /// <inheritdoc cref="ReadAsync(CancellationToken)"/>
    public Task<OpenIdConnectConfiguration> ReadAnewAsync(CancellationToken cancellationToken) => ReadAsync(s_pause, cancellationToken);

    private Task<OpenIdConnectConfiguration> ReadAsync(TimeSpan kept, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var age = time.GetUtcNow() - _asked;
            if (_reading is null || age >= kept || (_reading.IsCompleted && !_reading.IsCompletedSuccessfully && age >= s_pause))
            {
                _asked = time.GetUtcNow();
                // Whoever goes away does not end it for the others.
                _reading = Task.Run(FetchAsync, CancellationToken.None);
            }

            return _reading.WaitAsync(cancellationToken);
        }
    }

    private async Task<OpenIdConnectConfiguration> FetchAsync()
    {
        try
        {
            var address = options.Issuer.TrimEnd('/') + "/.well-known/openid-configuration";
            // What it leads to is looked at below; by itself it takes https only, also on this machine.
            var found = await OpenIdConnectConfigurationRetriever.GetAsync(address, new HttpDocumentRetriever(http) { RequireHttps = false }, CancellationToken.None);
            if (found.Issuer != options.Issuer) throw new OidcException($"The provider at {options.Issuer} calls itself {found.Issuer}, and its tokens would be refused. Whoever runs this page has to give --oidc-issuer-url as the provider writes it.");
            foreach (var needed in new[] { found.AuthorizationEndpoint, found.TokenEndpoint })
            {
                if (!OidcOptions.IsSafe(needed)) throw new OidcException($"The provider {options.Issuer} names the address \"{needed}\", which is not https. Nothing is sent there. Whoever runs the provider has to mend that.");
            }

            return Known = found;
        }
        catch (Exception unread) when (unread is not OidcException)
        {
            throw new OidcException($"The provider {options.Issuer} does not answer: {(unread.InnerException ?? unread).Message.TrimEnd('.')}. Try again in a moment, or sign in with a token.");
        }
    }
}
