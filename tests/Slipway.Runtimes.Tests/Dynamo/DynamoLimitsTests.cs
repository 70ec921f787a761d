using Slipway.Runtimes.Dynamo;
using Slipway.Runtimes.Tests.Harness;

namespace Slipway.Runtimes.Tests.Dynamo;

public sealed class DynamoLimitsTests
{
    private const string Split = """{"model":{"id":"org/model"},"engine":{"type":"vllm"},"serving":{"mode":"disaggregated"},"scaling":{"prefill":{"gpu":{"count":1}},"decode":{"gpu":{"count":1}}}}""";
    private const string Nodes = """{"model":{"id":"org/model"},"engine":{"type":"vllm"},"resources":{"gpu":{"count":8},"nodes":2}}""";
    private const string SplitNodes = """{"model":{"id":"org/model"},"engine":{"type":"vllm"},"serving":{"mode":"disaggregated"},"scaling":{"prefill":{"gpu":{"count":8},"nodes":2},"decode":{"gpu":{"count":8}}}}""";

    private readonly DynamoRuntime _runtime = new();

    // 45 less the longest of Frontend (8), Worker-Worker-ldr (6 + 10) and Prefill-Prefill-ldr (7 + 11), counted without the dashes between.
    [Theory]
    [InlineData("""{"model":{"id":"org/model"},"engine":{"type":"vllm"}}""", 37)]
    [InlineData(Split, 37)]
    [InlineData(Nodes, 29)]
    [InlineData(SplitNodes, 27)]
    public void A_name_that_does_not_fit_with_what_Grove_adds_blocks(string spec, int longest)
    {
        Assert.Null(_runtime.Refusal(Manifest.Of(spec, new string('a', longest)), "metadata.name"));
        var refusal = _runtime.Refusal(Manifest.Of(spec, new string('a', longest + 1)), "metadata.name");
        Assert.True(refusal is { Blocking: true } && refusal.Why.Contains($"{longest} will do", StringComparison.Ordinal), refusal?.Why);
    }

    [Theory]
    [InlineData("""{"spec":{"components":[{"name":"Evil","podTemplate":{"spec":{"hostNetwork":true}}}]}}""", "spec.components")]
    [InlineData("""{"spec":{"services":{"Worker":{"extraPodSpec":{"hostPID":true}}}}}""", "spec.services.Worker.extraPodSpec.hostPID")]
    [InlineData("""{"spec":{"env":[{"name":"A","value":"b"}]}}""", "spec.env")]
    [InlineData("""{"metadata":{"annotations":{"nvidia.com/other":"true"}}}""", "metadata.annotations.nvidia.com/other")]
    public void Overrides_reach_no_further_than_they_may(string overrides, string refused)
    {
        var deployment = Manifest.Of($$$"""{"model":{"id":"org/model"},"engine":{"type":"vllm"},"provider":{"overrides":{{{overrides}}}}}""");
        Assert.True(_runtime.Refusal(deployment, $"spec.provider.overrides.{refused}") is { Blocking: true });
    }

    [Theory]
    [InlineData("""{"model":{"id":"org/model"},"engine":{"type":"vllm"},"scaling":{"replicas":0}}""", "spec.scaling.replicas")]
    [InlineData("""{"model":{"id":"org/model"},"engine":{"type":"vllm"},"serving":{"mode":"disaggregated"},"scaling":{"prefill":{"replicas":0,"gpu":{"count":1}},"decode":{"gpu":{"count":1}}}}""", "spec.scaling.prefill.replicas")]
    [InlineData("""{"model":{"id":"org/model","revision":"v1"},"engine":{"type":"vllm"}}""", "spec.model.revision")]
    [InlineData("""{"model":{"id":"org/model","adapters":[{"name":"a","image":"a:1"}]},"engine":{"type":"vllm"}}""", "spec.model.adapters[a]")]
    [InlineData("""{"model":{"id":"org/model","adapters":[{"name":"a","id":"org/a"}]},"engine":{"type":"sglang"}}""", "spec.model.adapters")]
    [InlineData("""{"model":{"id":"org/model"},"engine":{"type":"vllm","args":{"disaggregation-mode":"prefill"}}}""", "spec.engine.args[disaggregation-mode]")]
    [InlineData("""{"model":{"id":"org/model"},"engine":{"type":"vllm","extraArgs":["--node-rank=1"]}}""", "spec.engine.extraArgs")]
    [InlineData("""{"model":{"id":"org/model"},"engine":{"type":"trtllm","args":{"override-engine-args":"{"}}}""", "spec.engine.args[override-engine-args]")]
    [InlineData("""{"model":{"id":"org/model"},"engine":{"type":"trtllm","extraArgs":["--override-engine-args","{}"]}}""", "spec.engine.extraArgs")]
    [InlineData("""{"model":{"id":"org/model"},"engine":{"type":"vllm"},"serviceAccountName":"mine"}""", "spec.serviceAccountName")]
    [InlineData("""{"model":{"id":"org/model"},"engine":{"type":"vllm"},"scaling":{"autoscaling":{"maxReplicas":3}}}""", "spec.scaling.autoscaling")]
    [InlineData("""{"model":{"id":"org/model"},"engine":{"type":"vllm"},"parallelism":{"tensor":3},"serving":{"mode":"disaggregated"},"scaling":{"prefill":{"gpu":{"count":4}},"decode":{"gpu":{"count":3}}}}""", "spec.parallelism")]
    public void What_makes_another_deployment_blocks(string spec, string path) =>
        Assert.True(_runtime.Refusal(Manifest.Of(spec), path) is { Blocking: true });

    [Theory]
    [InlineData(Split)]
    [InlineData(Nodes)]
    [InlineData(SplitNodes)]
    public void What_Dynamo_does_is_not_refused(string spec) => Assert.Empty(_runtime.Unsupported(Manifest.Of(spec)));
}
