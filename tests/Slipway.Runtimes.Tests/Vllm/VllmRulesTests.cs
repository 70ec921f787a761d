using System.Collections.Immutable;
using System.Text.Json.Nodes;
using CsCheck;
using Slipway.Runtimes.Tests.Harness;
using Slipway.Runtimes.Vllm;

namespace Slipway.Runtimes.Tests.Vllm;

public sealed class VllmRulesTests
{
    private const string Plain = """{"model":{"id":"org/model"},"engine":{"type":"vllm"},"resources":{"gpu":{"count":1}}}""";
    private readonly VllmRuntime _runtime = new();

    [Fact]
    public void It_is_chosen_only_by_name()
    {
        Assert.Null(_runtime.Descriptor.Spec.SelectionRules);
        Assert.Null(_runtime.Descriptor.Spec.SelectionRules);
    }

    [Theory]
    [InlineData("a", 1, null)]
    [InlineData("a123456789b123456789c123456789d123456789e123456789f123456789abc", 1, null)]
    [InlineData("a123456789b123456789c123456789d123456789e123456789f123456789abcd", 1, "at most 63")]
    [InlineData("a123456789b123456789c123456789d123456789e123456789f12", 2, "at most 37")]
    [InlineData("a123456789b123456789c123456789d123456", 2, null)]
    [InlineData("7b", 1, "start with a letter")]
    public void A_name_that_its_objects_could_not_bear_is_refused(string name, int nodes, string? why)
    {
        var refusal = _runtime.Refusal(Manifest.Of(Json(1, nodes), name), "metadata.name");

        Assert.Equal(why is null, refusal is null);
        if (why is not null) Assert.True(refusal!.Blocking && refusal.Why.Contains(why, StringComparison.Ordinal), refusal.Why);
    }

    [Theory]
    [InlineData("""{"spec":{"strategy":{"type":"Recreate"}}}""", 1, true)]
    [InlineData("""{"spec":{"rolloutStrategy":{"type":"RollingUpdate"}}}""", 2, true)]
    [InlineData("""{"spec":{"rolloutStrategy":{"type":"RollingUpdate"}}}""", 1, false)]
    [InlineData("""{"spec":{"template":{"spec":{"hostNetwork":true}}}}""", 1, false)]
    [InlineData("""{"spec":{"template":{"spec":{"containers":[]}}}}""", 1, false)]
    [InlineData("""{"spec":{"template":{"spec":{"serviceAccountName":"admin"}}}}""", 1, false)]
    [InlineData("""{"spec":{"leaderWorkerTemplate":{"leaderTemplate":{"spec":{"hostPID":true}}}}}""", 2, false)]
    [InlineData("""{"metadata":{"labels":{"airunway.ai/model-deployment":"other"}}}""", 1, false)]
    [InlineData("""{"metadata":{"annotations":{"slipway.dev/identity":"x"}}}""", 2, false)]
    public void Overrides_reach_what_gives_nobody_more_rights(string overrides, int nodes, bool allowed)
    {
        var spec = Json(1, nodes)[..^1] + $",\"provider\":{{\"overrides\":{overrides}}}}}";

        Assert.Equal(allowed, !_runtime.Unsupported(Manifest.Of(spec)).Any(f => f.Blocking));
    }

    [Theory]
    [InlineData("""{"model":{"id":"o/m"},"engine":{"type":"vllm"},"resources":{"gpu":{"count":0}}}""", "spec.resources.gpu.count")]
    [InlineData("""{"model":{"id":"o/m"},"engine":{"type":"vllm"},"resources":{"gpu":{"count":1,"type":"amd.com/gpu"}}}""", "spec.resources.gpu.type")]
    [InlineData("""{"model":{"source":"custom"},"engine":{"type":"vllm","image":"i"},"resources":{"gpu":{"count":1}}}""", "spec.model.id")]
    [InlineData("""{"model":{"id":"o/m"},"engine":{"type":"vllm","args":{"port":"1"}},"resources":{"gpu":{"count":1}}}""", "spec.engine.args[port]")]
    [InlineData("""{"model":{"id":"o/m"},"engine":{"type":"vllm","args":{"nnodes":"2"}},"resources":{"gpu":{"count":1}}}""", "spec.engine.args[nnodes]")]
    [InlineData("""{"model":{"id":"o/m"},"engine":{"type":"sglang"},"parallelism":{"data":2},"resources":{"gpu":{"count":8},"nodes":2}}""", "spec.parallelism.data")]
    [InlineData("""{"model":{"id":"o/m"},"engine":{"type":"trtllm"},"resources":{"gpu":{"count":1}}}""", "spec.engine.type")]
    [InlineData("""{"model":{"id":"o/m"},"engine":{"type":"vllm"},"serving":{"mode":"disaggregated"},"resources":{"gpu":{"count":1}}}""", "spec.serving.mode")]
    [InlineData("""{"model":{"id":"o/m"},"engine":{"type":"vllm"},"scaling":{"autoscaling":{"minReplicas":0,"maxReplicas":2}},"resources":{"gpu":{"count":1}}}""", "spec.scaling.autoscaling.minReplicas")]
    [InlineData("""{"model":{"id":"o/m","file":"m.gguf"},"engine":{"type":"vllm"},"resources":{"gpu":{"count":1}}}""", "spec.model.file")]
    public void What_would_be_another_deployment_is_refused(string spec, string path) => Assert.True(_runtime.Refusal(Manifest.Of(spec), path)?.Blocking);

