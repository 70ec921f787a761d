using System.Text.Json;
using Slipway.Api;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Capacity.Inventory;
using Slipway.Capacity.Inventory.Kubernetes;
using Slipway.Capacity.Inventory.Slices;
using Slipway.Capacity.Prices;
using Slipway.Capacity.Quotas;
using Slipway.Operator.Rollouts.Preflight;
using Slipway.Runtimes;

namespace Slipway.Operator.Tests.Rollouts.Preflight;

/// <summary>Whether a candidate's pods find what they ask for.</summary>
public sealed class RoomFinderTests
{
    [Theory]
    // Nodes with so many devices, of which pods hold some; what a candidate of so many replicas with so many each makes of it.
    [InlineData("8:6", 1, 2, true, "it needs 2 nvidia.com/gpu (1 replica), and 2 of 8 are free; the others are held by default/m (6)")]
    [InlineData("8:7", 1, 2, false, "it needs 2 nvidia.com/gpu (1 replica), and 1 of 8 is free; the others are held by default/m (7)")]
    [InlineData("8:7 8:7", 1, 2, false, "it needs 2 nvidia.com/gpu (1 replica), and 2 of 16 are free, of which nodes have room for 0 of 1 pods; the others are held by default/m (14)")]
    [InlineData("8:4 8:4", 2, 4, true, "it needs 8 nvidia.com/gpu (2 replicas), and 8 of 16 are free; the others are held by default/m (8)")]
    [InlineData("8:0 8:8!cordoned", 2, 4, true, "it needs 8 nvidia.com/gpu (2 replicas), and 8 of 8 are free")]
    [InlineData("8:8 8:0!cordoned", 1, 1, false, "it needs 1 nvidia.com/gpu (1 replica), and 0 of 8 are free; the others are held by default/m (8)")]
    [InlineData("8:8 8:0!tainted", 1, 1, false, "it needs 1 nvidia.com/gpu (1 replica), and 0 of 8 are free; the others are held by default/m (8)")]
    [InlineData("0:0", 1, 1, null, "no node says that it has such accelerators")]
    public void Room_is_what_nodes_that_take_its_pods_have_left(string nodes, int replicas, int each, bool? fits, string text)
    {
        var room = RoomFinder.Find(Need(replicas, each), Cluster(nodes), static p => $"{p.Namespace}/m");
        Assert.Equal((fits, text, (int?)each), (room.Fits, room.Text, room.CandidateEach));
    }

    [Fact]
    public void Where_anything_may_make_nodes_or_push_others_aside_nothing_is_refused()
    {
        var full = Cluster("8:8");
        Assert.Equal((null, true), (RoomFinder.Find(Need(1, 1), full with { NodeMakers = ["Karpenter"] }, Name).Fits, RoomFinder.Find(Need(1, 1), full with { NodeMakers = ["Karpenter"] }, Name).Text.EndsWith("Karpenter may make nodes for it", StringComparison.Ordinal)));
        var pushing = Need(1, 1)!;
        Assert.Null(RoomFinder.Find(pushing with { Pods = [.. pushing.Pods.Select(static p => p with { Ask = p.Ask with { PriorityClass = "high" } })] }, full, Name).Fits);
        Assert.Equal((null, "nodes may not be listed"), (RoomFinder.Find(Need(1, 1), ClusterRoom.Unknown("nodes may not be listed"), Name).Fits, RoomFinder.Find(Need(1, 1), ClusterRoom.Unknown("nodes may not be listed"), Name).Text));
        Assert.Null(RoomFinder.Find(null, full, Name).Fits);
    }

    [Fact]
    public void A_quota_that_leaves_none_is_a_no_whatever_nodes_have()
    {
        var room = Cluster("8:0") with { Limits = NamespaceLimits.None with { Quotas = [new NamespaceQuota("default", "team", [], [new QuotaLine("requests.nvidia.com/gpu", 4, 3)])] } };
        Assert.Equal((false, "quota team: 3 of 4 requests.nvidia.com/gpu used, this asks for 2"), (RoomFinder.Find(Need(1, 2), room, Name).Fits, RoomFinder.Find(Need(1, 2), room, Name).Text));
        Assert.True(RoomFinder.Find(Need(1, 1), room, Name).Fits);
    }

    [Fact]
    public void What_a_runtime_does_not_say_in_pods_and_what_is_yet_to_be_counted_is_not_known()
    {
        Assert.Null(CandidateNeed.Of(Deployment("""{"resources":{"gpu":{"count":2}}}"""), ClusterRuntimes.All().Single(static r => r.Descriptor.Name == "kaito"), EngineType.Vllm, null));
        Assert.Null(CandidateNeed.Of(Deployment("{}"), Vllm, EngineType.Vllm, null));
        Assert.Equal(4, CandidateNeed.Of(Deployment("{}"), Vllm, EngineType.Vllm, 4)!.Each);
        // Of two nodes that a replica spans, both count.
        Assert.Equal(16, CandidateNeed.Of(Deployment("""{"resources":{"gpu":{"count":8},"nodes":2}}"""), Vllm, EngineType.Vllm, null)!.Each);
        Assert.Equal(2, CandidateNeed.Of(Deployment("""{"resources":{"accelerators":{"count":2}}}"""), Vllm, EngineType.Vllm, null)!.Each);
    }

