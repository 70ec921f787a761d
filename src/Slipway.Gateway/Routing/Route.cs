using System.Collections.Immutable;
using Slipway.Gateway.Recording;

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
    /// <summary>The deployment's namespace.</summary>
    public string Namespace { get; } = Deployment[..Math.Max(0, Deployment.IndexOf('/', StringComparison.Ordinal))];

    /// <summary>What a rollout sends elsewhere; null for nothing.</summary>
    public Split? Split { get; init; }

    /// <summary>What a rollout has copied elsewhere; null for nothing.</summary>
    public Copying? Copying { get; init; }

    /// <summary>The generation of the deployment's manifest; null where nobody said.</summary>
    public long? Generation { get; init; }

    /// <summary>The deployment's requests; the same object in every table that knows the deployment.</summary>
    public DeploymentTraffic Traffic { get; init; } = new();

    /// <summary>What of its requests is recorded; null for nothing.</summary>
    public RecordingRule? Recording { get; init; }
}
