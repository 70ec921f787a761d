namespace Slipway.Gateway.Routing;

/// <summary>Where requests for a model go.</summary>
/// <param name="Model">The name in requests.</param>
/// <param name="Deployment">The deployment, as namespace/name.</param>
/// <param name="Backends">The engines that answer; none while it is not ready.</param>
/// <param name="State">What stands in the way when there is none, in words.</param>
/// <param name="Retry">Whether waiting helps.</param>
/// <param name="Created">When the deployment was made.</param>
public sealed record Route(string Model, string Deployment, IReadOnlyList<Backend> Backends, string State, bool Retry, DateTimeOffset Created)
{
    /// <summary>Picks the engine for a request.</summary>
    /// <param name="random">Chance.</param>
    /// <returns>An engine, or <see langword="null"/> when none answers.</returns>
    public Backend? Pick(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        if (Backends.Count == 0) return null;
        if (Backends.Count == 1) return Backends[0];

        // Two choices, then the less busy: close to a full scan's balance at constant cost.
        var first = random.Next(Backends.Count);
        var second = (first + 1 + random.Next(Backends.Count - 1)) % Backends.Count;
        return Backends[first].InFlight <= Backends[second].InFlight ? Backends[first] : Backends[second];
    }
}
