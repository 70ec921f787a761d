using System.Text.Json;
using CsCheck;
using Slipway.Capacity.Inventory;
using Slipway.Capacity.Inventory.Kubernetes;

namespace Slipway.Capacity.Tests.Inventory;

public sealed class KubernetesReaderTests
{
    [Fact]
    public void A_node_is_read()
    {
        var node = Cluster.ReadNode("""
            {"metadata":{"name":"n","labels":{"a":"b"}},
             "spec":{"providerID":"azure:///x","unschedulable":true,"taints":[{"key":"t","value":"v","effect":"NoSchedule"},{"key":"soft","effect":"PreferNoSchedule"}]},
             "status":{"capacity":{"cpu":"96","memory":"1900Gi","nvidia.com/gpu":"8","pods":"110"},"allocatable":{"cpu":"95500m","memory":"1888123Ki","nvidia.com/gpu":"7"},
              "conditions":[{"type":"MemoryPressure","status":"False"},{"type":"Ready","status":"Unknown","reason":"NodeStatusUnknown","message":"Kubelet stopped posting node status."}]}}
            """);
        Assert.Equal((96_000, 1900L << 30, 8), (node.Capacity.CpuMillis, node.Capacity.MemoryBytes, node.Capacity["nvidia.com/gpu"]));
        Assert.Equal((95_500, 1_888_123L << 10, 7), (node.Allocatable.CpuMillis, node.Allocatable.MemoryBytes, node.Allocatable["nvidia.com/gpu"]));
        Assert.Equal(("azure:///x", true, "Kubelet stopped posting node status."), (node.ProviderId, node.Cordoned, node.NotReady));
        Assert.Equal("t=v:NoSchedule", Assert.Single(node.Taints).ToString());
        Assert.Equal("b", node.Labels["a"]);
    }

    [Fact]
    public void A_node_that_has_not_reported_is_not_ready() => Assert.Equal("the node has not reported yet", Cluster.ReadNode("""{"metadata":{"name":"n"}}""").NotReady);

    [Theory]
    [InlineData("""{"containers":[{"resources":{"requests":{"cpu":"500m","memory":"1Gi"},"limits":{"nvidia.com/gpu":"2"}}},{"resources":{"requests":{"cpu":1}}}]}""", 1500, 1 << 30, 2)]
    [InlineData("""{"containers":[{"resources":{"requests":{"cpu":"1"}}}],"initContainers":[{"resources":{"requests":{"cpu":"4"},"limits":{"nvidia.com/gpu":"1"}}}]}""", 4000, 0, 1)]
    [InlineData("""{"containers":[{"resources":{"requests":{"cpu":"1"}}}],"initContainers":[{"restartPolicy":"Always","resources":{"requests":{"cpu":"2"}}},{"resources":{"requests":{"cpu":"2500m"}}}]}""", 4500, 0, 0)]
    [InlineData("""{"containers":[{"resources":{"requests":{"cpu":"1"}}}],"overhead":{"cpu":"250m","memory":"160Mi"}}""", 1250, 160 << 20, 0)]
    [InlineData("""{"containers":[{"resources":{"requests":{"cpu":"1","memory":"1Gi"}}}],"resources":{"requests":{"cpu":"3"}}}""", 3000, 1 << 30, 0)]
    [InlineData("""{"containers":[{"resources":{"limits":{"cpu":"1","memory":"1G"}}}]}""", 1000, 1_000_000_000, 0)]
    [InlineData("""{"containers":[{}]}""", 0, 0, 0)]
    public void A_pod_takes_what_the_scheduler_counts(string spec, long cpu, long memory, long gpus)
    {
        var pod = Cluster.ReadPod($$$"""{"metadata":{"name":"p","namespace":"s","labels":{"airunway.ai/model-deployment":"m"}},"spec":{{{spec.Insert(1, "\"nodeName\":\"n\",")}}},"status":{"phase":"Running"}}""");
        Assert.Equal((cpu, memory, gpus), (pod.Requests.CpuMillis, pod.Requests.MemoryBytes, pod.Requests["nvidia.com/gpu"]));
        Assert.Equal(("s", "p", "n", true), (pod.Namespace, pod.Name, pod.Node, pod.Holds));
    }

    [Theory]
    [InlineData("Running", true)]
    [InlineData("Pending", true)]
    [InlineData("Succeeded", false)]
    [InlineData("Failed", false)]
    public void A_pod_that_has_ended_holds_nothing(string phase, bool holds) =>
        Assert.Equal(holds, Cluster.ReadPod($$$"""{"metadata":{"name":"p"},"status":{"phase":"{{{phase}}}"}}""").Holds);

    [Theory]
    [InlineData("100m", 100)]
    [InlineData("1", 1000)]
    [InlineData("0.1", 100)]
    [InlineData("1n", 1)]
    [InlineData("1e3", 1_000_000)]
    [InlineData("2Ki", 2_048_000)]
    [InlineData("-1", 0)]
    [InlineData("", 0)]
    [InlineData("abc", 0)]
    [InlineData("1e400", long.MaxValue)]
    [InlineData("999999E", long.MaxValue)]
    public void Quantities_are_read(string text, long thousandths) => Assert.Equal(thousandths, QuantityReader.Thousandths(text));

    [Fact]
    public void Any_text_is_a_quantity_or_nothing() => Gen.String[Gen.Char["0123456789.eE+-mkKMGTPin"], 0, 40].Sample(static text =>
    {
        Assert.True(QuantityReader.Units(text) >= 0);
        Assert.True(QuantityReader.Thousandths(text) >= 0);
    }, iter: 50_000);

    [Fact]
    public void Objects_of_any_shape_are_read_or_passed_over()
    {
        var leaf = Any.Of("null", "1", "\"x\"", "true", "[]", "{}", "[1]", "[[]]", """{"name":"n"}""", """{"name":1}""", """{"requests":{"cpu":{}}}""", """[{"resources":{"requests":[]}}]""", """{"nvidia.com/gpu":"-1"}""");
        Gen.Select(leaf, leaf, leaf, leaf).Sample(static (a, b, c, d) =>
        {
            var json = JsonDocument.Parse($$$"""{"metadata":{{{a}}},"spec":{"containers":{{{b}}},"taints":{{{b}}},"initContainers":{{{c}}}},"status":{"capacity":{{{d}}},"conditions":{{{b}}},"allocatable":{{{c}}}}}""").RootElement;
            if (NodeReader.Read(json) is { } node) InventoryBuilder.Bundled.Build([node], PodReader.Read(json) is { } pod ? [pod with { Node = node.Name }] : []);
        });
    }
}
