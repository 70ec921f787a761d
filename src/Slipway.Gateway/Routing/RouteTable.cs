using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Slipway.Gateway.Routing;

/// <summary>All routes at one moment; immutable.</summary>
/// <param name="routes">The routes by the name in requests.</param>
public sealed class RouteTable(IReadOnlyDictionary<string, Route> routes)
{
    /// <summary>No routes.</summary>
    public static RouteTable Empty { get; } = new(new Dictionary<string, Route>());

    /// <summary>The routes by the name in requests; several names can lead to the same route.</summary>
    public FrozenDictionary<string, Route> Routes { get; } = routes.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The routes by their deployment, as namespace/name; deployments to which no name leads among them.</summary>
    public FrozenDictionary<string, Route> Deployments { get; init; } = routes.Values.DistinctBy(static r => r.Deployment).ToFrozenDictionary(static r => r.Deployment, StringComparer.Ordinal);

    /// <summary>Engines that have requests from before but get no more, since they are going or not ready. Streams are not cut short: an engine is let finish what it has.</summary>
    public ImmutableArray<Backend> Draining { get; init; } = [];
}
