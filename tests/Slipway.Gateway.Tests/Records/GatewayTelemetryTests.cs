using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Slipway.Gateway.Records;

namespace Slipway.Gateway.Tests.Records;

public sealed class GatewayTelemetryTests
{
    [Fact]
    public void The_number_of_series_has_a_bound_and_totals_stay()
    {
        using var telemetry = new GatewayTelemetry(mostDeployments: 10);
        var seen = new ConcurrentDictionary<string, long>(StringComparer.Ordinal);
        var active = 0L;
        using var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listening) =>
            {
                if (instrument.Meter.Name == GatewayTelemetry.Name) listening.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => seen.AddOrUpdate($"{instrument.Name} {Join(tags)}", 1, static (_, n) => n + 1));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            if (instrument.Name.EndsWith("active_requests", StringComparison.Ordinal)) active += value;
            else seen.AddOrUpdate($"{instrument.Name} {Join(tags)}", 1, static (_, n) => n + 1);
        });
        listener.Start();
        for (var i = 0; i < 1000; i++)
        {
            telemetry.Began($"ns/{i}", DateTimeOffset.UnixEpoch);
            telemetry.Ended(new RequestRecord
            {
                Started = DateTimeOffset.UnixEpoch,
                Duration = TimeSpan.FromSeconds(1),
                Operation = RequestOperation.Chat,
                Outcome = i % 2 == 0 ? RequestOutcome.Ok : RequestOutcome.EngineError,
                Status = 200,
                Deployment = $"ns/{i}",
                TokensIn = 4,
            });
        }

        // Ten names and the rest; twice, where it ended well and where not.
        var durations = seen.Where(static s => s.Key.StartsWith("gen_ai.server.request.duration", StringComparison.Ordinal)).ToList();
        Assert.Equal((12, 1000), (durations.Count, durations.Sum(static d => d.Value)));
        Assert.Contains("gen_ai.client.token.usage gen_ai.operation.name=chat,slipway.deployment=other,gen_ai.token.type=input", seen.Keys);
        Assert.Equal(0, active);
    }

    private static string Join(ReadOnlySpan<KeyValuePair<string, object?>> tags) => string.Join(",", tags.ToArray().Select(static t => $"{t.Key}={t.Value}"));
}
