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
using Slipway.Gateway.Keys;
using Slipway.Gateway.Records;
using Slipway.Gateway.Routing;
using Slipway.Gateway.Shadowing;
using Slipway.Gateway.Wire;

namespace Slipway.Gateway;

/// <summary>One OpenAI-compatible address for all models, on loopback.</summary>
public sealed class GatewayServer : IAsyncDisposable
{
    // An engine may think for long before its first token; silence past this is a hang.
    private static readonly TimeSpan s_silence = TimeSpan.FromMinutes(10);

    private readonly WebApplication _app;
    private readonly EngineForwarder _forwarder;

    private GatewayServer(WebApplication app, EngineForwarder forwarder)
    {
        _app = app;
        _forwarder = forwarder;
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        Address = new Uri(addresses.Addresses.First());
    }

    /// <summary>Where the gateway answers.</summary>
    public Uri Address { get; }

    /// <summary>Starts the gateway.</summary>
    /// <param name="options">How it is to be.</param>
    /// <param name="router">The routes, which may change at any time.</param>
    /// <param name="loggers">The logs.</param>
    /// <param name="cancellationToken">Stops starting.</param>
    /// <returns>The running gateway.</returns>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<GatewayServer> StartAsync(GatewayOptions options, Router router, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, options.Port);
            kestrel.AddServerHeader = false;
            // Prompts with images are large; engines have limits of their own.
            kestrel.Limits.MaxRequestBodySize = 256L * 1024 * 1024;
        });
        // No code here blocks: what a connection has to say is dealt with where it was received, and not by another thread that has to be woken first.
        builder.WebHost.UseSockets(static sockets => sockets.UnsafePreferInlineScheduling = true);
        builder.Services.AddSingleton(loggers);
        var app = builder.Build();

        var keys = options.Keys ?? new KeyCheck(null, options.Time);
        var forwarder = new EngineForwarder(options.Time, s_silence);
        var records = new RequestLog(options.Observers, options.Time);
        var inference = new InferenceEndpoint(router, forwarder, records, options.Recorder, new Copier(forwarder, records, options.Time), keys, options.Time, loggers.CreateLogger<InferenceEndpoint>());
        var models = new ModelsEndpoint(router, keys);
        app.Run(context => DispatchAsync(context, inference, models, options.Metrics));

        await app.StartAsync(cancellationToken);
        return new GatewayServer(app, forwarder);
    }

    // By hand: of a request's time here a router for patterns would take a tenth.
    private static Task DispatchAsync(HttpContext context, InferenceEndpoint inference, ModelsEndpoint models, RequestDelegate? metrics)
    {
        var (path, get) = (context.Request.Path, HttpMethods.IsGet(context.Request.Method));
        if (HttpMethods.IsPost(context.Request.Method) && RequestOperations.ByPath.TryGetValue(path.Value!, out var operation)) return inference.InvokeAsync(context, operation);
        if (get && path == "/v1/models") return models.ListAsync(context);
        if (get && path.StartsWithSegments("/v1/models", out var model)) return models.GetAsync(context, model.Value![1..]);
        if (get && metrics is not null && path == "/metrics") return metrics(context);
        if (get && path == "/healthz") return context.Response.WriteAsync("ok");
        return OpenAIError.WriteAsync(
            context, StatusCodes.Status404NotFound, "invalid_request_error", "unknown_url",
            $"There is no {context.Request.Method} {context.Request.Path} here. Try POST /v1/chat/completions, POST /v1/completions, POST /v1/embeddings or GET /v1/models.");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1), TimeProvider.System);
        await _app.StopAsync(patience.Token);
        await _app.DisposeAsync();
        _forwarder.Dispose();
    }
}
