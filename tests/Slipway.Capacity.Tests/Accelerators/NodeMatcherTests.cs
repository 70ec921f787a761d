using Slipway.Capacity.Accelerators;

namespace Slipway.Capacity.Tests.Accelerators;

public sealed class NodeMatcherTests
{
    [Theory]
    [InlineData("nvidia.com/gpu", "nvidia.com/gpu.product=NVIDIA-L40", "l40")]
    [InlineData("nvidia.com/gpu", "nvidia.com/gpu.product=NVIDIA-L40S", "l40s")]
    [InlineData("nvidia.com/gpu", "nvidia.com/gpu.product=NVIDIA-L4", "l4")]
    [InlineData("nvidia.com/gpu", "nvidia.com/gpu.product=NVIDIA-GH200-480GB", "gh200-96gb")]
    [InlineData("nvidia.com/gpu", "nvidia.com/gpu.product=NVIDIA-H200", "h200-sxm")]
    [InlineData("nvidia.com/gpu", "nvidia.com/gpu.product=NVIDIA-A10", "a10")]
    [InlineData("nvidia.com/gpu", "nvidia.com/gpu.product=NVIDIA-A10G", "a10g")]
    [InlineData("nvidia.com/gpu", "nvidia.com/gpu.product=TESLA-T4", "t4")]
    [InlineData("nvidia.com/gpu", "nvidia.com/gpu.product=Tesla-T4-SHARED", "t4")]
    [InlineData("nvidia.com/gpu", "nvidia.com/gpu.product=NVIDIA-Tesla-V100;nvidia.com/gpu.memory=16160", "v100-16gb")]
    [InlineData("nvidia.com/gpu", "nvidia.com/gpu.product=Orin;nvidia.com/gpu.memory=62841", "orin-64gb")]
    [InlineData("nvidia.com/gpu", "nvidia.com/gpu.product=Orin;nvidia.com/gpu.memory=7620", "orin-nano-8gb")]
    [InlineData("nvidia.com/gpu", "cloud.google.com/gke-accelerator=nvidia-l4", "l4")]
    [InlineData("nvidia.com/gpu", "cloud.google.com/gke-accelerator=nvidia-h100-mega-80gb", "h100-sxm")]
    [InlineData("nvidia.com/gpu", "nvidia.com/gpu.product=NVIDIA-L4-new;cloud.google.com/gke-accelerator=nvidia-l4", "l4")]
    [InlineData("amd.com/gpu", "amd.com/gpu.device-id=74a1;amd.com/gpu.product-name=Nonsense", "mi300x")]
    [InlineData("amd.com/gpu", "beta.amd.com/gpu.device-id.74a5=8", "mi325x")]
    [InlineData("amd.com/gpu", "amd.com/gpu.product-name=AMD_Instinct_MI300X_OAM;amd.com/gpu.vram=192G", "mi300x")]
    [InlineData("amd.com/gpu", "amd.com/gpu.device-id=740c;amd.com/gpu.vram=64G", "mi250")]
    [InlineData("amd.com/gpu", "amd.com/gpu.device-id=ffff;amd.com/gpu.product-name=AMD_Instinct_MI210", "mi210")]
    [InlineData("gpu.intel.com/xe", "gpu.intel.com/product=Max_1550", "max1550")]
    [InlineData("gpu.intel.com/i915", "gpu.intel.com/device-id.0380-56c0.present=true", "flex170")]
    [InlineData("habana.ai/gaudi", "feature.node.kubernetes.io/pci-1200_1da3_1020.present=true", "gaudi2")]
    [InlineData("google.com/tpu", "cloud.google.com/gke-tpu-accelerator=tpu-v5-lite-podslice", "tpu-v5e")]
    [InlineData("google.com/tpu", "cloud.google.com/gke-tpu-accelerator=tpu-v6e-slice", "tpu-v6e")]
    public void Labels_of_every_vendor_are_known(string resource, string labels, string key)
    {
        var known = Assert.IsType<AcceleratorMatch.Known>(Match(resource, labels));
        Assert.Equal(key, known.Facts.Device.Key);
        Assert.NotEmpty(known.Seen);
    }

