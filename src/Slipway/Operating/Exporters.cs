using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Slipway.Kubernetes.Controllers;
using Slipway.Operator.Telemetry;
using Slipway.Up;

namespace Slipway.Operating;

/// <summary>Gives what is counted to whoever scrapes, and traces and counts to where OpenTelemetry's own variables say.</summary>
internal sealed class Exporters : IDisposable
{
    // From a write of a few milliseconds to weights that take an hour.
    private static readonly double[] s_seconds = [0.005, 0.02, 0.1, 0.5, 1, 5, 15, 60, 300, 900, 1800, 3600];

    private readonly TracerProvider? _traces;

    private Exporters(bool pushes)
    {
        var resource = ResourceBuilder.CreateDefault().AddService("slipway-operator", serviceVersion: SlipwayHost.Version).AddEnvironmentVariableDetector();
        var metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource)
            .AddMeter(OperatorTelemetry.Name, Controller.MeterName, "System.Runtime")
            .AddView(i => i.Unit == "s" && i.Meter.Name.StartsWith("Slipway", StringComparison.Ordinal) ? new ExplicitBucketHistogramConfiguration { Boundaries = s_seconds } : null)
            .AddPrometheusExporter(o => o.ScopeInfoEnabled = false);
        if (pushes)
        {
            metrics.AddOtlpExporter();
            _traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(OperatorTelemetry.Name, "System.Net.Http").AddOtlpExporter().Build();
        }

        Metrics = metrics.Build();
    }

    /// <summary>What is counted.</summary>
    public MeterProvider Metrics { get; }

    public static Exporters Start() => new(Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT") is { Length: > 0 });

    public void Dispose()
    {
        Metrics.Dispose();
        _traces?.Dispose();
    }
}
