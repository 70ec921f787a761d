using System.Net;
using System.Security.Cryptography.X509Certificates;
using k8s;
using k8s.Exceptions;

namespace Slipway.Kubernetes.Connection;

/// <summary>An authenticated way to one Kubernetes API.</summary>
public sealed class KubeConnection : IDisposable
{
    private readonly IDisposable _owner;

    private KubeConnection(HttpClient http, IDisposable owner, string? defaultNamespace)
    {
        Http = http;
        _owner = owner;
        DefaultNamespace = string.IsNullOrEmpty(defaultNamespace) ? "default" : defaultNamespace;
    }

    /// <summary>The client, with the server as its base address.</summary>
    public HttpClient Http { get; }

    /// <summary>The namespace that commands use when none is given.</summary>
    public string DefaultNamespace { get; }

    /// <summary>Connects with a client certificate to a server that a known authority vouches for.</summary>
    /// <param name="server">The server's address.</param>
    /// <param name="authority">The certificate authority of the server.</param>
    /// <param name="client">The client's certificate, with its key.</param>
    /// <returns>The connection.</returns>
    public static KubeConnection WithCertificate(Uri server, X509Certificate2 authority, X509Certificate2 client)
    {
        ArgumentNullException.ThrowIfNull(server);
        return Over(server, KubeTransport.Handler(authority, client), []);
    }

    /// <summary>Connects over a handler that is the connection's own from now on.</summary>
    internal static KubeConnection Over(Uri server, HttpMessageHandler handler, IEnumerable<DelegatingHandler> around, bool owned = true)
    {
        HttpMessageHandler outermost = new RetryAfterHandler(TimeProvider.System) { InnerHandler = handler };
        foreach (var next in around.Reverse())
        {
            next.InnerHandler = outermost;
            outermost = next;
        }

        var http = new HttpClient(outermost, owned)
        {
            BaseAddress = server,
            DefaultRequestVersion = HttpVersion.Version20,
            Timeout = Timeout.InfiniteTimeSpan,
        };
        return new KubeConnection(http, http, null);
    }

    /// <summary>Connects as a kubeconfig says, all its ways of authenticating included.</summary>
    /// <param name="path">The kubeconfig; `KUBECONFIG` or ~/.kube/config when absent.</param>
    /// <param name="context">The context; the current one when absent.</param>
    /// <param name="time">The clock by which a server that asks for a while is left alone; the system's when absent.</param>
    /// <param name="around">Handlers of the caller's on the way to the server, to count or to disturb, the outermost first.</param>
    /// <returns>The connection.</returns>
    /// <exception cref="InvalidDataException">The kubeconfig, or its context, is missing or makes no sense.</exception>
    public static KubeConnection FromKubeconfig(string? path = null, string? context = null, TimeProvider? time = null, params DelegatingHandler[] around)
    {
        return From(Configuration(path, context), time ?? TimeProvider.System, around);
    }

    /// <summary>Reads a kubeconfig.</summary>
    /// <exception cref="InvalidDataException">It, or its context, is missing or makes no sense.</exception>
    internal static KubernetesClientConfiguration Configuration(string? path, string? context)
    {
        try
        {
            return KubernetesClientConfiguration.BuildConfigFromConfigFile(path ?? Listed(context), context);
        }
        catch (Exception wrong) when (wrong is KubeConfigException or YamlDotNet.Core.YamlException or FormatException)
        {
            throw new InvalidDataException($"The kubeconfig{(path is null ? "" : $" {path}")} cannot be used: {wrong.Message}", wrong);
        }
    }

    // KUBECONFIG is a list like PATH, of which files that are not there do not count; the library's default location ignores it. Of several files the
    // first with the context counts, or with a current one: kubectl would also take a context from one and its cluster from another.
    private static string? Listed(string? context)
    {
        var files = (Environment.GetEnvironmentVariable("KUBECONFIG") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(File.Exists).ToList();
        return files.Count <= 1 ? files.FirstOrDefault() : files.Find(f => KubernetesClientConfiguration.LoadKubeConfig(f) is var config
            && (context is null ? !string.IsNullOrEmpty(config.CurrentContext) : config.Contexts?.Any(c => c.Name == context) == true)) ?? files[0];
    }

    /// <summary>Whether this process runs in a pod that may speak to its cluster's API.</summary>
    public static bool IsInCluster => KubernetesClientConfiguration.IsInCluster();

    /// <summary>Connects as the ServiceAccount of the pod that this process runs in; its token is read again as it is rotated.</summary>
    /// <returns>The connection; its default namespace is the pod's.</returns>
    public static KubeConnection InCluster() => From(KubernetesClientConfiguration.InClusterConfig(), TimeProvider.System, []);

    private static KubeConnection From(KubernetesClientConfiguration config, TimeProvider time, DelegatingHandler[] around)
    {
        List<DelegatingHandler> handlers = [new RetryAfterHandler(time)];
        // The library sets tokens on the requests of its own methods only, not on those of its HttpClient.
        if (k8s.Kubernetes.CreateCredentials(config) is { } credentials) handlers.Add(new CredentialsHandler(credentials));
        // The library makes the first the outermost.
        var kubernetes = new k8s.Kubernetes(config, [.. handlers, .. around]);
        kubernetes.HttpClient.BaseAddress ??= kubernetes.BaseUri;
        kubernetes.HttpClient.Timeout = Timeout.InfiniteTimeSpan;
        // One connection for all watches, where the server speaks HTTP/2 as kube-apiserver does.
        kubernetes.HttpClient.DefaultRequestVersion = HttpVersion.Version20;
        return new KubeConnection(kubernetes.HttpClient, kubernetes, config.Namespace);
    }

    /// <inheritdoc/>
    public void Dispose() => _owner.Dispose();
}
