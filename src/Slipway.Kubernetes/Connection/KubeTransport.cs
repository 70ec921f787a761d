using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using k8s;

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

    private KubeTransport(KubernetesClientConfiguration config)
    {
        _server = new Uri(config.Host);
        _handler = Handler(config.SslCaCerts, null);
        if (config.SkipTlsVerify) throw new InvalidDataException("The kubeconfig says insecure-skip-tls-verify: people's tokens are sent to a server that proves who it is, and to no other. Give it certificate-authority-data.");
    }

    /// <summary>A way to the API of the pod that this process runs in.</summary>
    public static KubeTransport InCluster() => new(KubernetesClientConfiguration.InClusterConfig());

    /// <summary>A way to the API of a kubeconfig, without its credentials.</summary>
    /// <param name="path">The kubeconfig; `KUBECONFIG` or ~/.kube/config when absent.</param>
    /// <param name="context">The context; the current one when absent.</param>
    /// <exception cref="InvalidDataException">The kubeconfig, or its context, is missing or makes no sense, or the server would not have to prove who it is.</exception>
    public static KubeTransport FromKubeconfig(string? path = null, string? context = null) => new(KubeConnection.Configuration(path, context));

    /// <summary>Connects over it.</summary>
    /// <param name="around">Handlers on the way to the server, the outermost first; one of them puts the credentials on.</param>
    /// <returns>The connection; its end leaves the way open for others.</returns>
    public KubeConnection Connect(params IEnumerable<DelegatingHandler> around) => KubeConnection.Over(_server, _handler, around, owned: false);

    /// <inheritdoc/>
    public void Dispose() => _handler.Dispose();

    internal static SocketsHttpHandler Handler(X509Certificate2 authority, X509Certificate2? client) => Handler([authority], client);

    // Without authorities of its own a server is vouched for as every site is.
    private static SocketsHttpHandler Handler(X509Certificate2Collection? authorities, X509Certificate2? client) => new()
    {
        // Idle watches are normal; a ping tells a silent connection from a dead one.
        KeepAlivePingDelay = TimeSpan.FromMinutes(1),
        EnableMultipleHttp2Connections = true,
        // No cookie of one person may be shown for another.
        UseCookies = false,
        SslOptions = new SslClientAuthenticationOptions
        {
            ClientCertificates = client is null ? [] : [client],
            CertificateChainPolicy = authorities is { Count: > 0 } ? Own(authorities) : null,
        },
    };

    private static X509ChainPolicy Own(X509Certificate2Collection authorities)
    {
        // An authority that is private publishes no revocation list.
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }
}
