using System.Collections.Immutable;
using CsCheck;
using Slipway.Capacity.Accelerators;

namespace Slipway.Capacity.Tests.Accelerators;

public sealed class LabelFuzzTests
{
    private static readonly string[] s_resources =
        ["nvidia.com/gpu", "nvidia.com/gpu.shared", "nvidia.com/mig-1g.5gb", "amd.com/gpu", "amd.com/cpx_nps4", "gpu.intel.com/xe", "habana.ai/gaudi", "google.com/tpu", "aws.amazon.com/neuron"];

    private static readonly string[] s_keys =
    [
        "nvidia.com/gpu.product", "nvidia.com/gpu.memory", "nvidia.com/gpu.replicas", "amd.com/gpu.device-id", "beta.amd.com/gpu.device-id.74a1", "amd.com/gpu.vram", "amd.com/gpu.product-name",
        "gpu.intel.com/product", "gpu.intel.com/device-id.0380-56c0.present", "gpu.intel.com/device-id.present", "feature.node.kubernetes.io/pci-.present", "feature.node.kubernetes.io/pci-1200_1da3_1020.present",
        "feature.node.kubernetes.io/pci-1da3.present", "cloud.google.com/gke-accelerator", "cloud.google.com/gke-tpu-accelerator", "cloud.google.com/gke-gpu-partition-size", "cloud.google.com/gke-max-shared-clients-per-gpu",
    ];

    private static readonly string[] s_products = [.. AcceleratorTable.Bundled.Rows.SelectMany(static r => r.Products.Concat(r.GkeNames))];

    private static readonly Gen<string> s_value = Gen.OneOf(
        Any.Of(s_products),
        Gen.Select(Any.Of(s_products), Any.Of("-SHARED", "-MIG-1g.5gb", "-MIG-1g.5gb-SHARED", "-MIG-", "-MIG-9g.0gb", "S", "-PCIe")).Select(static (p, s) => p + s),
        Any.Of("true", "0", "-1", "99999999999999999999", "192G", "4294967295G", "74a1", "1g.5gb", "1c.1g.5gb+me", "c.g.gb", "1.5", ""),
        Gen.String[Gen.Char["NVIDAH1204gbm.-_+c"], 0, 20]);

    [Fact]
    public void No_label_breaks_it_and_nothing_is_guessed() =>
        Gen.Select(Any.Of(s_resources), Gen.Dictionary(Any.Of(s_keys), s_value)[0, 8]).Sample((resource, labels) =>
        {
            switch (NodeMatcher.Match(resource, labels, null, AcceleratorTable.Bundled))
            {
                case AcceleratorMatch.Known known:
                    Assert.InRange(known.Fraction.Memory, 1e-9, 1);
                    Assert.InRange(known.Fraction.Compute, 1e-9, 1);
                    Assert.True(known.Device.MemoryBytes > 0);
                    Assert.True(Says(known, labels), known.Seen);
                    break;
                case AcceleratorMatch.Unknown unknown:
                    Assert.NotEmpty(unknown.Seen);
                    Assert.All(unknown.Candidates, static c => Assert.NotNull(AcceleratorTable.Bundled.Find(c)));
                    break;
                default:
                    Assert.Fail("an accelerator's resource has a match");
                    break;
            }
        }, iter: 20_000);

    [Fact]
    public void A_product_with_one_more_or_one_fewer_character_is_another_product() => Gen.Select(Any.Of(s_products), Gen.Char.AlphaNumeric).Sample((product, more) =>
    {
        var known = s_products.ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var other in new[] { product + more, more + product, product[1..], product[..^1] }.Where(o => !known.Contains(o)))
        {
            Assert.IsType<AcceleratorMatch.Unknown>(NodeMatcherTests.Match("nvidia.com/gpu", $"nvidia.com/gpu.product={other}"));
            Assert.IsType<AcceleratorMatch.Unknown>(NodeMatcherTests.Match("gpu.intel.com/xe", $"gpu.intel.com/product={other}"));
            Assert.IsType<AcceleratorMatch.Unknown>(NodeMatcherTests.Match("google.com/tpu", $"cloud.google.com/gke-tpu-accelerator={other}"));
        }
    });

    [Fact]
    public void Any_text_is_a_profile_or_none() => Gen.String[Gen.Char["0123479cg.b+me-"], 0, 16].Sample(static text =>
    {
        if (MigProfile.Parse(text) is not { } profile) return;
        Assert.True(profile.ComputeSlices > 0 && profile.MemoryGb > 0);
        foreach (var row in AcceleratorTable.Bundled.Rows)
        {
            if (profile.On(row) is { } part) Assert.True(part is { Memory: > 0 and <= 1, Compute: > 0 and <= 1 });
        }
    });

    [Fact]
    public void Any_attributes_give_an_answer() =>
        Gen.Select(Any.Of("gpu.nvidia.com", "gpu.amd.com", "gpu.intel.com", "gaudi.intel.com", "dra.net"), Gen.Dictionary(Any.Of("productName", "type", "profile", "deviceID", "parentDeviceID", "model", "pciId"), s_value)[0, 5], Gen.Long)
            .Sample(static (driver, attributes, memory) =>
            {
                var match = new DeviceAttributes(driver, attributes.ToImmutableDictionary(), memory > 0 ? memory : null).Match(AcceleratorTable.Bundled);
                Assert.Equal(driver == "dra.net", match is null);
            });

    // What a match rests on is a label's value, whole but for NVIDIA's own suffixes, that the row lists.
    private static bool Says(AcceleratorMatch.Known known, Dictionary<string, string> labels) => labels.Any(l =>
        known.Facts.Products.Concat(known.Facts.GkeNames).Any(n => n.Equals(NvidiaLabels.Split(l.Value).Name, StringComparison.OrdinalIgnoreCase))
        || known.Facts.DeviceIds.Any(id => l.Value == id[5..] || l.Key.Contains(id[5..], StringComparison.Ordinal)));
}
