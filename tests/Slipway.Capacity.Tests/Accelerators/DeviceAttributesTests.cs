using System.Collections.Immutable;
using Slipway.Capacity.Accelerators;

namespace Slipway.Capacity.Tests.Accelerators;

public sealed class DeviceAttributesTests
{
    [Theory]
    [InlineData("gpu.nvidia.com", "type=gpu;productName=NVIDIA H100 80GB HBM3;architecture=Hopper", 85_520_809_984, "h100-sxm", 1)]
    [InlineData("gpu.nvidia.com", "type=gpu;productName=NVIDIA GB200", 198_674_743_296, "gb200", 1)]
    [InlineData("gpu.nvidia.com", "type=mig;productName=NVIDIA H100 80GB HBM3;profile=3g.40gb", 42_144_366_592, "h100-sxm", 0.5)]
    [InlineData("gpu.amd.com", "type=amdgpu;deviceID=74a1;productName=whatever", 206_141_652_992, "mi300x", 1)]
    [InlineData("gpu.amd.com", "type=amdgpu-partition;parentDeviceID=0x74a1;partitionProfile=cpx_nps4", 25_767_706_624, "mi300x", 0.125)]
    [InlineData("gpu.intel.com", "model=Flex 170;pciId=0x56c0", 0, "flex170", 1)]
    [InlineData("gaudi.intel.com", "model=Gaudi3;pciId=0x1060", 0, "gaudi3", 1)]
    public void A_device_is_known_by_its_driver_s_attributes(string driver, string text, long memory, string key, double share)
    {
        var known = Assert.IsType<AcceleratorMatch.Known>(Of(driver, text, memory).Match(AcceleratorTable.Bundled));
        Assert.Equal(key, known.Facts.Device.Key);
        Assert.Equal(share, known.Fraction.Memory, 2);
        Assert.StartsWith(driver, known.Seen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gpu.nvidia.com", "type=gpu;productName=NVIDIA H1000")]
    [InlineData("gpu.nvidia.com", "type=mig;productName=NVIDIA H100 80GB HBM3;profile=none")]
    [InlineData("gpu.amd.com", "type=amdgpu")]
    [InlineData("gpu.intel.com", "model=Flex")]
    public void An_unknown_device_stays_unknown(string driver, string text) =>
        Assert.IsType<AcceleratorMatch.Unknown>(Of(driver, text, 0).Match(AcceleratorTable.Bundled));

    [Fact]
    public void A_network_device_is_no_accelerator() => Assert.Null(Of("dra.net", "ifName=eth0", 0).Match(AcceleratorTable.Bundled));

    private static DeviceAttributes Of(string driver, string text, long memory) =>
        new(driver, NodeMatcherTests.Labels(text).ToImmutableDictionary(), memory > 0 ? memory : null);
}