    [Fact]
    public void The_price_of_an_accelerator_is_that_of_the_dearest_node_that_it_may_come_to_and_one_unknown_is_unknown()
    {
        var aws = """{"node.kubernetes.io/instance-type":"p5.48xlarge","topology.kubernetes.io/region":"us-east-1"}""";
        var known = Cluster("8:0", aws, "aws:///us-east-1a/i-1");
        var (price, why) = CandidatePrice.Of(Need(1, 1), known.Inventory, PriceBook.Bundled);
        Assert.True(price > 0, why);
        var unknown = CandidatePrice.Of(Need(1, 1), Cluster("8:0").Inventory, PriceBook.Bundled);
        Assert.Equal((null, true), (unknown.PerHour, unknown.Why!.StartsWith("n0: ", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_a_replica_costs_beside_another_takes_no_prices_where_both_come_to_the_same_nodes()
    {
        Assert.Equal((2.0, null), CandidatePrice.Factor(Need(1, 4), Need(3, 2), Cluster("8:0 8:0").Inventory, PriceBook.Bundled));
        var elsewhere = Need(1, 4)! with { Pods = [.. Need(1, 4)!.Pods.Select(static p => p with { Spec = Json("""{"nodeSelector":{"kind":"other"}}""") })] };
        var (factor, why) = CandidatePrice.Factor(elsewhere, Need(1, 2), Cluster("8:0").Inventory, PriceBook.Bundled);
        Assert.Equal((null, "no node says that it has such accelerators"), (factor, why));
        Assert.Equal((null, "which accelerators both take is not known"), CandidatePrice.Factor(null, Need(1, 2), Cluster("8:0").Inventory, PriceBook.Bundled));
    }

    private static IRuntime Vllm => ClusterRuntimes.All().Single(static r => r.Descriptor.Name == "vllm");

    private static string Name(PodFacts pod) => pod.Name;

    private static CandidateNeed? Need(int replicas, int each) =>
        CandidateNeed.Of(Deployment($$$"""{"resources":{"gpu":{"count":{{{each}}} } },"scaling":{"replicas":{{{replicas}}} } }"""), Vllm, EngineType.Vllm, null);

    private static ModelDeployment Deployment(string spec)
    {
        var merged = JsonSerializer.Deserialize(spec.TrimEnd()[..^1] + (spec.Trim() == "{}" ? "" : ",") + """ "model":{"id":"Qwen/Qwen3-8B"},"engine":{"type":"vllm"}}""", SlipwayJson.Default.ModelDeploymentSpec)!;
        return new ModelDeployment { Metadata = new ObjectMeta { Name = "m-1", Namespace = "default", Uid = "u" }, Spec = merged };
    }

    // As "8:6" for a node with 8 of which a pod holds 6.
    private static ClusterRoom Cluster(string nodes, string labels = "{}", string provider = "")
    {
        List<NodeFacts> facts = [];
        List<PodFacts> pods = [];
        foreach (var (text, index) in nodes.Split(' ').Select(static (n, i) => (n, i)))
        {
            var parts = text.Split('!')[0].Split(':');
            var spec = text.EndsWith("!cordoned", StringComparison.Ordinal) ? """ "unschedulable":true, """ : text.EndsWith("!tainted", StringComparison.Ordinal) ? """ "taints":[{"key":"team","value":"b","effect":"NoSchedule"}], """ : "";
            facts.Add(NodeReader.Read(Json($$$"""
                {"metadata":{"name":"n{{{index}}}","labels":{{{labels}}} },"spec":{ {{{spec}}} "providerID":"{{{provider}}}"},
                 "status":{"capacity":{"nvidia.com/gpu":"{{{parts[0]}}}"},"allocatable":{"nvidia.com/gpu":"{{{parts[0]}}}"},"conditions":[{"type":"Ready","status":"True"}]} }
                """))!);
            if (parts[1] != "0") pods.Add(PodReader.Read(Json($$$"""{"metadata":{"name":"p{{{index}}}","namespace":"default"},"spec":{"nodeName":"n{{{index}}}","containers":[{"name":"c","resources":{"limits":{"nvidia.com/gpu":"{{{parts[1]}}}"} } }]} }"""))!);
        }

        return new ClusterRoom(InventoryBuilder.Bundled.Build(facts, pods), ClusterDevices.None, NamespaceLimits.None, [], []);
    }

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
