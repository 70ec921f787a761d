using Slipway.Runtimes.Kaito;
using Slipway.Runtimes.Tests.Harness;

namespace Slipway.Runtimes.Tests.Kaito;

public sealed class KaitoInstanceTests
{
    [Theory]
    [InlineData("Standard_NC48ads_A100_v4", 2, null)]
    [InlineData("Standard_NC48ads_A100_v4", 1, "2")]
    [InlineData("p5.48xlarge", 4, "8")]
    public void A_number_of_GPUs_that_the_instance_does_not_have_blocks(string type, int count, string? has)
    {
        var refusal = Provisioned(type).Refusal(Preset(count), "spec.resources.gpu.count");
        if (has is null) Assert.Null(refusal);
        else Assert.True(refusal is { Blocking: true } && refusal.Why.Contains($"ask for {has}", StringComparison.Ordinal), refusal?.Why);
    }

    [Fact]
    public void An_instance_that_is_not_known_is_named() =>
        Assert.True(Provisioned("Standard_New_v9").Refusal(Preset(1), "spec.resources.gpu.count") is { Blocking: false });

    [Fact]
    public void An_instance_without_NVIDIA_GPUs_blocks_a_preset() =>
        Assert.True(Provisioned("Standard_NG32ads_V620_v1").Refusal(Preset(1), "spec.provider") is { Blocking: true });

    [Fact]
    public void Where_KAITO_makes_nodes_it_must_be_told_which() =>
        Assert.True(new KaitoRuntime(new KaitoOptions { AutoProvisioning = true }).Refusal(Preset(1), "spec.provider") is { Blocking: true });

    [Fact]
    public void An_override_names_the_instance()
    {
        var deployment = Manifest.Of("""{"model":{"id":"org/model"},"engine":{"type":"vllm"},"resources":{"gpu":{"count":8}},"provider":{"overrides":{"resource":{"instanceType":"p5.48xlarge"}}}}""");
        var runtime = Provisioned("Standard_NC24ads_A100_v4");
        Assert.Empty(runtime.Unsupported(deployment));
        Assert.Equal("p5.48xlarge", (string?)runtime.Rendered(deployment)["resource"]!["instanceType"]);
        // KAITO refuses any instance type where it makes no nodes.
        Assert.True(new KaitoRuntime().Refusal(deployment, "spec.provider.overrides.resource.instanceType") is { Blocking: true });
    }

    private static KaitoRuntime Provisioned(string type) => new(new KaitoOptions { AutoProvisioning = true, GpuInstanceType = type });

    private static Slipway.Api.ModelDeployments.ModelDeployment Preset(int count) =>
        Manifest.Of($$$$"""{"model":{"id":"org/model"},"engine":{"type":"vllm"},"resources":{"gpu":{"count":{{{{count}}}}}}}""");
}
