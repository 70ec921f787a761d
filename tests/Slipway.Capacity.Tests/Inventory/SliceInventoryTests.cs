using System.Text.Json;
using Slipway.Capacity.Accelerators;
using Slipway.Capacity.Inventory;
using Slipway.Capacity.Inventory.Slices;

namespace Slipway.Capacity.Tests.Inventory;

public sealed class SliceInventoryTests
{
    private const string H100 = "\"attributes\":{\"type\":{\"string\":\"gpu\"},\"productName\":{\"string\":\"NVIDIA H100 80GB HBM3\"}},\"capacity\":{\"memory\":{\"value\":\"81559Mi\"}}";

    [Fact]
    public void Devices_of_slices_are_known_counted_and_held_by_the_pods_of_their_claims()
    {
        var pod = Cluster.Pod("llama-0", "a", space: "ml");
        var node = Build([Cluster.Node("a")], [pod], [Slice("a", 8)], Claim("ml", "gpu-0", "llama-0"), Claim("ml", "gpu-1", "llama-0"), Claim("ml", "gpu-2", "gone"), Claim("ml", "gpu-3", "llama-0", admin: true));
        var device = Assert.Single(node.Devices);
        Assert.Equal(("gpu.nvidia.com", 8, 3, 5), (device.Resource, device.Total, device.Used, device.Free));
        Assert.Equal("h100-sxm", Assert.IsType<AcceleratorMatch.Known>(device.Match).Facts.Device.Key);
        Assert.Equal([(pod, 2L)], device.Users.Select(u => (u.Pod, u.Units)));
    }

    [Fact]
    public void A_tainted_device_is_there_and_not_to_be_had() =>
        Assert.Equal((8, 6), Assert.Single(Build([Cluster.Node("a")], [], [Slice("a", 8, tainted: 2)]).Devices) is var d ? (d.Total, d.Free) : default);

    [Fact]
    public void Of_a_device_and_its_partitions_one_counts_and_any_of_them_takes_it()
    {
        string Part(string name, string attributes, int amount) =>
            "{" + $$"""
            "name":"{{name}}",{{attributes}},"consumesCounters":[{"counterSet":"gpu-0-counter-set","counters":{"memory":{"value":"{{amount}}"
            """ + "}}}]}";
        const string Mig = "\"attributes\":{\"type\":{\"string\":\"mig\"},\"profile\":{\"string\":\"3g.40gb\"},\"productName\":{\"string\":\"NVIDIA H100 80GB HBM3\"}},\"capacity\":{\"memory\":{\"value\":\"40320Mi\"}}";
        JsonElement[] slices =
        [
            Pool("a", $"\"devices\":[{Part("gpu-0", H100, 8)},{Part("gpu-0-mig-0", Mig, 4)},{Part("gpu-0-mig-1", Mig, 4)}]", 2),
            Pool("a", "\"sharedCounters\":[{\"name\":\"gpu-0-counter-set\",\"counters\":{\"memory\":{\"value\":\"8\"}}}]", 2),
        ];
        var pod = Cluster.Pod("p", "a", space: "ml");
        var device = Assert.Single(Build([Cluster.Node("a")], [pod], slices, Claim("ml", "gpu-0-mig-1", "p")).Devices);
        Assert.Equal((1, 1, 0), (device.Total, device.Used, device.Free));
        Assert.Equal(pod, Assert.Single(device.Users).Pod);

        var alone = Assert.Single(Build([Cluster.Node("a")], [], [Pool("a", $"\"devices\":[{{\"name\":\"mig-0\",{Mig}}},{{\"name\":\"mig-1\",{Mig}}}]")]).Devices);
        Assert.Equal((2, "MIG 3g.40gb"), (alone.Total, Assert.IsType<AcceleratorMatch.Known>(alone.Match).Fraction.How));
    }

