using Slipway.Runtimes;
using Slipway.Runtimes.Routing;

namespace Slipway.Operator.Gateways;

/// <summary>The kinds of Gateway API that Slipway reads and writes.</summary>
public static class GatewayKinds
{
    private const string Group = "gateway.networking.k8s.io";

    /// <summary>The label of the Gateway that models are reached through, where a cluster has several; AI Runway's.</summary>
    public const string ChosenLabel = "airunway.ai/inference-gateway";

    /// <summary>Where requests come in. Only read: it is the platform team's.</summary>
    public static RuntimeObject Gateway { get; } = new(Group, "v1", "Gateway", "gateways");

    /// <summary>Which requests go where: one for each deployment.</summary>
    public static RuntimeObject HttpRoute { get; } = new(Group, "v1", "HTTPRoute", "httproutes");

    /// <summary>What may be made for a deployment of any provider: its route, and a pool where the rights for one are there, those of a runtime that makes pools itself.</summary>
    /// <param name="runtimes">The runtimes that this process drives.</param>
    /// <returns>The kinds.</returns>
    public static IReadOnlyList<RuntimeObject> Made(IEnumerable<IRuntime> runtimes) =>
        runtimes.Any(r => r.Descriptor.Kinds.Contains(RoutedPool.Pool)) ? [HttpRoute, .. RoutedPool.Kinds] : [HttpRoute];
}