    [Theory]
    [InlineData("nvidia.com/gpu", "nvidia.com/gpu.product=NVIDIA-L4000", "nvidia.com/gpu.product=NVIDIA-L4000")]
    [InlineData("nvidia.com/gpu", "nvidia.com/gpu.product=L4", "nvidia.com/gpu.product=L4")]
    [InlineData("nvidia.com/gpu", "nvidia.com/gpu.product=NVIDIA-A10-8Q", "nvidia.com/gpu.product=NVIDIA-A10-8Q")]
    [InlineData("nvidia.com/gpu", "nvidia.com/gpu.product=Orin", "nvidia.com/gpu.product=Orin")]
    [InlineData("nvidia.com/gpu", "nvidia.com/gpu.product=NVIDIA-L4-MIG-1g.5gb", "nvidia.com/gpu.product=NVIDIA-L4-MIG-1g.5gb")]
    [InlineData("nvidia.com/gpu", "nvidia.com/gpu.product=NVIDIA-A100-SXM4-40GB-MIG-huge", "nvidia.com/gpu.product=NVIDIA-A100-SXM4-40GB-MIG-huge")]
    [InlineData("nvidia.com/gpu", "", "resource nvidia.com/gpu")]
    [InlineData("amd.com/gpu", "amd.com/gpu.device-id=dead", "amd.com/gpu.device-id=dead")]
    [InlineData("habana.ai/gaudi", "feature.node.kubernetes.io/pci-1da3.present=true", "resource habana.ai/gaudi")]
    [InlineData("gpu.intel.com/xe", "gpu.intel.com/device-id.0380-56c0.present=true;gpu.intel.com/device-id.0380-0bd5.present=true", "gpu.intel.com/device-id.0380-56c0.present")]
    public void Unknown_stays_unknown_with_what_was_seen(string resource, string labels, string seen)
    {
        var unknown = Assert.IsType<AcceleratorMatch.Unknown>(Match(resource, labels));
        Assert.Contains(seen, unknown.Seen);
        Assert.NotEmpty(unknown.Reason);
    }

    [Fact]
    public void An_ambiguous_name_says_what_it_may_be() =>
        Assert.Equal(["orin-64gb", "orin-nano-8gb"], Assert.IsType<AcceleratorMatch.Unknown>(Match("nvidia.com/gpu", "nvidia.com/gpu.product=Orin")).Candidates.Order());