    [Fact]
    public void Without_KEDA_Kubernetes_own_autoscaler_is_used_and_replicas_are_left_to_it()
    {
        var deployment = Manifest.Of(Plain[..^1] + ""","scaling":{"replicas":3,"autoscaling":{"minReplicas":2,"maxReplicas":8,"metric":"kvCache","target":75}}}""");

        var rendered = _runtime.Render(deployment, ClusterApis.None);

        Assert.Equal(["Deployment", "Service", "HorizontalPodAutoscaler"], rendered.Select(o => (string)o["kind"]!));
        Assert.Null(rendered[0]["spec"]!["replicas"]);
        Assert.Equal((2, 8), ((int)rendered[2]["spec"]!["minReplicas"]!, (int)rendered[2]["spec"]!["maxReplicas"]!));
        var metric = rendered[2]["spec"]!["metrics"]![0]!["pods"]!;
        Assert.Equal(("vllm_kv_cache_usage_perc", "750m"), ((string)metric["metric"]!["name"]!, (string)metric["target"]!["averageValue"]!));
        Assert.False(_runtime.Refusal(deployment, "spec.scaling.replicas")!.Blocking);
    }

    [Fact]
    public void Each_engine_of_a_data_parallel_replica_gets_its_share_of_the_target()
    {
        var deployment = Manifest.Of("""{"model":{"id":"o/m"},"engine":{"type":"vllm"},"parallelism":{"data":4},"resources":{"gpu":{"count":4}},"scaling":{"autoscaling":{"maxReplicas":2,"target":10}}}""");

        var scaler = _runtime.Render(deployment, UpstreamCluster.Apis).Single(o => (string)o["kind"]! == "ScaledObject");

        Assert.Equal("2.5", (string)scaler["spec"]!["triggers"]![0]!["metadata"]!["targetValue"]!);
    }

    [Fact]
    public void A_group_of_another_size_is_made_anew_and_one_of_the_same_size_is_not()
    {
        string Identity(int nodes, int gpus) => _runtime.Rendered(Manifest.Of(Json(gpus, nodes))).Identity();

        Assert.Equal(Identity(2, 8), Identity(2, 4));
        Assert.NotEqual(Identity(2, 8), Identity(3, 8));
    }

    [Fact]
    public void The_deadline_of_the_manifest_counts_for_the_probe_and_for_the_Deployment()
    {
        var rendered = _runtime.Rendered(Manifest.Of(Plain[..^1] + ""","progressDeadlineSeconds":905}"""));

        Assert.Equal((905, 91), (Deadline(rendered), Attempts(rendered)));
    }

    [Fact]
    public void More_accelerators_never_get_less_time_and_Kubernetes_waits_longer_than_the_probe() =>
        Gen.Select(Gen.Int[1, 64], Gen.Int[1, 64]).Sample((few, more) =>
        {
            var (first, second) = (Sized(Math.Min(few, more)), Sized(Math.Max(few, more)));
            Assert.True(Attempts(first) <= Attempts(second));
            Assert.InRange(Attempts(second) * 10, 1800, 10800);
            Assert.True(Deadline(second) > Attempts(second) * 10);
            Assert.True(TimeSpan.FromSeconds(Deadline(second)) <= _runtime.Descriptor.ProgressDeadline);
        });

    [Fact]
    public void Every_rendered_kind_is_declared()
    {
        var kinds = _runtime.Descriptor.Others.Prepend(_runtime.Descriptor.Object).Select(k => k.Kind).ToImmutableHashSet();

        foreach (var name in Golden.Cases("Vllm").Select(c => c.Data))
            Assert.All(_runtime.Render(Golden.Deployment("Vllm", name), UpstreamCluster.Apis), o => Assert.Contains((string)o["kind"]!, kinds));
    }

    private static string Json(int gpus, int nodes) => """{"model":{"id":"o/m"},"engine":{"type":"vllm"},"resources":{"gpu":{"count":GPUS},"nodes":NODES}}"""
        .Replace("GPUS", $"{gpus}", StringComparison.Ordinal).Replace("NODES", $"{nodes}", StringComparison.Ordinal);

    private JsonObject Sized(int gpus) => _runtime.Rendered(Manifest.Of(Json(gpus, nodes: 1)));

    private static int Deadline(JsonObject rendered) => (int)rendered["spec"]!["progressDeadlineSeconds"]!;

    private static int Attempts(JsonObject rendered) => (int)rendered["spec"]!["template"]!["spec"]!["containers"]![0]!["startupProbe"]!["failureThreshold"]!;
}
