using System.Text.Json.Nodes;
using Slipway.Runtimes.KubeRay;
using Slipway.Runtimes.Tests.Harness;

namespace Slipway.Runtimes.Tests.KubeRay;

public sealed class KubeRayRulesTests
{
    private const string Plain = """{"model":{"id":"org/model"},"engine":{"type":"vllm"},"resources":{"gpu":{"count":2}}}""";

    private readonly KubeRayRuntime _runtime = new();

    [Theory]
    [InlineData("""{"args":{"max-num-seqs":"64"}}""", "max_num_seqs", "64")]
    [InlineData("""{"args":{"gpu-memory-utilization":"0.85"}}""", "gpu_memory_utilization", "0.85")]
    [InlineData("""{"args":{"quantization":"fp8"}}""", "quantization", "\"fp8\"")]
    [InlineData("""{"args":{"enforce-eager":""}}""", "enforce_eager", "true")]
    [InlineData("""{"args":{"no-enable-chunked-prefill":""}}""", "enable_chunked_prefill", "false")]
    [InlineData("""{"args":{"enable-chunked-prefill":"False"}}""", "enable_chunked_prefill", "false")]
    [InlineData("""{"args":{"tokenizer-revision":"1234567"}}""", "tokenizer_revision", "\"1234567\"")]
    [InlineData("""{"args":{"compilation-config":"{\"level\":3}"}}""", "compilation_config", """{"level":3}""")]
    [InlineData("""{"enablePrefixCaching":false}""", "enable_prefix_caching", "false")]
    [InlineData("""{"contextLength":4096}""", "max_model_len", "4096")]
    [InlineData("""{"contextLength":4096,"args":{"max-model-len":"8192"}}""", "max_model_len", "8192")]
    [InlineData("""{"extraArgs":["--tool-call-parser","hermes","--enable-auto-tool-choice"]}""", "tool_call_parser", "\"hermes\"")]
    [InlineData("""{"extraArgs":["--tool-call-parser","hermes","--enable-auto-tool-choice"]}""", "enable_auto_tool_choice", "true")]
    [InlineData("""{"extraArgs":["--swap-space=-1"]}""", "swap_space", "-1")]
    [InlineData("""{"extraArgs":["--cuda-graph-sizes","1","2","4"]}""", "cuda_graph_sizes", "[1,2,4]")]
    public void A_flag_is_an_argument_of_Python_with_its_type(string engine, string name, string value)
    {
        var spec = JsonNode.Parse(Plain)!;
        foreach (var (key, field) in JsonNode.Parse(engine)!.AsObject()) spec["engine"]![key] = field!.DeepClone();
        var deployment = Manifest.Of(spec.ToJsonString());

        Assert.DoesNotContain(_runtime.Unsupported(deployment), f => f.Blocking);
        Assert.Equal(value, Serve(_runtime.Rendered(deployment))["engine_kwargs"]![name]!.ToJsonString());
    }

    [Theory]
    [InlineData("""{"model":{"id":"o/m"},"engine":{"type":"sglang"}}""", "spec.engine.type")]
    [InlineData("""{"model":{"id":"o/m"},"engine":{"type":"vllm"},"serving":{"mode":"disaggregated"}}""", "spec.serving.mode")]
    [InlineData("""{"model":{"source":"custom"},"engine":{"type":"vllm","image":"i"}}""", "spec.model.id")]
    [InlineData("""{"model":{"id":"o/m","file":"m.gguf"},"engine":{"type":"vllm"}}""", "spec.model.file")]
    [InlineData("""{"model":{"id":"o/m","adapters":[{"name":"a","id":"o/a"}]},"engine":{"type":"vllm"}}""", "spec.model.adapters")]
    [InlineData("""{"model":{"id":"o/m"},"engine":{"type":"vllm"},"resources":{"gpu":{"count":0}}}""", "spec.resources.gpu.count")]
    [InlineData("""{"model":{"id":"o/m"},"engine":{"type":"vllm"},"resources":{"gpu":{"count":1,"type":"amd.com/gpu"}}}""", "spec.resources.gpu.type")]
    [InlineData("""{"model":{"id":"o/m"},"engine":{"type":"vllm"},"parallelism":{"data":2},"resources":{"gpu":{"count":2}}}""", "spec.parallelism.data")]
    [InlineData("""{"model":{"id":"o/m"},"engine":{"type":"vllm"},"scaling":{"autoscaling":{"maxReplicas":2,"metric":"queue"}}}""", "spec.scaling.autoscaling.metric")]
    [InlineData("""{"model":{"id":"o/m"},"engine":{"type":"vllm"},"scaling":{"autoscaling":{"maxReplicas":2,"minReplicas":0}}}""", "spec.scaling.autoscaling.minReplicas")]
    [InlineData("""{"model":{"id":"o/m"},"engine":{"type":"vllm","args":{"port":"1"}}}""", "spec.engine.args[port]")]
    [InlineData("""{"model":{"id":"o/m"},"engine":{"type":"vllm","args":{"api-key":"k"}}}""", "spec.engine.args[api-key]")]
    [InlineData("""{"model":{"id":"o/m"},"engine":{"type":"vllm","args":{"served-model-name":"k"}}}""", "spec.engine.args[served-model-name]")]
    [InlineData("""{"model":{"id":"o/m"},"engine":{"type":"vllm","args":{"compilation-config.level":"3"}}}""", "spec.engine.args[compilation-config.level]")]
    [InlineData("""{"model":{"id":"o/m"},"engine":{"type":"vllm","args":{"tensor-parallel-size":"4"}},"resources":{"gpu":{"count":2}}}""", "spec.engine.args")]
    [InlineData("""{"model":{"id":"o/m"},"engine":{"type":"vllm","extraArgs":["-tp","2"]}}""", "spec.engine.extraArgs")]
    [InlineData("""{"model":{"id":"o/m"},"engine":{"type":"vllm","extraArgs":["--seed=1","--seed=2"]}}""", "spec.engine.extraArgs")]
    [InlineData("""{"model":{"id":"o/m"},"engine":{"type":"vllm","extraArgs":["--ssl-keyfile=/k"]}}""", "spec.engine.extraArgs")]
    public void What_would_be_another_deployment_is_refused(string spec, string path) => Assert.True(_runtime.Refusal(Manifest.Of(spec), path)?.Blocking);