    [Fact]
    public void Another_memory_makes_a_variant_of_unknown_speed()
    {
        var known = Assert.IsType<AcceleratorMatch.Known>(Match("nvidia.com/gpu", "nvidia.com/gpu.product=NVIDIA-GeForce-RTX-3060;nvidia.com/gpu.memory=8192"));
        Assert.Equal(8L << 30, known.Device.MemoryBytes);
        Assert.Null(known.Device.BandwidthBytesPerSecond);
        Assert.StartsWith("8 GiB seen, where the table's GeForce RTX 3060 12GB has 12", known.Note, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nvidia.com/gpu", "nvidia.com/gpu.product=NVIDIA-A100-SXM4-40GB-MIG-1g.5gb;nvidia.com/gpu.memory=4864", 1 / 8.0, 1 / 7.0)]
    [InlineData("nvidia.com/mig-3g.20gb", "nvidia.com/gpu.product=NVIDIA-A100-SXM4-40GB;nvidia.com/gpu.memory=40960", 4 / 8.0, 3 / 7.0)]
    [InlineData("nvidia.com/mig-1g.10gb.me", "nvidia.com/gpu.product=NVIDIA-H100-80GB-HBM3", 1 / 8.0, 1 / 7.0)]
    [InlineData("nvidia.com/mig-1g.24gb", "nvidia.com/gpu.product=NVIDIA-RTX-PRO-6000-Blackwell-Server-Edition", 1 / 4.0, 1 / 4.0)]
    [InlineData("nvidia.com/mig-1g.23gb", "nvidia.com/gpu.product=NVIDIA-B200", 1 / 8.0, 1 / 7.0)]
    [InlineData("nvidia.com/gpu", "nvidia.com/gpu.product=Tesla-T4-SHARED;nvidia.com/gpu.replicas=4;nvidia.com/gpu.sharing-strategy=time-slicing", 1 / 4.0, 1 / 4.0)]
    [InlineData("nvidia.com/gpu.shared", "nvidia.com/gpu.product=Tesla-T4;nvidia.com/gpu.replicas=2;nvidia.com/gpu.sharing-strategy=mps", 1 / 2.0, 1 / 2.0)]
    [InlineData("nvidia.com/mig-1g.5gb", "nvidia.com/gpu.product=NVIDIA-A100-SXM4-40GB;nvidia.com/mig-1g.5gb.replicas=2", 1 / 16.0, 1 / 14.0)]
    [InlineData("nvidia.com/gpu", "cloud.google.com/gke-accelerator=nvidia-tesla-a100;cloud.google.com/gke-gpu-partition-size=2g.10gb;cloud.google.com/gke-max-shared-clients-per-gpu=2", 1 / 8.0, 1 / 7.0)]
    [InlineData("amd.com/cpx_nps4", "amd.com/gpu.device-id=74a1", 1 / 8.0, 1 / 8.0)]
    public void A_slice_is_a_part_of_memory_and_of_compute(string resource, string labels, double memory, double compute)
    {
        var known = Assert.IsType<AcceleratorMatch.Known>(Match(resource, labels));
        Assert.Equal((memory, compute), (known.Fraction.Memory, known.Fraction.Compute));
        Assert.NotEmpty(known.Fraction.How);
        // The device is the whole one, whatever memory the labels of a slice tell.
        Assert.Equal((known.Facts.Device.MemoryBytes, ""), (known.Device.MemoryBytes, known.Note));
        Assert.Equal((long)(known.Device.MemoryBytes * memory), known.UnitMemoryBytes);
    }

    [Fact]
    public void A_machine_type_tells_what_labels_do_not()
    {
        var neuron = Assert.IsType<AcceleratorMatch.Known>(NodeMatcher.Match("aws.amazon.com/neuron", Labels(""), MachineTypeTable.Bundled.Find("aws", "trn1.32xlarge"), AcceleratorTable.Bundled));
        Assert.Equal("trainium", neuron.Facts.Device.Key);
        var slice = Assert.IsType<AcceleratorMatch.Known>(NodeMatcher.Match("nvidia.com/gpu", Labels("nvidia.com/gpu.product=NVIDIA-A10-4Q"), MachineTypeTable.Bundled.Find("azure", "Standard_NV6ads_A10_v5"), AcceleratorTable.Bundled));
        Assert.Equal(("a10", 0.1667), (slice.Facts.Device.Key, slice.Fraction.Memory));
        var labelled = Assert.IsType<AcceleratorMatch.Known>(NodeMatcher.Match("nvidia.com/gpu", Labels("nvidia.com/gpu.product=NVIDIA-L4;nvidia.com/gpu.memory=2861"), MachineTypeTable.Bundled.Find("aws", "g6f.xlarge"), AcceleratorTable.Bundled));
        Assert.Equal((22888L << 20, 0.125), (labelled.Device.MemoryBytes, labelled.Fraction.Memory));
        // A machine type of one vendor says nothing of another vendor's resource.
        Assert.IsType<AcceleratorMatch.Unknown>(NodeMatcher.Match("amd.com/gpu", Labels(""), MachineTypeTable.Bundled.Find("aws", "p5.48xlarge"), AcceleratorTable.Bundled));
    }

    [Theory]
    [InlineData("cpu")]
    [InlineData("nvidia.com/mig-strategy")]
    [InlineData("nvidia.com/gpu.memory")]
    [InlineData("amd.com/gpu-memory")]
    [InlineData("example.com/gpu")]
    public void Other_resources_are_no_accelerators(string resource) => Assert.Null(Match(resource, ""));

    internal static AcceleratorMatch? Match(string resource, string labels) => NodeMatcher.Match(resource, Labels(labels), null, AcceleratorTable.Bundled);

    internal static Dictionary<string, string> Labels(string text) => text.Split(';', StringSplitOptions.RemoveEmptyEntries)
        .Select(static l => l.Split('=', 2)).ToDictionary(static p => p[0], static p => p[1], StringComparer.Ordinal);
}
