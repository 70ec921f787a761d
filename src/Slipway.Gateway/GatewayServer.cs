using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Slipway.Gateway.Errors;
using Slipway.Gateway.Forwarding;
using Slipway.Gateway.Routing;

namespace Slipway.Gateway;

/// <summary>One OpenAI-compatible address for all models, on loopback.</summary>
public sealed class GatewayServer : IAsyncDisposable
{
    // Paths of OpenAI's API, and those that llama-server, vLLM and SGLang add in its manner, whose body names the model.
    private static readonly string[] s_paths =
    [
        "/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/v1/responses", "/v1/messages", "/v1/rerank", "/v1/reranking",
    ];

    private readonly WebApplication _app;
    private readonly HttpMessageInvoker _invoker;

    private GatewayServer(WebApplication app, HttpMessageInvoker invoker)
    {
        _app = app;
        _invoker = invoker;
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        Address = new Uri(addresses.Addresses.First());
    }

    /// <summary>Where the gateway answers.</summary>
    public Uri Address { get; }

    /// <summary>Starts the gateway.</summary>
    /// <param name="port">The port; 0 for a free one.</param>
    /// <param name="router">The routes, which may change at any time.</param>
    /// <param name="loggers">The logs.</param>
    /// <param name="cancellationToken">Stops starting.</param>
    /// <returns>The running gateway.</returns>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<GatewayServer> StartAsync(int port, Router router, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, port);
            kestrel.AddServerHeader = false;
            // Prompts with images are large; engines have limits of their own.
            kestrel.Limits.MaxRequestBodySize = 256L * 1024 * 1024;
        });
        builder.Services.AddSingleton(loggers);
        builder.Services.AddHttpForwarder();
        builder.Services.AddSingleton(router);
        var app = builder.Build();

        var invoker = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            // An engine on this machine or in this cluster accepts at once or not at all.
            ConnectTimeout = TimeSpan.FromSeconds(5),
        });
        var inference = ActivatorUtilities.CreateInstance<InferenceEndpoint>(app.Services, invoker);
        var models = new ModelsEndpoint(router);
        foreach (var path in s_paths) app.MapPost(path, inference.InvokeAsync);
        app.MapGet("/v1/models", models.ListAsync);
        app.MapGet("/v1/models/{**model}", (HttpContext context) => models.GetAsync(context, (string)context.Request.RouteValues["model"]!));
        app.MapGet("/healthz", static (HttpContext context) => context.Response.WriteAsync("ok"));
        app.MapFallback(static context => OpenAIError.WriteAsync(
            context, StatusCodes.Status404NotFound, "invalid_request_error", "unknown_url",
            $"There is no {context.Request.Method} {context.Request.Path} here. Try POST /v1/chat/completions, POST /v1/completions, POST /v1/embeddings or GET /v1/models."));

        await app.StartAsync(cancellationToken);
        return new GatewayServer(app, invoker);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1), TimeProvider.System);
        await _app.StopAsync(patience.Token);
        await _app.DisposeAsync();
        _invoker.Dispose();
    }
}
