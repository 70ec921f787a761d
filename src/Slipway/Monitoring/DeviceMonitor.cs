using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Slipway.Capacity.Inventory.Watched;
using Slipway.Kubernetes.Connection;
using Slipway.Operator.Devices;

namespace Slipway.Monitoring;

/// <summary>Looks at the devices of its node again and again, counts them for whoever scrapes, and writes once a minute what it saw.</summary>
internal sealed class DeviceMonitor : IDisposable
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Slipway.Devices";

    /// <summary>How often it looks.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    private const int LooksOfAReport = 6;

    // Five minutes.
    private const int LooksThatCount = 30;

    private readonly Meter _meter = new(MeterName);
    private readonly BusyWindow _window = new(LooksThatCount);
    private readonly IDeviceReader _reader;
    private readonly KubeClient _client;
    private readonly string _namespace, _node;
    private readonly TimeProvider _time;
    private ImmutableArray<DeviceReading> _last = [];

    /// <param name="reader">Reads the devices; the caller's own.</param>
    /// <param name="client">The API.</param>
    /// <param name="ns">Where reports are written.</param>
    /// <param name="node">The node.</param>
    /// <param name="time">The clock.</param>
    public DeviceMonitor(IDeviceReader reader, KubeClient client, string ns, string node, TimeProvider time)
    {
        (_reader, _client, _namespace, _node, _time) = (reader, client, ns, node, time);
        _meter.CreateObservableGauge("slipway.device.busy", () => Measure(static d => d.Busy), "1", "The share of the last five minutes in which the device computed");
        _meter.CreateObservableGauge("slipway.device.memory.used", () => Measure(static d => d.UsedMemoryBytes), "By", "Memory of the device that is in use");
        _meter.CreateObservableGauge("slipway.device.memory", () => Measure(static d => d.MemoryBytes), "By", "Memory of the device");
        _meter.CreateObservableGauge("slipway.device.broken", () => Measure(static d => d.Broken is null ? 0 : 1), null, "1 for a device that must not be used");
    }

    /// <summary>Raised with why a report could not be written.</summary>
    public event Action<string>? Failed;

    /// <summary>Looks until it is stopped.</summary>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var clock = new PeriodicTimer(Every, _time);
        for (var look = 0; ; look++)
        {
            var report = Look();
            if (look % LooksOfAReport == 0) await WriteAsync(report, cancellationToken);
            await clock.WaitForNextTickAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private NodeReport Look()
    {
        var (devices, unread) = _reader.Read();
        _last = [.. _window.Add(devices)];
        return new NodeReport(_node, _time.GetUtcNow(), _last, unread);
    }

    private async Task WriteAsync(NodeReport report, CancellationToken cancellationToken)
    {
        try
        {
            await DeviceReports.WriteAsync(_client, _namespace, report, cancellationToken);
        }
        catch (Exception unwritten) when (unwritten is KubeApiException or HttpRequestException)
        {
            // The next one says the same, and newer.
            Failed?.Invoke(unwritten.Message);
        }
    }

    private IEnumerable<Measurement<double>> Measure(Func<DeviceReading, double?> of) =>
        _last.Where(d => of(d) is not null).Select(d => new Measurement<double>(of(d)!.Value, new("node", _node), new("device", d.Id), new("name", d.Name ?? "")));
}
