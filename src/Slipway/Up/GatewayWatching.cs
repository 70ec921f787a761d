using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using Slipway.Gateway.Records;
using Slipway.Gateway.Records.History;

namespace Slipway.Up;

/// <summary>Who is told of the gateway's requests: the history that pages and gates read, and counts for whoever scrapes.</summary>
internal sealed class GatewayWatching : IAsyncDisposable
{
    private readonly GatewayTelemetry _telemetry = new();
    private readonly MeterProvider _metrics;
    private readonly RequestDelegate _answer;

    public GatewayWatching(TimeProvider time)
    {
        (History, Sized) = (new RequestHistory(time), new SizedLatencies(time));
        _metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(ResourceBuilder.CreateDefault().AddService("slipway-gateway", serviceVersion: SlipwayHost.Version).AddEnvironmentVariableDetector())
            .AddMeter(GatewayTelemetry.Name)
            .AddPrometheusExporter(o => o.ScopeInfoEnabled = false)
            .Build();
        _answer = new ApplicationBuilder(new ServiceCollection().BuildServiceProvider()).UseOpenTelemetryPrometheusScrapingEndpoint(_metrics, static _ => true, null, null, null).Build();
    }

    /// <summary>What each deployment did.</summary>
    public RequestHistory History { get; }

    /// <summary>How long answers took by the size of their requests.</summary>
    public SizedLatencies Sized { get; }

    /// <summary>Who is told of each request.</summary>
    public IReadOnlyList<IRequestObserver> Observers => [History, Sized, _telemetry];

    /// <summary>Answers `GET /metrics`.</summary>
    public Task AnswerAsync(HttpContext context) => _answer(context);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _metrics.Dispose();
        _telemetry.Dispose();
        return ValueTask.CompletedTask;
    }
}
