using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Prometheus;
using Slipway.ApiServer.Kinds;
using Slipway.ApiServer.Requests;
using Slipway.ApiServer.Storage;

namespace Slipway.ApiServer.Metrics;

/// <summary>
/// The counts behind <c>/metrics</c>, in the names, labels and buckets of kube-apiserver's stable metrics
/// (https://kubernetes.io/docs/reference/instrumentation/metrics/), so that its dashboards and alerts work on this server.
/// </summary>
internal sealed class ServerMetrics
{
    private const int MaxSeries = 20_000;
    private static readonly string[] s_labels = ["verb", "group", "version", "resource", "subresource", "scope"];
    private static readonly double[] s_seconds = [0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60];

    private readonly ConcurrentDictionary<(RequestLabels, int), Counter.Child> _counters = new();
    private readonly ConcurrentDictionary<RequestLabels, Histogram.Child> _durations = new();
    private readonly CollectorRegistry _registry = Prometheus.Metrics.NewCustomRegistry();
    private readonly Counter _requests;
    private readonly Histogram _duration;
    private readonly Gauge.Child _reading;
    private readonly Gauge.Child _mutating;
    private readonly Gauge.Child _longRunning;

    public ServerMetrics(ObjectStore store, ResourceRegistry registry)
    {
        var factory = Prometheus.Metrics.WithCustomRegistry(_registry);
        _requests = factory.CreateCounter("apiserver_request_total", "Requests, by what was asked for and the code of the answer.", [.. s_labels, "code"]);
        _duration = factory.CreateHistogram("apiserver_request_duration_seconds", "How long answers took, without watches and logs.", s_labels, new() { Buckets = s_seconds });
        var inflight = factory.CreateGauge("apiserver_current_inflight_requests", "Requests that are being answered.", "request_kind");
        _reading = inflight.WithLabels("readOnly");
        _mutating = inflight.WithLabels("mutating");
        _longRunning = factory.CreateGauge("apiserver_longrunning_requests", "Watches and logs that are open.").WithLabels();
        var objects = factory.CreateGauge("apiserver_resource_objects", "Objects stored.", "group", "resource");
        // DotNetStats knows it by another name than every other exporter.
        var resident = factory.CreateGauge("process_resident_memory_bytes", "Resident memory.");
        DotNetStats.Register(_registry);
        _registry.AddBeforeCollectCallback(() =>
        {
            resident.Set(Environment.WorkingSet);
            foreach (var type in registry.Current.Types) objects.WithLabels(type.Group, type.Plural).Set(store.Bucket(type.BucketName).Current.Objects.Count);
        });
    }

    public async Task ObserveAsync(HttpContext http, Func<HttpContext, Task> answer)
    {
        var began = Stopwatch.GetTimestamp();
        try
        {
            await answer(http);
        }
        finally
        {
            var (labels, gauge) = Forget(http);
            gauge?.Dec();
            Counter(labels, http.Response.StatusCode).Inc();
            if (!labels.LongRunning) Duration(labels).Observe(Stopwatch.GetElapsedTime(began).TotalSeconds);
        }
    }

    /// <summary>Notes what a request turned out to be about.</summary>
    public void Note(ApiRequest request)
    {
        var labels = RequestLabels.Of(request.Http.Request, request);
        var gauge = labels.LongRunning ? _longRunning : labels.Mutating ? _mutating : _reading;
        gauge.Inc();
        request.Http.Features.Set(new Noted(labels, gauge));
    }

    public Task WriteAsync(HttpContext http)
    {
        http.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        return _registry.CollectAndExportAsTextAsync(http.Response.Body, http.RequestAborted);
    }

    private static (RequestLabels, Gauge.Child?) Forget(HttpContext http) =>
        http.Features.Get<Noted>() is { } noted ? (noted.Labels, noted.Gauge) : (RequestLabels.Of(http.Request, null), null);

    // Definitions come and go; a server that lives through very many of them stops telling their requests apart.
    private Counter.Child Counter(RequestLabels labels, int code) => _counters.TryGetValue((labels, code), out var child) ? child
        : _counters.Count >= MaxSeries ? _requests.WithLabels("other", "", "", "", "", "", "")
        : _counters.GetOrAdd((labels, code), k => _requests.WithLabels([.. Values(k.Item1), k.Item2.ToString(CultureInfo.InvariantCulture)]));

    private Histogram.Child Duration(RequestLabels labels) => _durations.TryGetValue(labels, out var child) ? child
        : _durations.Count >= MaxSeries ? _duration.WithLabels("other", "", "", "", "", "")
        : _durations.GetOrAdd(labels, k => _duration.WithLabels(Values(k)));

    private static string[] Values(RequestLabels l) => [l.Verb, l.Group, l.Version, l.Resource, l.Subresource, l.Scope];

    private sealed record Noted(RequestLabels Labels, Gauge.Child Gauge);
}
