using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Slipway.ApiServer.Pki;

namespace Slipway.ApiServer;

/// <summary>A Kubernetes API in this process: kubectl and any client library work with it unchanged.</summary>
public sealed class EmbeddedApiServer : IAsyncDisposable
{
    private const int MaxHead = 256 * 1024;

    // A stopping server gives running requests this long; watches end at once.
    private static readonly TimeSpan s_drain = TimeSpan.FromSeconds(1);

    private readonly WebApplication _web;
    private readonly ApiServices _services;
    private readonly CertificateStore _certificates;

    private EmbeddedApiServer(WebApplication web, ApiServices services, CertificateStore certificates, Uri address)
    {
        _web = web;
        _services = services;
        _certificates = certificates;
        Address = address;
    }

    /// <summary>Gets the base address, <c>https://127.0.0.1:port</c>.</summary>
    public Uri Address { get; }

    /// <summary>Gets the certificate that clients must trust.</summary>
    public X509Certificate2 CertificateAuthority => _certificates.Authority;

    /// <summary>Gets a client certificate with its private key that may do everything.</summary>
    public X509Certificate2 AdminCertificate => _certificates.Admin;

    /// <summary>
    /// Makes a certificate with its private key by which a client is a certain user, for instance in the test of what a controller may do.
    /// What the user may do is what roles and bindings give to the name and the groups; every user is in "system:authenticated" as well,
    /// and the group "system:masters" may do everything.
    /// </summary>
    /// <param name="user">The user's name, 1 to 64 characters; "system:serviceaccount:namespace:name" acts as that service account.</param>
    /// <param name="groups">The groups of the user.</param>
    /// <param name="lifetime">How long the certificate lasts from now.</param>
    /// <returns>A certificate of the server's authority, kept nowhere: it cannot be revoked, only end. The caller disposes it.</returns>
    /// <exception cref="ArgumentException">The name is empty or too long.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The lifetime is not positive.</exception>
    public X509Certificate2 CreateClientCertificate(string user, IEnumerable<string> groups, TimeSpan lifetime)
    {
        ArgumentException.ThrowIfNullOrEmpty(user);
        ArgumentNullException.ThrowIfNull(groups);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lifetime, TimeSpan.Zero);
        // The bound of the attribute in X.520; some TLS libraries refuse a longer name.
        if (user.Length > 64) throw new ArgumentException("the name of a certificate's owner has at most 64 characters", nameof(user));
        return _certificates.IssueClient(user, groups, lifetime);
    }

    /// <summary>Makes a certificate with its private key by which a client is a certain user for a day.</summary>
    /// <inheritdoc cref="CreateClientCertificate(string, IEnumerable{string}, TimeSpan)"/>
    public X509Certificate2 CreateClientCertificate(string user, params IEnumerable<string> groups) =>
        CreateClientCertificate(user, groups, TimeSpan.FromDays(1));

    /// <summary>Starts a server and writes its kubeconfig.</summary>
    /// <exception cref="ApiServerStartException">The server cannot start; the message says why and what to do.</exception>
    public static async Task<EmbeddedApiServer> StartAsync(ApiServerOptions options, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(loggers);
        CreateDirectory(options);
        // Keys and database take about as long as each other to open, and neither needs the other for it.
        var opening = Task.Run(() => OpenCertificates(options), cancellationToken);
        ApiServices services;
        try
        {
            services = await ApiServices.OpenAsync(options, opening, loggers);
        }
        catch
        {
            await ((Task)opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        WebApplication? web = null;
        try
        {
            var certificates = await opening;
            web = Build(options, loggers, certificates, services);
            await web.StartAsync(cancellationToken);
            var address = new Uri($"https://127.0.0.1:{new Uri(web.Urls.First()).Port}");
            Kubeconfig.Write(options.KubeconfigPath, address, certificates.Authority, certificates.Admin);
            return new(web, services, certificates, address);
        }
        catch (Exception e)
        {
            if (web is not null) await web.DisposeAsync();
            await services.DisposeAsync();
            if (e is IOException { InnerException: AddressInUseException }) throw new PortInUseException(options.Port, e);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _services.StopWatchesAsync();
        using var deadline = new CancellationTokenSource(s_drain, TimeProvider.System);
        await _web.StopAsync(deadline.Token);
        await _web.DisposeAsync();
        await _services.DisposeAsync();
    }

    private static void CreateDirectory(ApiServerOptions options) => Explained(options, () => Directory.CreateDirectory(options.DataDirectory));

    private static CertificateStore OpenCertificates(ApiServerOptions options) =>
        Explained(options, () => CertificateStore.Open(Path.Combine(options.DataDirectory, "pki"), options.Time));

    private static T Explained<T>(ApiServerOptions options, Func<T> open)
    {
        try
        {
            return open();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // ENOSPC in the two forms that .NET reports it in.
            if (e is IOException && (e.HResult & 0xFFFF) is 28 or 112) throw new DiskFullException(options.DataDirectory, e);
            throw new DataDirectoryException(options.DataDirectory, e);
        }
    }

    private static WebApplication Build(ApiServerOptions options, ILoggerFactory loggers, CertificateStore certificates, ApiServices services)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "Slipway.ApiServer" });
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = s_drain);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null; // The body reader answers what is too large with a Status.
            // A selector of many terms is a long address; Kestrel's 8 KiB would refuse with no Status what other servers take.
            kestrel.Limits.MaxRequestLineSize = MaxHead;
            kestrel.Limits.MaxRequestHeadersTotalSize = MaxHead;
            kestrel.Limits.Http2.MaxRequestHeaderFieldSize = MaxHead;
            kestrel.Limits.MinResponseDataRate = null; // A watch may be silent for long.
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.Http2.MaxStreamsPerConnection = 1000;
            kestrel.Limits.Http2.InitialConnectionWindowSize = 1024 * 1024;
            kestrel.Limits.Http2.InitialStreamWindowSize = 512 * 1024;
            kestrel.Listen(IPAddress.Loopback, options.Port, listen =>
            {
                listen.Protocols = HttpProtocols.Http1AndHttp2;
                listen.UseHttps(https =>
                {
                    https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
                    https.ServerCertificate = certificates.Server;
                    https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                    // Who shows what proves nothing gets a 401 that says so, as upstream, not a connection that breaks.
                    https.ClientCertificateValidation = (_, _, _) => true;
                });
            });
        });
        var web = builder.Build();
        web.Run(services.Pipeline.HandleAsync);
        return web;
    }
}