    [Fact]
    public void What_a_device_plugin_offers_too_counts_once_and_is_said()
    {
        var plugin = Cluster.Node("a", "nvidia.com/gpu.product=NVIDIA-H100-80GB-HBM3", 8);
        var device = Assert.Single(Build([plugin], [Cluster.Pod("p", "a", 2)], [Slice("a", 8)], Claim("ml", "gpu-0", "q")).Devices);
        Assert.Equal((8, 3), (device.Total, device.Used));
        Assert.Contains("a device plugin offers the same devices as nvidia.com/gpu", Assert.IsType<AcceleratorMatch.Known>(device.Match).Note, StringComparison.Ordinal);

        // The plugin is gone, and what it left says so.
        var left = plugin with { Allocatable = ResourceAmounts.None };
        device = Assert.Single(Build([left], [Cluster.Pod("p", "a", 2)], [Slice("a", 8)], Claim("default", "gpu-0", "p"), Claim("default", "gpu-1", "p")).Devices);
        Assert.Equal((8, 2, ""), (device.Total, device.Used, Assert.IsType<AcceleratorMatch.Known>(device.Match).Note));
    }

    [Fact]
    public void A_plugin_of_another_vendor_and_other_nodes_add_up()
    {
        var snapshot = Snapshot([Cluster.Node("a", gpus: 2, resource: "amd.com/gpu"), Cluster.Node("b", "nvidia.com/gpu.product=NVIDIA-L4", 4)], [], [Slice("a", 8)]);
        Assert.Equal(["amd.com/gpu", "gpu.nvidia.com"], snapshot.Find("a")!.Devices.Select(d => d.Resource).Order(StringComparer.Ordinal));
        Assert.Equal((4L, "nvidia.com/gpu"), Assert.Single(snapshot.Find("b")!.Devices) is var d ? (d.Total, d.Resource) : default);
    }

    [Fact]
    public void What_is_no_accelerator_is_none() =>
        Assert.Empty(Build([Cluster.Node("a")], [], [Pool("a", "\"devices\":[{\"name\":\"eth0\"}]", driver: "dra.net"), Pool("a", "\"devices\":[{\"name\":\"v\",\"attributes\":{\"type\":{\"string\":\"vfio\"}}}]")]).Devices);

    private static NodeInventory Build(NodeFacts[] nodes, PodFacts[] pods, JsonElement[] slices, params JsonElement[] claims) => Snapshot(nodes, pods, slices, claims).Nodes[0];

    private static InventorySnapshot Snapshot(NodeFacts[] nodes, PodFacts[] pods, JsonElement[] slices, params JsonElement[] claims) =>
        InventoryBuilder.Bundled.Build(nodes, pods, SliceInventory.Of(DevicePools.Read(slices), claims, pods, AcceleratorTable.Bundled).On);

    private static JsonElement Slice(string node, int devices, int tainted = 0) => Pool(
        node, $"\"devices\":[{string.Join(',', Enumerable.Range(0, devices).Select(i => $"{{\"name\":\"gpu-{i}\",{H100}{(i < tainted ? ",\"taints\":[{\"key\":\"gpu.nvidia.com/xid\",\"effect\":\"NoSchedule\"}]" : "")}}}"))}]");

    private static JsonElement Pool(string node, string content, int slices = 1, string driver = "gpu.nvidia.com") => Json(
        $$"""{"spec":{"driver":"{{driver}}","nodeName":"{{node}}","pool":{"name":"{{node}}","generation":1,"resourceSliceCount":{{slices}}},""" + content + "}}");

    private static JsonElement Claim(string space, string device, string pod, bool admin = false) => Json($$$"""
        {"metadata":{"namespace":"{{{space}}}","name":"c"},"status":{"allocation":{"devices":{"results":[{"driver":"gpu.nvidia.com","pool":"a","device":"{{{device}}}"{{{(admin ? ",\"adminAccess\":true" : "")}}}}]}},
        "reservedFor":[{"resource":"pods","name":"{{{pod}}}"}]}}
        """);

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
