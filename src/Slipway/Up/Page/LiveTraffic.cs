using Slipway.Gateway.Records.History;
using Slipway.Kubernetes.Objects;
using Slipway.Operator.Load;
using Slipway.Web.Deployments;
using Slipway.Web.Deployments.Traffic;

namespace Slipway.Up.Page;

/// <summary>What deployments did, from the history that the gateway keeps in memory.</summary>
/// <param name="history">The history.</param>
/// <param name="load">How busy engines were.</param>
/// <param name="deployments">Says which deployments there are.</param>
internal sealed class LiveTraffic(RequestHistory history, LoadHistory load, IDeployments deployments) : ITrafficHistory
{
    public IReadOnlyList<TrafficStretch>? Read(string space, string name, TimeSpan back, TimeSpan step) =>
        deployments.Find(space, name) is null ? null : [.. history.Read($"{space}/{name}", back, step).Select(Stretch)];

    public IReadOnlyList<LoadStretch> Load(string space, string name, TimeSpan back, TimeSpan step) => deployments.Find(space, name) is null ? [] : [.. load.Read(new NamespacedName(space, name), back, step).Select(static p => new LoadStretch
    {
        Start = p.Start,
        Seconds = p.Length.TotalSeconds,
        Waiting = p.Mean.Waiting,
        PeakWaiting = p.Peak.Waiting,
        CacheUse = p.Mean.CacheUse,
        PeakCacheUse = p.Peak.CacheUse,
        PerHour = p.Mean.PerHour,
        Requests = p.Mean.Requests,
        TokensIn = p.Mean.TokensIn,
        TokensOut = p.Mean.TokensOut,
        FirstToken = p.Mean.FirstToken,
        BetweenTokens = p.Mean.BetweenTokens,
    })];

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
