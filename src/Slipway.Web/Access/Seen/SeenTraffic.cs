using Slipway.Web.Deployments.Traffic;

namespace Slipway.Web.Access.Seen;

/// <summary>What deployments did, of those that a person may see.</summary>
/// <param name="all">The history.</param>
/// <param name="rights">What they may do.</param>
internal sealed class SeenTraffic(ITrafficHistory all, IRights rights) : ITrafficHistory
{
    public IReadOnlyList<TrafficStretch>? Read(string space, string name, TimeSpan back, TimeSpan step) => rights.May(Right.SeeDeployments, space) ? all.Read(space, name, back, step) : null;
}
