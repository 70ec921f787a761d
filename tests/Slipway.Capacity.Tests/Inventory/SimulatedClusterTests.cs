using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Capacity.Accelerators;
using Slipway.Capacity.Inventory.Simulated;
using Slipway.Capacity.Inventory.Slices;

namespace Slipway.Capacity.Tests.Inventory;

public sealed class SimulatedClusterTests
{
    public static TheoryData<string> Keys => [.. AcceleratorTable.Bundled.Rows.Where(static r => SimulatedDriver.Of(r) is not null).Select(static r => r.Device.Key)];

    // Whoever simulates an accelerator sees it again in slipway capacity.
    [Theory]
    [MemberData(nameof(Keys))]
    public void An_accelerator_of_the_table_is_known_again_by_what_its_driver_publishes(string key)
    {
        var cluster = Of(key, 2, 4);
        var inventory = SliceInventory.Of(DevicePools.Read(cluster.Slices().Select(Json)), [], [], AcceleratorTable.Bundled);
        var device = Assert.Single(inventory.On(new() { Name = $"simulated-{key}-1" }));
        Assert.Equal(4, device.Total);
        Assert.Contains(key, device.Match switch
        {
            AcceleratorMatch.Known known => [known.Facts.Device.Key],
            AcceleratorMatch.Unknown unknown => unknown.Candidates,
            _ => [],
        });
    }

    [Fact]
    public void Its_class_chooses_its_devices_and_pods_claim_them()
    {
        var cluster = Of("h100-sxm", 4, 8);
        var devices = ClusterDevices.Read(cluster.Slices().Select(Json), [Json(cluster.DeviceClass())], []);
        var claim = JsonDocument.Parse("""{"devices":{"requests":[{"name":"x","exactly":{"deviceClassName":"gpu.nvidia.com","count":4}}],"constraints":[{"matchAttribute":"resource.kubernetes.io/numaNode"}]}}""").RootElement;
        var fit = DeviceFit.Of(claim, devices);
        Assert.Equal((DeviceVerdict.Fits, 8), (fit.Verdict, fit.Total));
        Assert.Equal("nvidia.com/gpu", devices.Classes["gpu.nvidia.com"].GetProperty("spec").GetProperty("extendedResourceName").GetString());
    }

    [Fact]
    public void Nodes_stand_in_racks_of_the_same_size() =>
        Assert.Equal(["rack-0", "rack-0", "rack-1", "rack-1"], (Of("h100-sxm", 4, 8) with { Racks = 2 }).NodeObjects().Select(n => (string?)n["metadata"]!["labels"]![SimulatedCluster.RackLabel]));

    [Theory]
    [InlineData("tpu-v5e")]
    [InlineData("m4-max")]
    [InlineData("rubin")]
    public void What_no_driver_publishes_is_not_simulated(string key) => Assert.Null(SimulatedDriver.Of(AcceleratorTable.Bundled.Find(key)!));

    private static SimulatedCluster Of(string key, int nodes, int perNode)
    {
        var facts = AcceleratorTable.Bundled.Find(key)!;
        return new(facts, SimulatedDriver.Of(facts)!, nodes, perNode, 0);
    }

    private static JsonElement Json(JsonObject value) => JsonDocument.Parse(value.ToJsonString()).RootElement;
}
