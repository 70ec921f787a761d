using Slipway.Api.ModelDeployments;
using Slipway.Gateway.Records.History;
using Slipway.Kubernetes.Objects;
using Slipway.Operator.Load;
using Slipway.Web.Deployments;
using Slipway.Web.Deployments.Traffic;

namespace Slipway.Up.Page;

/// <summary>What deployments did, from the history that the gateway keeps in memory.</summary>
/// <param name="history">The history.</param>
/// <param name="load">How busy engines were.</param>
/// <param name="prometheus">Remembers for longer; null where there is none.</param>
/// <param name="deployments">Says which deployments there are.</param>
internal sealed class LiveTraffic(RequestHistory history, LoadHistory load, PrometheusHistory? prometheus, IDeployments deployments) : ITrafficHistory
{
    public IReadOnlyList<TrafficStretch>? Read(string space, string name, TimeSpan back, TimeSpan step) =>
        deployments.Find(space, name) is null ? null : [.. history.Read($"{space}/{name}", back, step).Select(Stretch)];

    public IReadOnlyList<LoadStretch> Load(string space, string name, TimeSpan back, TimeSpan step) =>
        deployments.Find(space, name) is null ? [] : [.. load.Read(new NamespacedName(space, name), back, step).Select(Stretch)];

    public bool RemembersMore => prometheus is not null;

    public async Task<IReadOnlyList<LoadStretch>> LongerAsync(string space, string name, TimeSpan back, TimeSpan step, CancellationToken cancellationToken) =>
        prometheus is null || deployments.Find(space, name) is not { } found ? [] : [.. (await prometheus.ReadAsync(new NamespacedName(space, name), ServedModel.Name(found), back, step, cancellationToken)).Select(Stretch)];

    private static LoadStretch Stretch(LoadPoint point) => new()
    {
        Start = point.Start,
        Seconds = point.Length.TotalSeconds,
        Waiting = point.Mean.Waiting,
        PeakWaiting = point.Peak.Waiting,
        CacheUse = point.Mean.CacheUse,
        PeakCacheUse = point.Peak.CacheUse,
        PerHour = point.Mean.PerHour,
        Requests = point.Mean.Requests,
        TokensIn = point.Mean.TokensIn,
        TokensOut = point.Mean.TokensOut,
        FirstToken = point.Mean.FirstToken,
        BetweenTokens = point.Mean.BetweenTokens,
    };

    private static TrafficStretch Stretch(HistoryPoint point) => new()
    {
        Start = point.Start,
        Seconds = point.Length.TotalSeconds,
        Requests = point.Requests,
        Failures = point.Failures,
        ClientsGone = point.ClientsGone,
        TokensIn = point.TokensIn,
        TokensOut = point.TokensOut,
        Uncounted = point.Uncounted,
        Concurrency = point.Concurrency,
        PeakConcurrency = point.PeakConcurrency,
        TimeToFirstToken = Latency(point.TimeToFirstToken),
        InterToken = Latency(point.InterToken),
        Duration = Latency(point.Duration),
    };

    private static TrafficLatency Latency(Latencies all) => all.Count == 0 ? TrafficLatency.None : new(all.Count, all.Quantile(0.5)?.TotalSeconds, all.Quantile(0.9)?.TotalSeconds);
}
