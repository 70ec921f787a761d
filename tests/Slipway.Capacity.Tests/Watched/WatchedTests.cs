using System.Text.Json;
using Slipway.Capacity.Accelerators;
using Slipway.Capacity.Answers;
using Slipway.Capacity.Inventory.Slices;
using Slipway.Capacity.Inventory.Watched;
using Slipway.Capacity.Prices;
using Slipway.Capacity.Tests.Answers;
using Slipway.Capacity.Tests.Inventory;

namespace Slipway.Capacity.Tests.Watched;

/// <summary>What monitors of devices say, in the inventory, in capacity and in the cost of what idles.</summary>
public sealed class WatchedTests
{
    private static readonly DateTimeOffset s_now = CapacityAnswerTests.Now;

    [Fact]
    public void A_broken_device_is_there_and_not_to_be_had_and_is_told()
    {
        var watched = WatchedNodes.Of([Report("a", new DeviceReading("GPU-1") { Name = "H100", Busy = 0, Broken = "it is lost" }, new DeviceReading("GPU-0") { Busy = 0 })], s_now);
        var slice = Slice("""{"name":"gpu-0","attributes":{"uuid":{"string":"GPU-0"},H100}},{"name":"gpu-1","attributes":{"uuid":{"string":"GPU-1"},H100}}""");
        var device = Assert.Single(SliceInventory.Of(DevicePools.Read([slice]), [], [], AcceleratorTable.Bundled, watched).On(Cluster.Node("a")));
        Assert.Equal((2, 1, 1), (device.Total, device.Allocatable, device.Free));
        Assert.Equal(["a: H100 GPU-1 is broken: it is lost"], watched.Notes);
        Assert.Equal(2, Assert.Single(SliceInventory.Of(DevicePools.Read([slice]), [], [], AcceleratorTable.Bundled).On(Cluster.Node("a"))).Free);
    }

    [Fact]
    public void A_partition_of_a_broken_device_is_broken_too()
    {
        var watched = WatchedNodes.Of([Report("a", new DeviceReading("GPU-1") { Broken = "it is lost" })], s_now);
        var slice = JsonDocument.Parse("""
            {"metadata":{"name":"a"},"spec":{"driver":"gpu.nvidia.com","nodeName":"a","pool":{"name":"a","generation":1,"resourceSliceCount":1},"devices":[
              {"name":"gpu-1-mig-0","attributes":{"type":{"string":"mig"},"parentUUID":{"string":"GPU-1"},"profile":{"string":"3g.40gb"},"productName":{"string":"NVIDIA H100 80GB HBM3"}},"capacity":{"memory":{"value":"40320Mi"}}}]}}
            """).RootElement;
        Assert.Equal((1, 0), Assert.Single(SliceInventory.Of(DevicePools.Read([slice]), [], [], AcceleratorTable.Bundled, watched).On(Cluster.Node("a"))) is var d ? (d.Total, d.Free) : default);
    }

    [Fact]
    public void What_pods_have_and_do_not_compute_on_costs_money()
    {
        var view = CapacityAnswerTests.View([CapacityAnswerTests.Azure("a", 4)], [Cluster.Pod("p", "a", 3)]);
        var watched = view with { Watched = WatchedNodes.Of([Report("a", [.. new[] { 1.0, 0.5, 0, 0 }.Select((b, i) => new DeviceReading($"GPU-{i}") { Busy = b })])], s_now) };
        var node = Assert.Single(CapacityAnswer.OfCluster(watched, PriceBook.Bundled, s_now).Nodes);
        // Of three that are held one and a half compute: of four devices' price 1.5 / 4 is held for nothing.
        Assert.Equal(Math.Round(node.Price.PerHour!.Value * 0.375m, 6), node.HeldIdlePerHour.Amount);
        Assert.Equal(4, node.Readings.Length);
        var blind = Assert.Single(CapacityAnswer.OfCluster(view, PriceBook.Bundled, s_now).Nodes).HeldIdlePerHour;
        Assert.Equal((null, "no monitor of the devices says how busy they are"), (blind.Amount, blind.Unknown));
    }

    [Fact]
    public void What_is_not_known_of_one_device_is_not_known_of_the_node() =>
        Assert.Null(WatchedNodes.Of([Report("a", new DeviceReading("GPU-0") { Busy = 1 }, new DeviceReading("GPU-1"))], s_now)
            .HeldIdle(Assert.Single(CapacityAnswerTests.View([CapacityAnswerTests.Azure("a", 2)], [Cluster.Pod("p", "a", 2)]).Inventory.Nodes)));

    [Fact]
    public void A_monitor_that_is_silent_or_cannot_read_is_told_and_does_not_count()
    {
        var watched = WatchedNodes.Of(
        [
            Report("old", new DeviceReading("GPU-9") { Broken = "it is lost" }) with { At = s_now - TimeSpan.FromMinutes(4) },
            Report("blind") with { Unread = "libnvidia-ml.so.1 is not here" },
            Report("twice", new DeviceReading("GPU-2") { Broken = "x" }) with { At = s_now - TimeSpan.FromMinutes(1) }, Report("twice", new DeviceReading("GPU-2")),
        ], s_now);
        Assert.Null(watched.On("old"));
        Assert.False(watched.IsBroken("GPU-9"));
        Assert.False(watched.IsBroken("GPU-2"));
        Assert.Equal(["the devices of node blind cannot be read: libnvidia-ml.so.1 is not here", "the monitor of node old has said nothing since 2026-11-10 23:56:00Z: what it said is left out"], watched.Notes);
    }

    [Fact]
    public void A_report_comes_back_as_it_was_written_and_what_is_none_is_passed_over()
    {
        var report = Report("a", new DeviceReading("GPU-0") { Name = "H100", Busy = 0.25, UsedMemoryBytes = 1, MemoryBytes = 2, Broken = "x" });
        var back = NodeReport.Read(report.Write())!;
        Assert.Equal((report.Node, report.At, report.Devices[0]), (back.Node, back.At, Assert.Single(back.Devices)));
        Assert.Null(NodeReport.Read("{"));
        Assert.Null(NodeReport.Read("{}"));
        Assert.Null(NodeReport.Read(""));
    }

    [Fact]
    public void One_look_is_no_measure_of_how_busy_a_device_is()
    {
        var window = new BusyWindow(2);
        double? Look(double? busy) => window.Add([new DeviceReading("GPU-0") { Busy = busy }]).Single().Busy;
        Assert.Equal([1.0, 0.5, 0.25], new[] { Look(1), Look(0), Look(0.5) });
        Assert.Null(Look(null));
        Assert.Equal(0, Look(0));
    }

    private static NodeReport Report(string node, params DeviceReading[] devices) => new(node, s_now, [.. devices], null);

    private static JsonElement Slice(string devices) => JsonDocument.Parse(
        """{"metadata":{"name":"a"},"spec":{"driver":"gpu.nvidia.com","nodeName":"a","pool":{"name":"a","generation":1,"resourceSliceCount":1},"devices":[""" + devices.Replace("H100}", "\"type\":{\"string\":\"gpu\"},\"productName\":{\"string\":\"NVIDIA H100 80GB HBM3\"}},\"capacity\":{\"memory\":{\"value\":\"81559Mi\"}}", StringComparison.Ordinal) + "]}}").RootElement;
}
