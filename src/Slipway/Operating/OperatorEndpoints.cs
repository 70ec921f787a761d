using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using OpenTelemetry.Metrics;
using Slipway.Commands;

namespace Slipway.Operating;

/// <summary>`/healthz`, `/readyz` and `/metrics` of the operator.</summary>
internal sealed class OperatorEndpoints : IAsyncDisposable
{
    private readonly WebApplication _app;
    private string _state = "starting";

    private OperatorEndpoints(WebApplication app, MeterProvider metrics)
    {
        _app = app;
        app.MapGet("/healthz", () => Results.Text("ok\n"));
        // One that waits for the lease is ready too: it is there to take over, and an update must not wait for it to work.
        app.MapGet("/readyz", () => Results.Text($"ok: {_state}\n"));
        app.MapPrometheusScrapingEndpoint("/metrics", metrics, null, null);
    }

    /// <summary>Where they answer.</summary>
    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <exception cref="CommandFailure">The address is taken.</exception>
    public static async Task<OperatorEndpoints> StartAsync(Uri listen, MeterProvider metrics, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSingleton(loggers);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.WebHost.UseUrls(listen.ToString());
        var endpoints = new OperatorEndpoints(builder.Build(), metrics);
        try
        {
            await endpoints._app.StartAsync(cancellationToken);
            return endpoints;
        }
        catch (IOException taken)
        {
            await endpoints.DisposeAsync();
            throw new CommandFailure(ExitCodes.Failed, $"Cannot listen on {listen}: {taken.Message} Choose another with --listen.");
        }
    }

    /// <summary>Notes what the operator does now.</summary>
    public void Ready(string state) => Volatile.Write(ref _state, state);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
