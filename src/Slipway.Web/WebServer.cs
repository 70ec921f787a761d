using System.Net;
using System.Net.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Slipway.Web.Access;
using Slipway.Web.Access.Oidc;
using Slipway.Web.Assets;
using Slipway.Web.Languages;
using Slipway.Web.Rest;

namespace Slipway.Web;

/// <summary>The web page and the REST API.</summary>
public sealed class WebServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WebServer(WebApplication app, WebAddress where)
    {
        _app = app;
        var bound = new UriBuilder(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        // With a certificate it is for a name; a proxy before it has an address of its own.
        if (where is { Certificate: not null, Hosts: [var name, ..] }) bound.Host = name;
        Address = bound.Uri;
    }

    /// <summary>Where the page is.</summary>
    public Uri Address { get; }

    /// <summary>Starts the page.</summary>
    /// <param name="where">Where it is to be.</param>
    /// <param name="options">What the page knows about this Slipway.</param>
    /// <param name="sources">Where what it shows is from; null where people sign in, each with theirs.</param>
    /// <param name="access">How people sign in; null where whoever comes is the one who started the program, which is on loopback only.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">The logs.</param>
    /// <param name="cancellationToken">Stops starting.</param>
    /// <returns>The running page.</returns>
    /// <exception cref="ArgumentException">It would be open to others without a sign-in, or without TLS.</exception>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<WebServer> StartAsync(
        WebAddress where, PageOptions options, PageSources? sources, AccessOptions? access, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(where);
        if (!IPAddress.IsLoopback(where.Address) && (access is null || where.Certificate is null)) throw new ArgumentException("A page that others reach needs a sign-in and a certificate.", nameof(where));
        if (where.Hosts.Count > 0 && access is null) throw new ArgumentException("A page that has a name needs a sign-in, since others may reach it by that.", nameof(where));
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(where.Address, where.Port, listen =>
            {
                if (where.Certificate is { } certificate) listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => new(new SslServerAuthenticationOptions { ServerCertificateContext = certificate.Context }) });
            });
            kestrel.AddServerHeader = false;
        });
        if (where.Certificate is { } followed)
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
            builder.Services.AddHostedService(services => new CertificateFollower(followed, time, services.GetRequiredService<ILoggerFactory>().CreateLogger<CertificateFollower>()));
        }

        builder.Services.AddSingleton(loggers).AddSingleton(time).AddSingleton(options);
        if (access is null) builder.Services.AddOpenPage(sources ?? throw new ArgumentNullException(nameof(sources)), options);
        else builder.Services.AddGuardedPage(access, options);
        builder.Services.AddRazorComponents().AddInteractiveServerComponents()
            // A circuit begins with the state that the page was drawn from, and a manifest that is edited comes as a whole: more than the usual 32 KiB.
            .AddHubOptions(static o => o.MaximumReceiveMessageSize = 512 * 1024);
        builder.Services.AddAntiforgery(static o => (o.Cookie.Name, o.Cookie.SecurePolicy) = ("slipway-form", CookieSecurePolicy.SameAsRequest));
        // Keys in memory: what they protect, circuits and forms, does not outlive the process either.
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        // Its start-up reads the ring of keys on disk even so: it makes one in the user's home, unencrypted, and warns of it, for nobody.
        builder.Services.Remove(builder.Services.Single(static d => d.ImplementationType?.Name == "DataProtectionHostedService"));
        builder.Services.AddResponseCompression(static o =>
        {
            o.Providers.Add<BrotliCompressionProvider>();
            o.Providers.Add<GzipCompressionProvider>();
            // Assets are compressed once and for all; answers of the REST API are small. Over TLS nothing that holds secrets is (BREACH), as is the default.
            o.MimeTypes = ["text/html"];
        });

        var app = builder.Build();
        app.Use(new SameOrigin(where.Hosts).CheckAsync);
        app.UseResponseCompression();
        app.Use(LanguageChoice.AnswerAsync);
        var house = app.Services.GetService<Gatehouse>();
        var provider = app.Services.GetService<OidcProvider>();
        if (house is not null) app.Use(new Doorman(house, time, provider).CheckAsync);
        // Answers that say themselves what is not there, as those of the REST API, stay as they are.
        app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
        // Nor is there such a page for whoever has not signed in.
        if (house is not null) app.Use(Doorman.WithoutPages);
        app.UseAntiforgery();
        app.MapGet(AssetCatalogue.Root + "{name}", static (HttpRequest request, string name) => AssetCatalogue.Bundled.Serve(name, request));
        app.MapRest();
        if (house is not null) app.MapSignIn(house, provider);
        app.Services.GetService<OidcSignIn>()?.Map(app);
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(static o => o.ContentSecurityFrameAncestorsPolicy = null);
        await app.StartAsync(cancellationToken);
        return new WebServer(app, where);
    }

    /// <summary>The paths that it answers.</summary>
    internal IEnumerable<string> Routes => ((IEndpointRouteBuilder)_app).DataSources.SelectMany(static s => s.Endpoints).OfType<RouteEndpoint>().Select(static e => e.RoutePattern.RawText!);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Circuits never end by themselves.
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        await _app.StopAsync(patience.Token);
        await _app.DisposeAsync();
    }
}
