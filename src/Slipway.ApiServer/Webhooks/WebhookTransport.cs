using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Slipway.ApiServer.Webhooks;

/// <summary>Connections to one webhook: its authorities and no other, no proxy, no redirect, and the addresses of a service.</summary>
internal static class WebhookTransport
{
    public static SocketsHttpHandler Open(WebhookTarget target, ServiceEndpoints services)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            MaxResponseHeadersLength = 64,
        };
        handler.SslOptions.EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, chain, errors) => Judge(certificate as X509Certificate2, chain, errors);
        if (Authorities(target.CaBundle) is { } authorities)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(authorities);
            handler.SslOptions.CertificateChainPolicy = policy;
        }

        if (target.Service is { } service) handler.ConnectCallback = (_, cancellationToken) => ConnectAsync(services, service, cancellationToken);
        return handler;
    }

    private static bool Judge(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors is SslPolicyErrors.None) return true;
        // What the callback throws ends up in the failure of the request, which a bare false would not explain.
        var why = errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable) ? "the server shows no certificate"
            : errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) ? $"certificate of {certificate?.Subject} is not valid for the name that was asked for"
            : chain?.ChainStatus.Any(s => s.Status is X509ChainStatusFlags.NotTimeValid) == true ? "certificate has expired or is not yet valid"
            : "certificate signed by unknown authority";
        throw new AuthenticationException("tls: failed to verify certificate: x509: " + why);
    }

    private static X509Certificate2Collection? Authorities(string bundle)
    {
        if (bundle.Length == 0) return null;
        var authorities = new X509Certificate2Collection();
        try
        {
            var pem = Encoding.UTF8.GetString(Convert.FromBase64String(bundle));
            if (string.IsNullOrWhiteSpace(pem)) return null;
            authorities.ImportFromPem(pem);
        }
        catch (Exception e) when (e is FormatException or CryptographicException)
        {
            // An unreadable bundle trusts nobody: each call then says that the authority is unknown.
        }

        return authorities;
    }

    private static async ValueTask<Stream> ConnectAsync(ServiceEndpoints services, WebhookService service, CancellationToken cancellationToken)
    {
        var (host, port) = services.Resolve(service);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(host, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
