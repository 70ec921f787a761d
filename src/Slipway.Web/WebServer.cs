using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Slipway.Api.ModelDeployments;
using Slipway.Kubernetes.Watching;
using Slipway.Web.Rest;

namespace Slipway.Web;

/// <summary>The web page and the REST API, on loopback.</summary>
public sealed class WebServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _gateway;

    private WebServer(WebApplication app, HttpClient gateway)
    {
        _app = app;
        _gateway = gateway;
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    /// <summary>Where the page is.</summary>
    public Uri Address { get; }

    /// <summary>Starts the page.</summary>
    /// <param name="port">The port; 0 for a free one.</param>
    /// <param name="deployments">The deployments, kept at hand.</param>
    /// <param name="gateway">The gateway's address, for the chat.</param>
    /// <param name="answers">What the REST API says.</param>
    /// <param name="loggers">The logs.</param>
    /// <param name="cancellationToken">Stops starting.</param>
    /// <returns>The running page.</returns>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<WebServer> StartAsync(
        int port, Informer<ModelDeployment> deployments, Uri gateway, IAnswers answers, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, port);
            kestrel.AddServerHeader = false;
        });
        builder.Services.AddSingleton(loggers);
        builder.Services.AddScoped<HtmlRenderer>();
        var app = builder.Build();
        app.Use(SameOrigin.CheckAsync);

        var http = new HttpClient { BaseAddress = gateway, Timeout = Timeout.InfiniteTimeSpan };
        app.MapGet("/", async (HtmlRenderer renderer) => Results.Content(await new LiveList(deployments, renderer).PageAsync(gateway), "text/html"));
        app.MapGet("/live", (HttpContext context, HtmlRenderer renderer) => new LiveList(deployments, renderer).StreamAsync(context));
        app.MapPost("/chat", (HttpContext context) => ChatAsync(context, http));
        app.MapGet("/assets/{name}", Asset);
        app.MapRest(answers);
        await app.StartAsync(cancellationToken);
        return new WebServer(app, http);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Live lists never end by themselves.
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        await _app.StopAsync(patience.Token);
        await _app.DisposeAsync();
        _gateway.Dispose();
    }

    private static IResult Asset(string name) => typeof(WebServer).Assembly.GetManifestResourceStream($"assets/{name}") is { } asset
        ? Results.Stream(asset, Path.GetExtension(name) == ".css" ? "text/css" : "text/javascript")
        : Results.NotFound();

    // Through the page's own address, so that the browser needs no permission to ask another one.
    private static async Task ChatAsync(HttpContext context, HttpClient gateway)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/chat/completions") { Content = new StreamContent(context.Request.Body) };
        request.Content.Headers.ContentType = new("application/json");
        using var response = await gateway.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        context.Response.ContentType = response.Content.Headers.ContentType?.ToString();
        await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
