using CsCheck;
using Slipway.Capacity.Accelerators;
using Slipway.Capacity.Inventory;
using Slipway.Testing;

namespace Slipway.Capacity.Tests.Inventory;

public sealed class InventoryBuilderTests
{
    [Fact]
    public void Free_is_what_no_holding_pod_has()
    {
        var snapshot = Build(
            [Cluster.Node("a", "nvidia.com/gpu.product=NVIDIA-H100-80GB-HBM3", 8)],
            [Cluster.Pod("one", "a", 2), Cluster.Pod("two", "a", 1), Cluster.Pod("done", "a", 4) with { Holds = false }, Cluster.Pod("waiting", "", 8), Cluster.Pod("lost", "gone", 8)]);
        var device = Assert.Single(snapshot.Find("a")!.Devices);
        Assert.Equal((8, 8, 3, 5), (device.Total, device.Allocatable, device.Used, device.Free));
        Assert.Equal(["one", "two"], device.Users.Select(static u => u.Pod.Name));
        Assert.Equal("h100-sxm", Assert.IsType<AcceleratorMatch.Known>(device.Match).Facts.Device.Key);
        Assert.Equal(["waiting"], snapshot.Waiting.Select(static p => p.Name));
        Assert.Equal(62_000, snapshot.Find("a")!.FreeCpuMillis);
    }

    [Fact]
    public void A_broken_device_is_had_and_not_free()
    {
        var node = Cluster.Node("a", "nvidia.com/gpu.product=NVIDIA-L4", 4);
        var device = Build([node with { Allocatable = node.Allocatable with { Extended = [KeyValuePair.Create("nvidia.com/gpu", 1L)] } }], [Cluster.Pod("p", "a", 2)]).Nodes[0].Devices[0];
        Assert.Equal((4, 1, 2, 0), (device.Total, device.Allocatable, device.Used, device.Free));
    }

    [Fact]
    public void Slices_of_a_mixed_strategy_stand_beside_whole_devices()
    {
        var node = Cluster.Node("a", "nvidia.com/gpu.product=NVIDIA-A100-SXM4-40GB;nvidia.com/mig.strategy=mixed") with
        {
            Capacity = new ResourceAmounts(1, 1, [KeyValuePair.Create("nvidia.com/gpu", 4L), KeyValuePair.Create("nvidia.com/mig-1g.5gb", 14L), KeyValuePair.Create("nvidia.com/mig-3g.20gb", 0L)]),
            Allocatable = new ResourceAmounts(1, 1, [KeyValuePair.Create("nvidia.com/gpu", 4L), KeyValuePair.Create("nvidia.com/mig-1g.5gb", 14L)]),
        };
        var devices = Build([node], [Cluster.Pod("p", "a", 3, "nvidia.com/mig-1g.5gb")]).Nodes[0].Devices;
        Assert.Equal([("nvidia.com/gpu", 4, 4.0), ("nvidia.com/mig-1g.5gb", 11, 1.75)], devices.Select(static d => (d.Resource, d.Free, d.Devices!.Value)));
    }

    [Fact]
    public void A_GPU_that_is_offered_ten_times_is_one_GPU()
    {
        var device = Build([Cluster.Node("a", "nvidia.com/gpu.product=NVIDIA-L4;nvidia.com/gpu.count=2", 20)], []).Nodes[0].Devices[0];
        Assert.Equal((20, 2.0), (device.Free, device.Devices!.Value));
        Assert.Equal("20 units of 2 GPUs, 10 replicas", Assert.IsType<AcceleratorMatch.Known>(device.Match).Fraction.How);
        Assert.Equal(2.0, Build([Cluster.Node("a", "nvidia.com/gpu.product=NVIDIA-L4;nvidia.com/gpu.count=2", 2)], []).Nodes[0].Devices[0].Devices);
    }

    [Fact]
    public void What_keeps_pods_away_is_said()
    {
        var node = Cluster.Node("a", "", 1) with
        {
            NotReady = "Kubelet stopped posting node status.",
            Cordoned = true,
            Taints = [new("nvidia.com/gpu", "present", "NoSchedule"), new("team", "b", "NoSchedule"), new("node.kubernetes.io/unschedulable", "", "NoSchedule"), new("node.kubernetes.io/unreachable", "", "NoExecute")],
        };
        var made = Build([node], []).Nodes[0];
        Assert.Equal(["not ready: Kubelet stopped posting node status.", "cordoned", "taint nvidia.com/gpu=present:NoSchedule", "taint team=b:NoSchedule"], made.Refusals.Select(static r => r.Reason));
        Assert.False(made.Schedulable);
        Assert.True(Build([Cluster.Node("b") with { Taints = [new("nvidia.com/gpu", "", "NoSchedule")] }], []).Nodes[0].Schedulable);
    }

