using System.Collections.Immutable;

namespace Slipway.Gateway.Routing;

/// <summary>Where requests for a model go.</summary>
/// <param name="Model">The name in requests.</param>
/// <param name="Deployment">The deployment, as namespace/name.</param>
/// <param name="Backends">The engines that answer; none while it is not ready.</param>
/// <param name="State">What stands in the way when there is none, in words.</param>
/// <param name="Retry">Whether waiting helps.</param>
/// <param name="Created">When the deployment was made.</param>
public sealed record Route(string Model, string Deployment, ImmutableArray<Backend> Backends, string State, bool Retry, DateTimeOffset Created)
{
    /// <summary>What a rollout sends elsewhere; null for nothing.</summary>
    public Split? Split { get; init; }

    /// <summary>The generation of the deployment's manifest; null where nobody said.</summary>
    public long? Generation { get; init; }

    /// <summary>The deployment's requests; the same object in every table that knows the deployment.</summary>
    public DeploymentTraffic Traffic { get; init; } = new();

    /// <summary>Picks the engine for a request.</summary>
    /// <param name="random">Chance.</param>
    /// <returns>An engine, or <see langword="null"/> when none answers.</returns>
    public Backend? Pick(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        if (Backends.Length == 0) return null;
        if (Backends.Length == 1) return Backends[0];

        // Two choices, then the less busy: close to a full scan's balance at constant cost.
        var first = random.Next(Backends.Length);
        var second = (first + 1 + random.Next(Backends.Length - 1)) % Backends.Length;
        return Backends[first].InFlight <= Backends[second].InFlight ? Backends[first] : Backends[second];
    }
}
