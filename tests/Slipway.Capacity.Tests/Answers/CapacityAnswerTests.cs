using System.Collections.Immutable;
using System.Text.Json;
using Slipway.Capacity.Accelerators;
using Slipway.Capacity.Answers;
using Slipway.Capacity.Inventory;
using Slipway.Capacity.Inventory.Local;
using Slipway.Capacity.Prices;
using Slipway.Capacity.Tests.Inventory;

namespace Slipway.Capacity.Tests.Answers;

public sealed class CapacityAnswerTests
{
    internal const string Label = "airunway.ai/model-deployment";

    internal static readonly DateTimeOffset Now = new(2026, 11, 11, 0, 0, 0, TimeSpan.Zero);

    internal static NodeFacts Azure(string name, long gpus = 1) => Cluster.Node(
        name, "nvidia.com/gpu.product=NVIDIA-A100-80GB-PCIe;nvidia.com/gpu.memory=81920;topology.kubernetes.io/region=eastus;node.kubernetes.io/instance-type=Standard_NC24ads_A100_v4", gpus, provider: "azure:///x");

    internal static PodFacts Of(string model, PodFacts pod) => pod with { Labels = ImmutableDictionary<string, string>.Empty.Add(Label, model) };

    internal static ClusterView View(NodeFacts[] nodes, PodFacts[] pods, params RunningModel[] models) =>
        new(InventoryBuilder.Bundled.Build(nodes, pods), [.. models], [Label]);

    [Fact]
    public void A_node_says_what_it_has_who_has_it_and_what_that_costs()
    {
        var view = View([Azure("a", 2)], [Of("qwen", Cluster.Pod("p", "a", 1)), Cluster.Pod("other", "a", cpu: 100), Of("qwen", Cluster.Pod("w", ""))], new RunningModel("default", "qwen", 1, false));
        var answer = CapacityAnswer.OfCluster(view, PriceBook.Bundled, Now);
        var node = Assert.Single(answer.Nodes);
        Assert.Equal(("azure", "eastus", "Standard_NC24ads_A100_v4"), (node.Provider, node.Region, node.MachineType));
        var device = Assert.Single(node.Devices);
        Assert.Equal((2, 1, 1), (device.Total, device.Used, device.Free));
        Assert.Equal(new DeviceHolder("default", "p", "qwen", 1), Assert.Single(device.Holders));
        Assert.Equal("USD", node.Price.Currency);
        Assert.NotNull(node.Price.Source);
        Assert.True(node.Price.AgeDays > 0);
        Assert.Equal(node.Price.PerHour, answer.PerHour.Amount);
        Assert.InRange(node.IdlePerHour.Amount!.Value, node.Price.PerHour!.Value * 0.49m, node.Price.PerHour.Value * 0.5m);
        Assert.Equal(["default/w"], answer.Waiting);
    }

    [Fact]
    public void What_is_not_known_is_said_and_is_not_0()
    {
        var answer = CapacityAnswer.OfCluster(View([Cluster.Node("a", "nvidia.com/gpu.product=NVIDIA-Z9000", 4), Azure("b")], []), PriceBook.Bundled, Now);
        var device = Assert.Single(answer.Nodes[0].Devices);
        Assert.Equal((null, null, 4L), (device.Accelerator, device.UnitMemoryBytes, device.Free));
        Assert.Contains("table", device.Unknown, StringComparison.Ordinal);
        Assert.Contains("NVIDIA-Z9000", string.Join(' ', device.Seen), StringComparison.Ordinal);
        Assert.Null(answer.Nodes[0].Price.PerHour);
        Assert.Contains("the provider is not known", answer.Nodes[0].Price.Unknown, StringComparison.Ordinal);
        Assert.Null(answer.PerHour.Amount);
        Assert.Equal(answer.Nodes[1].Price.PerHour, Assert.Single(answer.PerHour.Known).Amount);
    }

    [Fact]
    public void Slices_say_what_they_are_of()
    {
        var node = Cluster.Node("a", "nvidia.com/gpu.product=NVIDIA-A100-SXM4-40GB;nvidia.com/mig.strategy=mixed", 14, "nvidia.com/mig-1g.5gb");
        var device = Assert.Single(CapacityAnswer.OfCluster(View([node], []), PriceBook.Bundled, Now).Nodes[0].Devices);
        Assert.Equal("MIG 1g.5gb", device.Shared);
        Assert.Equal(1.75, device.WholeDevices);
        Assert.InRange(device.UnitMemoryBytes!.Value, 4L << 30, 6L << 30);
    }

    [Fact]
    public void A_label_without_its_deployment_makes_no_model()
    {
        var answer = CapacityAnswer.OfCluster(View([Azure("a")], [Of("gone", Cluster.Pod("p", "a", 1))], new RunningModel("elsewhere", "gone", 1, false)), PriceBook.Bundled, Now);
        Assert.Null(Assert.Single(answer.Nodes[0].Devices[0].Holders).Deployment);
    }

    [Fact]
    public void Of_this_machine_nobody_says_who_has_its_devices_or_what_it_costs()
    {
        var row = AcceleratorTable.Bundled.Find("l4")!;
        var match = new AcceleratorMatch.Known(row, row.Device, DeviceFraction.Whole, "x");
        var answer = CapacityAnswer.OfMachine(new LocalMachine(8, 64L << 30, null, [new("0000:01:00.0", match), new("0000:02:00.0", match)], ["a note"]), "desk", Now);
        var device = Assert.Single(Assert.Single(answer.Nodes).Devices);
        Assert.Equal((2, null, null), (device.Total, device.Used, device.Free));
        Assert.Null(answer.PerHour.Amount);
        Assert.Equal(["a note"], answer.Notes);
        using var json = JsonDocument.Parse(JsonSerializer.Serialize(answer, AnswersJson.Default.CapacityAnswer));
        Assert.Equal("machine", json.RootElement.GetProperty("of").GetString());
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("nodes")[0].GetProperty("devices")[0].GetProperty("free").ValueKind);
    }
}
