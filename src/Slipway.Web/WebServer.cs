using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Slipway.Web.Assets;
using Slipway.Web.Deployments;
using Slipway.Web.Deployments.Logs;
using Slipway.Web.Deployments.Traffic;
using Slipway.Web.Discover;
using Slipway.Web.Playground;
using Slipway.Web.Rest;
using Slipway.Web.Rollouts;

namespace Slipway.Web;

/// <summary>The web page and the REST API, on loopback.</summary>
public sealed class WebServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WebServer(WebApplication app)
    {
        _app = app;
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    /// <summary>Where the page is.</summary>
    public Uri Address { get; }

    /// <summary>Starts the page.</summary>
    /// <param name="port">The port; 0 for a free one.</param>
    /// <param name="options">What the page knows about this Slipway.</param>
    /// <param name="deployments">The deployments.</param>
    /// <param name="logs">What their engines write.</param>
    /// <param name="traffic">What the deployments did.</param>
    /// <param name="rollouts">The rollouts.</param>
    /// <param name="shelf">The models of this machine.</param>
    /// <param name="answers">What the page and the REST API say.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">The logs.</param>
    /// <param name="cancellationToken">Stops starting.</param>
    /// <returns>The running page.</returns>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<WebServer> StartAsync(
        int port, PageOptions options, IDeployments deployments, IEngineLogs logs, ITrafficHistory traffic, IRollouts rollouts, IModelShelf shelf, IAnswers answers, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, port);
            kestrel.AddServerHeader = false;
        });
        builder.Services.AddSingleton(loggers).AddSingleton(time).AddSingleton(options).AddSingleton(deployments).AddSingleton(logs).AddSingleton(traffic).AddSingleton(rollouts).AddSingleton(shelf).AddSingleton(answers);
        builder.Services.AddSingleton<NumbersReader>();
        builder.Services.AddSingleton(services => new ChatStream(options.Gateway, time) { Key = options.GatewayKey });
        builder.Services.AddRazorComponents().AddInteractiveServerComponents()
            // A circuit begins with the state that the page was drawn from, and a manifest that is edited comes as a whole: more than the usual 32 KiB.
            .AddHubOptions(static o => o.MaximumReceiveMessageSize = 512 * 1024);
        // Keys in memory: what they protect, circuits and forms, does not outlive the process either.
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        // Its start-up reads the ring of keys on disk even so: it makes one in the user's home, unencrypted, and warns of it, for nobody.
        builder.Services.Remove(builder.Services.Single(static d => d.ImplementationType?.Name == "DataProtectionHostedService"));
        builder.Services.AddResponseCompression(static o =>
        {
            o.Providers.Add<BrotliCompressionProvider>();
            o.Providers.Add<GzipCompressionProvider>();
            // Assets are compressed once and for all; answers of the REST API are small.
            o.MimeTypes = ["text/html"];
        });

        var app = builder.Build();
        app.Use(SameOrigin.CheckAsync);
        app.UseResponseCompression();
        // Answers that say themselves what is not there, as those of the REST API, stay as they are.
        app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
        app.UseAntiforgery();
        app.MapGet(AssetCatalogue.Root + "{name}", static (HttpRequest request, string name) => AssetCatalogue.Bundled.Serve(name, request));
        app.MapRest(answers, traffic);
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(static o => o.ContentSecurityFrameAncestorsPolicy = null);
        await app.StartAsync(cancellationToken);
        return new WebServer(app);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Circuits never end by themselves.
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        await _app.StopAsync(patience.Token);
        await _app.DisposeAsync();
    }
}
