using Slipway.Runtimes;

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
}
