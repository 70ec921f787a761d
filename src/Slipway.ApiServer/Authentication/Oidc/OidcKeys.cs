using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Slipway.ApiServer.Authentication.Oidc;

/// <summary>
/// The keys that a provider signs with, read when the first token comes: one that is down keeps no server from starting. They are read
/// anew every hour, so that one that was taken back is of no use for long, and when a token names one that is not known.
/// </summary>
internal sealed partial class OidcKeys : IDisposable
{
    private static readonly TimeSpan s_kept = TimeSpan.FromHours(1);
    // Whoever makes up keys makes no more requests to the provider by that.
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(10);

    private readonly OidcIssuer _issuer;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly HttpClient _http;
    private readonly Lock _lock = new();
    private Task<IReadOnlyCollection<SecurityKey>?> _reading = Task.FromResult<IReadOnlyCollection<SecurityKey>?>(null);
    private DateTimeOffset _asked = DateTimeOffset.MinValue;
    private IReadOnlyCollection<SecurityKey>? _known;

    public OidcKeys(OidcIssuer issuer, TimeProvider time, ILogger log)
    {
        (_issuer, _time, _log) = (issuer, time, log);
        var handler = new SocketsHttpHandler { UseCookies = false };
        if (issuer.Authorities.Count > 0)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(issuer.Authorities);
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
        }

        _http = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(10) };
    }

    /// <summary>The keys; null when the provider has never told them.</summary>
    public Task<IReadOnlyCollection<SecurityKey>?> ReadAsync() => ReadAsync(s_kept);

    /// <summary>The keys, read anew unless that was just done.</summary>
    public Task<IReadOnlyCollection<SecurityKey>?> ReadAnewAsync() => ReadAsync(s_pause);

    public void Dispose() => _http.Dispose();

    private Task<IReadOnlyCollection<SecurityKey>?> ReadAsync(TimeSpan kept)
    {
        lock (_lock)
        {
            var age = _time.GetUtcNow() - _asked;
            if (_reading.IsCompleted && (age >= kept || (_known is null && age >= s_pause)))
            {
                _asked = _time.GetUtcNow();
                _reading = Task.Run(FetchAsync);
            }

            return _reading;
        }
    }

    private async Task<IReadOnlyCollection<SecurityKey>?> FetchAsync()
    {
        try
        {
            var documents = new HttpDocumentRetriever(_http) { RequireHttps = false };
            var found = await OpenIdConnectConfigurationRetriever.GetAsync(_issuer.IssuerUrl.TrimEnd('/') + "/.well-known/openid-configuration", documents, CancellationToken.None);
            if (found.Issuer == _issuer.IssuerUrl) return _known = [.. found.SigningKeys];
            LogUnread(_log, _issuer.IssuerUrl, $"it calls itself {found.Issuer}, which --oidc-issuer-url has to be");
        }
        catch (Exception unread)
        {
            LogUnread(_log, _issuer.IssuerUrl, (unread.InnerException ?? unread).Message);
        }

        // Those from before are better than none: a provider that is down for a while signs nobody out.
        return _known;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The keys of the OpenID provider {Issuer} cannot be read: {Why}")]
    private static partial void LogUnread(ILogger logger, string issuer, string why);
}
