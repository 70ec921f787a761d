using Slipway.Web.Deployments.Traffic;

namespace Slipway.Web.Access.Seen;

/// <summary>What deployments did, of those that a person may see.</summary>
/// <param name="all">The history.</param>
/// <param name="rights">What they may do.</param>
internal sealed class SeenTraffic(ITrafficHistory all, IRights rights) : ITrafficHistory
{
    public IReadOnlyList<TrafficStretch>? Read(string space, string name, TimeSpan back, TimeSpan step) => rights.May(Right.SeeDeployments, space) ? all.Read(space, name, back, step) : null;

    // What it costs is a share of the nodes' prices, which are for those who may see the nodes.
    public IReadOnlyList<LoadStretch> Load(string space, string name, TimeSpan back, TimeSpan step) =>
        !rights.May(Right.SeeDeployments, space) ? []
        : rights.May(Right.SeeNodes, null) && rights.May(Right.SeePods, null) ? all.Load(space, name, back, step)
        : [.. all.Load(space, name, back, step).Select(static s => s with { PerHour = null })];

    public bool RemembersMore => rights.Fault is null && all.RemembersMore;

    public Task<IReadOnlyList<LoadStretch>> LongerAsync(string space, string name, TimeSpan back, TimeSpan step, CancellationToken cancellationToken) =>
        rights.May(Right.SeeDeployments, space) ? all.LongerAsync(space, name, back, step, cancellationToken) : Task.FromResult<IReadOnlyList<LoadStretch>>([]);
}
