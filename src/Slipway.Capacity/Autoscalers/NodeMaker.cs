using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Slipway.Capacity.Inventory.Kubernetes;

namespace Slipway.Capacity.Autoscalers;

/// <summary>What makes nodes for pods that wait, and what it can make of claims of devices.</summary>
/// <param name="Name">Its name.</param>
/// <param name="OfClaims">What it does for pods that claim devices (`resource.k8s.io`), as a sentence without its name.</param>
/// <param name="OfNumbers">What it does for pods that ask for a number (`nvidia.com/gpu`).</param>
/// <param name="State">What is wrong with it; null when nothing is known to be.</param>
public sealed record NodeMaker(string Name, string OfClaims, string OfNumbers, string? State = null)
{
    private static readonly TimeSpan s_silence = TimeSpan.FromMinutes(10);

    /// <summary>Karpenter, by its NodePools (`karpenter.sh`); null when there is none.</summary>
    /// <param name="pools">The NodePools.</param>
    /// <remarks>Karpenter leaves pods with claims alone unless IGNORE_DRA_REQUESTS is off, and providers make no node for a claim yet (aws/karpenter-provider-aws#9519).</remarks>
    public static NodeMaker? Karpenter(IEnumerable<JsonElement> pools)
    {
        ImmutableArray<string> names = [.. pools.Select(static p => p.Text("metadata", "name")).Where(static n => n.Length > 0).Order(StringComparer.Ordinal)];
        return names.IsEmpty ? null : new NodeMaker(
            $"Karpenter ({(names.Length == 1 ? "NodePool" : "NodePools")} {string.Join(", ", names.Take(5))}{(names.Length > 5 ? ", …" : "")})",
            "passes claims of devices by: it makes no node for pods that have one. Ask for a number alone, with spec.resources.gpu.count, or add a node with such devices yourself",
            "makes nodes for a number of devices, where a NodePool allows a machine type that has them");
    }

    /// <summary>Cluster Autoscaler, by the status that it keeps in the ConfigMap <c>kube-system/cluster-autoscaler-status</c>; null when there is none.</summary>
    /// <param name="status">The ConfigMap; undefined when there is none.</param>
    /// <param name="now">The time.</param>
    public static NodeMaker? ClusterAutoscaler(JsonElement status, DateTimeOffset now)
    {
        if (status.ValueKind is not JsonValueKind.Object) return null;
        // As Go writes a time: "2026-01-01 12:00:00.123456789 +0000 UTC".
        var written = status.Text("metadata", "annotations", "cluster-autoscaler.kubernetes.io/last-updated");
        var silent = written.Length >= 19 && DateTimeOffset.TryParseExact(written[..19], "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var last) && now - last > s_silence;
        return new NodeMaker(
            "Cluster Autoscaler",
            "reckons with claims from 1.35 on, of devices that are a node's own and in node groups whose nodes are alike; of a group without nodes only where the cloud says which devices they would have",
            "makes nodes for a number of devices, in node groups that have them",
            silent ? $"has said nothing since {written[..19]} UTC" : null);
    }

    /// <summary>What it can do for pods that wait, in a sentence.</summary>
    /// <param name="claims">Whether they claim devices.</param>
    public string Say(bool claims) => $"{Name} {(State is { } wrong ? $"{wrong}; it " : "")}{(claims ? OfClaims : OfNumbers)}";
}