    [Theory]
    [InlineData(47, "a", true)]
    [InlineData(48, "a", false)]
    [InlineData(5, "1", false)]
    public void A_name_that_KubeRay_would_not_take_is_refused(int length, string first, bool taken) =>
        Assert.Equal(taken, _runtime.Refusal(Manifest.Of(Plain, first + new string('a', length - 1)), "metadata.name") is null);

    [Theory]
    [InlineData("""{"spec":{"upgradeStrategy":{"type":"NewCluster"}}}""", true)]
    [InlineData("""{"metadata":{"annotations":{"ray.io/initializing-timeout":"1h"}}}""", true)]
    [InlineData("""{"spec":{"rayClusterConfig":{"headGroupSpec":{"template":{"spec":{"hostNetwork":true}}}}}}""", false)]
    [InlineData("""{"spec":{"rayClusterConfig":{"workerGroupSpecs":[]}}}""", false)]
    [InlineData("""{"spec":{"rayClusterConfig":{"autoscalerOptions":{"image":"evil"}}}}""", false)]
    [InlineData("""{"spec":{"serveService":{"spec":{"type":"LoadBalancer"}}}}""", false)]
    public void Overrides_reach_what_gives_nobody_more_rights(string overrides, bool allowed) => Assert.Equal(
        allowed, !_runtime.Unsupported(Manifest.Of(Plain[..^1] + $",\"provider\":{{\"overrides\":{overrides}}}}}")).Any(f => f.Blocking));

    [Theory]
    [InlineData(""","scaling":{"replicas":5}}""", true)]
    [InlineData(""","scaling":{"replicas":0}}""", true)]
    [InlineData(""","nodeSelector":{"a":"b"}}""", false)]
    [InlineData(""","env":[{"name":"A","value":"b"}]}""", false)]
    [InlineData(""","scaling":{"autoscaling":{"maxReplicas":4}}}""", false)]
    public void What_KubeRay_leaves_as_it_is_without_a_second_cluster_makes_the_service_anew(string more, bool same) =>
        Assert.Equal(same, _runtime.Rendered(Manifest.Of(Plain)).Identity() == _runtime.Rendered(Manifest.Of(Plain[..^1] + more)).Identity());

    [Fact]
    public void Who_has_accelerators_for_a_second_cluster_gets_upstreams_own_upgrade()
    {
        const string Own = Plain;
        var strategy = Own[..^1] + ""","provider":{"overrides":{"spec":{"upgradeStrategy":{"type":"NewCluster"}}}}""";

        Assert.Equal(_runtime.Rendered(Manifest.Of(strategy + "}")).Identity(), _runtime.Rendered(Manifest.Of(strategy + ""","nodeSelector":{"a":"b"}}""")).Identity());
    }

    [Theory]
    [InlineData(1, 1, 1, 1, "STRICT_PACK")]
    [InlineData(4, 1, 3, 4, "STRICT_PACK")]
    [InlineData(8, 2, 2, 16, "PACK")]
    public void There_are_as_many_workers_as_replicas_take_and_a_place_for_each_accelerator(int gpus, int nodes, int replicas, int bundles, string strategy)
    {
        var service = _runtime.Rendered(Manifest.Of($$$"""{"model":{"id":"o/m"},"engine":{"type":"vllm"},"resources":{"nodes":{{{nodes}}},"gpu":{"count":{{{gpus}}} } },"scaling":{"replicas":{{{replicas}}} } }"""));

        var group = service["spec"]!["rayClusterConfig"]!["workerGroupSpecs"]![0]!;
        Assert.Equal([replicas * nodes, replicas * nodes, replicas * nodes], [(int)group["replicas"]!, (int)group["minReplicas"]!, (int)group["maxReplicas"]!]);
        var placement = Serve(service)["placement_group_config"]!;
        Assert.Equal((bundles, strategy), (placement["bundles"]!.AsArray().Count, (string)placement["strategy"]!));
    }

    [Theory]
    [InlineData("rayproject/ray-llm:2.57.1-py312-cu130", "2.57.1")]
    [InlineData("registry.example:5000/ray-llm", null)]
    [InlineData("mine:latest", null)]
    [InlineData("mine:2.56.0@sha256:00", "2.56.0")]
    public void Rays_version_is_that_of_the_image_where_its_tag_says_it(string image, string? version)
    {
        var service = _runtime.Rendered(Manifest.Of($$$"""{"model":{"id":"o/m"},"engine":{"type":"vllm","image":"{{{image}}}"}}"""));
        Assert.Equal(version, (string?)service["spec"]!["rayClusterConfig"]!["rayVersion"]);
    }

    private static JsonNode Serve(JsonObject service) => JsonNode.Parse((string)service["spec"]!["serveConfigV2"]!)!["applications"]![0]!["args"]!["llm_configs"]![0]!;
}
