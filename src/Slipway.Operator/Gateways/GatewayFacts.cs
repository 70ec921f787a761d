using Slipway.Kubernetes.Objects;

namespace Slipway.Operator.Gateways;

/// <summary>What routes need to know of the Gateway that models are reached through; two that are equal make no difference to any of them.</summary>
/// <param name="Gateway">The Gateway; null when there is none, or none that was chosen.</param>
/// <param name="Endpoint">Where it answers, such as `https://ai.example.com`; null while that is not known.</param>
/// <param name="Fault">What is wrong with it, or with the choice.</param>
public sealed record GatewayFacts(NamespacedName? Gateway, string? Endpoint, GatewayFault? Fault)
{
    /// <summary>A cluster without one.</summary>
    public static GatewayFacts None { get; } = new(
        null, null, new("GatewayMissing", "The cluster has no Gateway (gateway.networking.k8s.io): models are reached by their Services until one is made"));
}

/// <summary>What is wrong.</summary>
/// <param name="Reason">As one CamelCase word.</param>
/// <param name="Message">In words, with what to do.</param>
public sealed record GatewayFault(string Reason, string Message);
