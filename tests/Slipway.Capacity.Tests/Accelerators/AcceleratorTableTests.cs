using Slipway.Capacity.Accelerators;

namespace Slipway.Capacity.Tests.Accelerators;

public sealed class AcceleratorTableTests
{
    public static TheoryData<string> Keys => [.. SharedData.Csv("gpus.csv").Rows.Select(static r => r["key"])];

    [Theory]
    [MemberData(nameof(Keys))]
    public void Every_figure_is_that_of_the_facts(string key)
    {
        var fact = SharedData.Csv("gpus.csv").Rows.Single(r => r["key"] == key);
        var row = AcceleratorTable.Bundled.Find(key)!;
        // Kubernetes and the driver count an MI250's two dies as two devices.
        var dies = key is "mi250" or "mi250x" ? 2 : 1;
        Assert.Equal((fact.Number("memory_mib_reported") ?? fact.Number("memory_gb") * 1024 / dies) * 1024 * 1024, row.Device.MemoryBytes);
        Assert.Equal(fact.Number("mem_bw_gbs") / dies, row.Device.BandwidthBytesPerSecond / 1e9);
        Assert.Equal(fact.Number("fp16_tflops_dense") / dies, row.Device.Fp16FlopsPerSecond / 1e12);
        Assert.Equal(fact.Number("fp8_tflops_dense"), row.Device.Fp8FlopsPerSecond / 1e12);
        Assert.Equal(fact.Number("int8_tops_dense") / dies, row.Device.Int8OpsPerSecond / 1e12);
        Assert.Equal(fact.Number("fp4_tflops_dense"), row.Device.Fp4FlopsPerSecond / 1e12);
        Assert.Equal(fact["status"] == "ga", row.Available);
        Assert.NotEmpty(row.Source);
        Assert.Equal(fact["fields_from_memory"].Contains("mem_bw_gbs", StringComparison.Ordinal), row.Unread.Contains("bandwidth_gbs"));
    }

    [Fact]
    public void An_unknown_figure_is_null_and_never_0() => Assert.All(AcceleratorTable.Bundled.Rows, static r =>
        Assert.All(
            new[] { r.Device.BandwidthBytesPerSecond, r.Device.Fp16FlopsPerSecond, r.Device.Fp8FlopsPerSecond, r.Device.Int8OpsPerSecond, r.Device.Fp4FlopsPerSecond, r.Device.LinkBytesPerSecond },
            static f => Assert.True(f is null or > 0)));

    [Fact]
    public void A_pci_id_means_one_row() =>
        Assert.All(AcceleratorTable.Bundled.Rows.SelectMany(static r => r.DeviceIds), static id => Assert.Single(AcceleratorTable.Bundled.OfDeviceId(id)));

    [Fact]
    public void Every_machine_type_is_that_of_the_facts()
    {
        var facts = SharedData.Csv("sku_gpu_map.csv").Rows;
        Assert.Equal(159, facts.Length);
        Assert.Equal(facts.Length, MachineTypeTable.Bundled.Rows.Length);
        Assert.All(facts, static f =>
        {
            var row = MachineTypeTable.Bundled.Find(f["provider"], f["sku"])!;
            Assert.Equal((f["gpu_key"], f.Number("gpu_count"), f.Number("vcpu"), f.Number("memory_gib")), (row.Accelerator.Device.Key, row.Count, row.Vcpus, row.MemoryGib));
        });
    }

    [Theory]
    [InlineData("aws", "p5.48xlarge.big")]
    [InlineData("azure", "p5.48xlarge")]
    [InlineData("aws", "p5")]
    public void A_machine_type_is_known_by_its_whole_name_at_its_own_provider(string provider, string name) =>
        Assert.Null(MachineTypeTable.Bundled.Find(provider, name));
}
