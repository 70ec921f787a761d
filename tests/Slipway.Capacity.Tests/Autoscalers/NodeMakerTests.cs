using System.Text.Json;
using Slipway.Capacity.Autoscalers;

namespace Slipway.Capacity.Tests.Autoscalers;

/// <summary>What makes nodes, and what it can make of claims.</summary>
public sealed class NodeMakerTests
{
    private static readonly DateTimeOffset s_now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Karpenter_makes_no_node_for_a_claim_and_may_for_a_number()
    {
        var karpenter = NodeMaker.Karpenter([Json("""{"metadata":{"name":"gpus"}}"""), Json("""{"metadata":{"name":"all"}}""")])!;
        Assert.StartsWith("Karpenter (NodePools all, gpus) passes claims of devices by: it makes no node for pods that have one", karpenter.Say(claims: true), StringComparison.Ordinal);
        Assert.Contains("spec.resources.gpu.count", karpenter.Say(claims: true), StringComparison.Ordinal);
        Assert.Contains("makes nodes for a number", karpenter.Say(claims: false), StringComparison.Ordinal);
        Assert.Null(NodeMaker.Karpenter([]));
    }

    [Theory]
    [InlineData("2026-01-01 11:59:00.5 +0000 UTC", false)]
    [InlineData("2026-01-01 11:00:00.5 +0000 UTC", true)]
    [InlineData("soon", false)]
    public void Cluster_Autoscaler_reckons_with_claims_within_limits_and_may_be_silent(string written, bool silent)
    {
        var said = NodeMaker.ClusterAutoscaler(Json($$$"""{"metadata":{"annotations":{"cluster-autoscaler.kubernetes.io/last-updated":"{{{written}}}"} } }"""), s_now)!.Say(claims: true);
        Assert.Contains("from 1.35 on", said, StringComparison.Ordinal);
        Assert.Equal(silent, said.Contains("has said nothing since 2026-01-01 11:00:00 UTC; it reckons", StringComparison.Ordinal));
        Assert.Null(NodeMaker.ClusterAutoscaler(default, s_now));
    }

    private static JsonElement Json(string json) => JsonDocument.Parse(json).RootElement;
}
