using Slipway.Runtimes.Kaito;
using Slipway.Runtimes.Tests.Harness;

namespace Slipway.Runtimes.Tests.Kaito;

public sealed class KaitoLimitsTests
{
    private const string Preset = """{"model":{"id":"org/model"},"engine":{"type":"vllm"},"resources":{"gpu":{"count":1}}}""";
    private const string Set = """{"model":{"id":"org/model"},"engine":{"type":"vllm"},"resources":{"gpu":{"count":1}},"scaling":{"replicas":2}}""";

    private readonly KaitoRuntime _runtime = new();

    [Theory]
    [InlineData(Preset, 52)]
    [InlineData(Set, 46)]
    public void A_name_that_is_too_long_for_what_KAITO_makes_of_it_blocks(string spec, int longest)
    {
        Assert.Null(_runtime.Refusal(Manifest.Of(spec, new string('a', longest)), "metadata.name"));
        var refusal = _runtime.Refusal(Manifest.Of(spec, new string('a', longest + 1)), "metadata.name");
        Assert.True(refusal is { Blocking: true });
        Assert.Contains($"{longest}", refusal.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_begins_with_a_digit_blocks() =>
        Assert.True(_runtime.Refusal(Manifest.Of(Preset, "7b"), "metadata.name") is { Blocking: true });

    [Theory]
    [InlineData("""{"inference":{"template":{"spec":{"hostNetwork":true}}}}""", "inference.template.spec.hostNetwork")]
    [InlineData("""{"inference":{"preset":{"name":"other"}}}""", "inference.preset.name")]
    [InlineData("""{"metadata":{"annotations":{"kaito.sh/enablelb":"true"}}}""", "metadata.annotations.kaito.sh/enablelb")]
    [InlineData("""{"metadata":{"name":"other"}}""", "metadata.name")]
    [InlineData("""{"spec":{"replicas":9}}""", "spec.replicas")]
    public void Overrides_reach_no_further_than_they_may(string overrides, string refused)
    {
        var deployment = Manifest.Of($$$"""{"model":{"id":"org/model"},"engine":{"type":"vllm"},"provider":{"overrides":{{{overrides}}}}}""");
        Assert.True(_runtime.Refusal(deployment, $"spec.provider.overrides.{refused}") is { Blocking: true });
    }

    [Theory]
    [InlineData("""{"model":{"id":"org/model","adapters":[{"name":"a","id":"org/a"}]},"engine":{"type":"vllm"}}""", "spec.model.adapters[a]")]
    [InlineData("""{"model":{"id":"org/model"},"engine":{"type":"vllm","image":"mine:1"}}""", "spec.engine.image")]
    [InlineData("""{"model":{"id":"org/model"},"engine":{"type":"vllm","extraArgs":["-tp","2"]}}""", "spec.engine.extraArgs")]
    [InlineData("""{"model":{"id":"org/model"},"engine":{"type":"vllm","extraArgs":["--lora-modules","a=b","c=d"]}}""", "spec.engine.extraArgs")]
    [InlineData("""{"model":{"id":"org/model"},"engine":{"type":"vllm","args":{"port":"80"}}}""", "spec.engine.args[port]")]
    [InlineData("""{"model":{"id":"org/model"},"engine":{"type":"llamacpp","args":{"address":":80"}}}""", "spec.engine.args[address]")]
    [InlineData("""{"model":{"id":"org/model","quantization":"Q4_K_M"},"engine":{"type":"llamacpp"}}""", "spec.model.quantization")]
    [InlineData("""{"model":{"id":"org/model","revision":"v1"},"engine":{"type":"llamacpp"}}""", "spec.model.revision")]
    [InlineData("""{"model":{"id":"org/model"},"engine":{"type":"llamacpp"},"resources":{"gpu":{"count":1,"type":"amd.com/gpu"}}}""", "spec.resources.gpu.type")]
    [InlineData("""{"model":{"id":"org/model"},"engine":{"type":"vllm"},"resources":{"gpu":{"count":1,"type":"amd.com/gpu"}}}""", "spec.resources.gpu.type")]
    [InlineData("""{"model":{"id":"org/model"},"engine":{"type":"vllm"},"scaling":{"autoscaling":{"maxReplicas":3}}}""", "spec.scaling.autoscaling")]
    [InlineData("""{"model":{"id":"org/model"},"engine":{"type":"vllm"},"serving":{"mode":"disaggregated"}}""", "spec.serving.mode")]
    public void What_makes_another_deployment_blocks(string spec, string path) =>
        Assert.True(_runtime.Refusal(Manifest.Of(spec), path) is { Blocking: true });

    [Theory]
    [InlineData("""{"model":{"id":"org/model"},"engine":{"type":"vllm"},"resources":{"gpu":{"count":1}}}""", "spec.resources.gpu.count")]
    [InlineData("""{"model":{"id":"org/model"},"engine":{"type":"vllm"},"tolerations":[{"key":"a"}]}""", "spec.tolerations")]
    [InlineData("""{"model":{"id":"org/model","servedName":"m"},"engine":{"type":"llamacpp"}}""", "spec.model.servedName")]
    public void What_runs_all_the_same_is_named(string spec, string path) =>
        Assert.True(_runtime.Refusal(Manifest.Of(spec), path) is { Blocking: false });

    [Fact]
    public void An_override_by_nothing_leaves_the_object_without_it()
    {
        var deployment = Manifest.Of("""{"model":{"id":"org/model"},"engine":{"type":"vllm"},"scaling":{"replicas":2},"provider":{"overrides":{"resource":{"labelSelector":null}}}}""");
        Assert.DoesNotContain(_runtime.Unsupported(deployment), f => f.Blocking);
        Assert.Null(_runtime.Rendered(deployment)["spec"]!["labelSelector"]);
    }

    [Fact]
    public void Llama_cpp_is_given_the_accelerators_that_it_asks_for() => Assert.Empty(_runtime.Unsupported(
        Manifest.Of("""{"model":{"id":"org/model"},"engine":{"type":"llamacpp"},"resources":{"gpu":{"count":2}}}""")));
}