    [Fact]
    public void Cores_of_Neuron_devices_take_the_devices()
    {
        var node = Cluster.Node("a", "node.kubernetes.io/instance-type=inf2.24xlarge", provider: "aws:///us-east-1a/i-1") with
        {
            Capacity = new ResourceAmounts(1, 1, [KeyValuePair.Create("aws.amazon.com/neuron", 6L), KeyValuePair.Create("aws.amazon.com/neuroncore", 12L), KeyValuePair.Create("aws.amazon.com/neurondevice", 6L)]),
            Allocatable = new ResourceAmounts(1, 1, [KeyValuePair.Create("aws.amazon.com/neuron", 6L)]),
        };
        var device = Assert.Single(Build([node], [Cluster.Pod("p", "a", 3, "aws.amazon.com/neuroncore"), Cluster.Pod("q", "a", 1, "aws.amazon.com/neuron")]).Nodes[0].Devices);
        Assert.Equal((6, 3, 3), (device.Total, device.Used, device.Free));
        Assert.Equal("inferentia2", Assert.IsType<AcceleratorMatch.Known>(device.Match).Facts.Device.Key);
    }

    [Fact]
    public void Devices_of_claims_join_the_others()
    {
        var claimed = new DeviceInventory { Resource = "gpu.nvidia.com", Match = NodeMatcherTestsMatch(), Total = 8, Allocatable = 8, Used = 1, Users = [] };
        var snapshot = InventoryBuilder.Bundled.Build([Cluster.Node("a"), Cluster.Node("b")], [], n => n.Name == "b" ? [claimed] : []);
        Assert.Empty(snapshot.Find("a")!.Devices);
        Assert.Equal(7, Assert.Single(snapshot.Find("b")!.Devices).Free);
    }

    [Theory]
    [InlineData("azure:///subscriptions/x", "kubernetes.azure.com/scalesetpriority=spot", "azure", true)]
    [InlineData("aws:///us-east-1a/i-0", "eks.amazonaws.com/capacityType=SPOT", "aws", true)]
    [InlineData("aws:///us-east-1a/i-0", "karpenter.sh/capacity-type=on-demand", "aws", false)]
    [InlineData("gce://project/zone/name", "cloud.google.com/gke-spot=true", "gcp", true)]
    [InlineData("kind://docker/kind/a", "node.kubernetes.io/instance-type=p5.48xlarge", "", false)]
    [InlineData("", "node.kubernetes.io/instance-type=Standard_NC24ads_A100_v4", "", false)]
    public void The_provider_is_what_the_node_s_id_says(string id, string labels, string provider, bool spot)
    {
        var origin = NodeOrigin.Of(Cluster.Node("a", labels, provider: id));
        Assert.Equal((provider, spot), (origin.Provider, origin.Spot));
    }

    [Fact]
    public void Nothing_is_lost_and_nothing_is_counted_twice() =>
        Gen.Select(Gen.Int[0, 4], Gen.Select(Gen.Int[-1, 5], Gen.Int[0, 3], Gen.Bool).Array[0, 40]).Sample((count, pods) =>
        {
            var nodes = Enumerable.Range(0, count).Select(static i => Cluster.Node($"n{i}", "nvidia.com/gpu.product=NVIDIA-L4", 8)).ToList();
            var facts = pods.Select(static (p, i) => Cluster.Pod($"p{i}", p.Item1 < 0 ? "" : $"n{p.Item1}", p.Item2) with { Holds = p.Item3 }).ToList();
            var snapshot = Build(nodes, facts);
            Assert.Equal(facts.Count(static p => p.Holds && p.Node.Length == 0), snapshot.Waiting.Length);
            Assert.Equal(facts.Where(p => p.Holds && nodes.Any(n => n.Name == p.Node)).Sum(static p => p.Requests["nvidia.com/gpu"]), snapshot.Nodes.Sum(static n => n.Devices[0].Used));
            Assert.All(snapshot.Nodes, static n => Assert.Equal(n.Devices[0].Used, n.Devices[0].Users.Sum(static u => u.Units)));
            Assert.All(snapshot.Nodes, static n => Assert.Equal(n.Requested["nvidia.com/gpu"], n.Devices[0].Used));
        });

    [Fact]
    public void A_cluster_of_300_nodes_and_5000_pods_costs_little_memory()
    {
        var nodes = Enumerable.Range(0, 300).Select(static i => Cluster.Node($"n{i}", "nvidia.com/gpu.product=NVIDIA-H100-80GB-HBM3;nvidia.com/gpu.memory=81559;topology.kubernetes.io/region=eastus;node.kubernetes.io/instance-type=Standard_ND96isr_H100_v5", 8, provider: "azure:///x")).ToList();
        var pods = Enumerable.Range(0, 5000).Select(static i => Cluster.Pod($"p{i}", $"n{i % 300}", i < 1000 ? 1 : 0)).ToList();
        Assert.Equal(300 * 8 - 1000, Build(nodes, pods).Nodes.Sum(static n => n.Devices.Sum(static d => d.Free)));
        // 300 nodes with a device each, and the pods' places in lists: about 2.5 KB a node.
        Assert.InRange(Allocated.By(() => Build(nodes, pods)), 1, 1_000_000);
    }

    private static InventorySnapshot Build(IReadOnlyCollection<NodeFacts> nodes, IReadOnlyCollection<PodFacts> pods) => InventoryBuilder.Bundled.Build(nodes, pods);

    private static AcceleratorMatch NodeMatcherTestsMatch() => Accelerators.NodeMatcherTests.Match("nvidia.com/gpu", "nvidia.com/gpu.product=NVIDIA-L4")!;
}
