namespace Slipway.Capacity.Inventory;

/// <summary>Where a node comes from: what a price depends on.</summary>
/// <param name="Provider"><c>azure</c>, <c>aws</c>, <c>gcp</c>; empty when <c>spec.providerID</c> says none of them.</param>
/// <param name="Region">The label <c>topology.kubernetes.io/region</c>; empty when there is none.</param>
/// <param name="Zone">The label <c>topology.kubernetes.io/zone</c>; empty when there is none.</param>
/// <param name="MachineType">The label <c>node.kubernetes.io/instance-type</c>; empty when there is none.</param>
/// <param name="Spot">Whether the cloud may take it back at any time, as the labels say it.</param>
public sealed record NodeOrigin(string Provider, string Region, string Zone, string MachineType, bool Spot)
{
    /// <summary>Reads it from a node. Nothing is told from the look of a name: an unknown scheme is no provider.</summary>
    public static NodeOrigin Of(NodeFacts node)
    {
        ArgumentNullException.ThrowIfNull(node);
        var scheme = node.ProviderId.IndexOf("://", StringComparison.Ordinal);
        return new NodeOrigin(
            scheme < 0 ? "" : node.ProviderId[..scheme] switch { "azure" => "azure", "aws" => "aws", "gce" => "gcp", _ => "" },
            Label(node, "topology.kubernetes.io/region", "failure-domain.beta.kubernetes.io/region"),
            Label(node, "topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone"),
            Label(node, "node.kubernetes.io/instance-type", "beta.kubernetes.io/instance-type"),
            IsSpot(node));
    }

    private static string Label(NodeFacts node, string key, string older) => node.Labels.GetValueOrDefault(key) ?? node.Labels.GetValueOrDefault(older, "");

    // Karpenter, AKS, EKS managed node groups, GKE (and its older preemptible machines).
    private static bool IsSpot(NodeFacts node) =>
        Is(node, "karpenter.sh/capacity-type", "spot") || Is(node, "kubernetes.azure.com/scalesetpriority", "spot") || Is(node, "eks.amazonaws.com/capacityType", "SPOT")
        || Is(node, "cloud.google.com/gke-spot", "true") || Is(node, "cloud.google.com/gke-preemptible", "true") || Is(node, "cloud.google.com/gke-provisioning", "spot");

    private static bool Is(NodeFacts node, string key, string value) => string.Equals(node.Labels.GetValueOrDefault(key), value, StringComparison.OrdinalIgnoreCase);
}
