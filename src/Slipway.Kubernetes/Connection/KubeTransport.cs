using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Slipway.Kubernetes.Connection;

/// <summary>A way to one Kubernetes API without credentials: connections of many people share it, each with credentials of their own on its requests.</summary>
public sealed class KubeTransport : IDisposable
{
    private readonly Uri _server;
    private readonly SocketsHttpHandler _handler;

    /// <summary>Makes one.</summary>
    /// <param name="server">The server's address.</param>
    /// <param name="authority">The certificate authority of the server.</param>
    public KubeTransport(Uri server, X509Certificate2 authority) => (_server, _handler) = (server, Handler(authority, null));

    /// <summary>Connects over it.</summary>
    /// <param name="around">Handlers on the way to the server, the outermost first; one of them puts the credentials on.</param>
    /// <returns>The connection; its end leaves the way open for others.</returns>
    public KubeConnection Connect(params IEnumerable<DelegatingHandler> around) => KubeConnection.Over(_server, _handler, around, owned: false);

    /// <inheritdoc/>
    public void Dispose() => _handler.Dispose();

    internal static SocketsHttpHandler Handler(X509Certificate2 authority, X509Certificate2? client) => new()
    {
        // Idle watches are normal; a ping tells a silent connection from a dead one.
        KeepAlivePingDelay = TimeSpan.FromMinutes(1),
        EnableMultipleHttp2Connections = true,
        // No cookie of one person may be shown for another.
        UseCookies = false,
        SslOptions = new SslClientAuthenticationOptions
        {
            ClientCertificates = client is null ? [] : [client],
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { authority },
                // The authority is private: it publishes no revocation list.
                RevocationMode = X509RevocationMode.NoCheck,
            },
        },
    };
}
