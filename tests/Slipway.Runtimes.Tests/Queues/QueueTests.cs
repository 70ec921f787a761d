using System.Text.Json.Nodes;
using Slipway.Runtimes.Dynamo;
using Slipway.Runtimes.Kaito;
using Slipway.Runtimes.KubeRay;
using Slipway.Runtimes.LlmD;
using Slipway.Runtimes.Local;
using Slipway.Runtimes.Pods;
using Slipway.Runtimes.Queues;
using Slipway.Runtimes.Tests.Dynamo;
using Slipway.Runtimes.Tests.Harness;
using Slipway.Runtimes.Vllm;

namespace Slipway.Runtimes.Tests.Queues;

/// <summary>Kueue's queue by field: where its label goes, and what is refused with it.</summary>
public sealed class QueueTests(UpstreamCluster cluster)
{
    private const string Queue = """ "scheduling":{"queueName":"gpus"} """;

    private static readonly IRuntime[] s_all = [new VllmRuntime(), new LlmDRuntime(), new KubeRayRuntime(), new DynamoRuntime(), new KaitoRuntime(new KaitoOptions())];

    [Theory]
    [InlineData("vllm", """ "resources":{"gpu":{"count":1}} """, "Deployment")]
    [InlineData("vllm", """ "resources":{"gpu":{"count":8},"nodes":2},"scaling":{"replicas":2} """, "LeaderWorkerSet")]
    [InlineData("llmd", """ "serving":{"mode":"disaggregated"},"scaling":{"prefill":{"gpu":{"count":1}},"decode":{"gpu":{"count":1}}} """, "Deployment")]
    [InlineData("kuberay", """ "resources":{"gpu":{"count":1}} """, "RayService")]
    public async Task What_runs_the_model_goes_through_the_queue(string runtime, string more, string kind)
    {
        var rendered = Render(runtime, more);
        var workloads = rendered.Where(o => (string?)o["kind"] == kind && o.ToJsonString().Contains("nvidia.com/gpu", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(workloads);
        Assert.All(workloads, w => Assert.Equal("gpus", (string?)w["metadata"]!["labels"]![KueueQueue.Label]));
        // The endpoint picker has no accelerators to wait for.
        Assert.DoesNotContain(rendered.Except(workloads), o => o.ToJsonString().Contains(KueueQueue.Label, StringComparison.Ordinal));
        await cluster.TakesAsync(rendered);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Of_a_graph_the_pods_of_workers_do(bool beta)
    {
        var apis = beta ? UpstreamCluster.Apis : DynamoEveryFieldTests.OldApis;
        var text = new DynamoRuntime().Render(Deployment(""" "resources":{"gpu":{"count":1}} """), apis)[0].ToJsonString();
        Assert.Single(System.Text.RegularExpressions.Regex.Matches(text, System.Text.RegularExpressions.Regex.Escape($"\"{KueueQueue.Label}\":\"gpus\"")));
    }

    [Theory]
    [InlineData("kaito", """ "resources":{"gpu":{"count":1}} """, "spec.scheduling.queueName")]
    [InlineData("dynamo", """ "resources":{"gpu":{"count":8},"nodes":2} """, "spec.scheduling.queueName")]
    [InlineData("kuberay", """ "resources":{"gpu":{"count":1}},"scaling":{"autoscaling":{"maxReplicas":3}} """, "spec.scheduling.queueName")]
    [InlineData("vllm", """ "resources":{"accelerators":{"firstAvailable":[{"name":"a"},{"name":"b"}]}} """, "spec.resources.accelerators.firstAvailable")]
    [InlineData("vllm", """ "resources":{"accelerators":{"count":2,"matchAttribute":["gpu.nvidia.com/productName"]}} """, "spec.resources.accelerators.matchAttribute")]
    [InlineData("dynamo", """ "resources":{"accelerators":{"resourceClaimName":"mine"}} """, "spec.resources.accelerators.resourceClaimName")]
    [InlineData("llmd", """ "serving":{"mode":"disaggregated"},"scaling":{"prefill":{"accelerators":{"matchAttribute":["gpu.nvidia.com/productName"]}},"decode":{"gpu":{"count":1}}} """, "spec.scaling.prefill.accelerators.matchAttribute")]
    [InlineData("vllm", """ "resources":{"gpu":{"count":1}},"provider":{"overrides":{"metadata":{"labels":{"kueue.x-k8s.io/queue-name":"other"}}}} """, "spec.provider.overrides.metadata.labels.kueue.x-k8s.io/queue-name")]
    public void What_does_not_go_through_a_queue_is_refused_by_name(string runtime, string more, string path) =>
        Assert.Contains(Runtime(runtime).Unsupported(Deployment(more)), f => f.Path == path && f.Blocking);

    [Fact]
    public void A_queue_by_override_is_one_too()
    {
        var deployment = Deployment(""" "resources":{"accelerators":{"firstAvailable":[{"name":"a"}]}},"provider":{"overrides":{"metadata":{"labels":{"kueue.x-k8s.io/queue-name":"other"}}}} """, queue: false);
        Assert.Equal("other", KueueQueue.Of(deployment));
        Assert.Contains(Runtime("vllm").Unsupported(deployment), f => f.Path == "spec.resources.accelerators.firstAvailable");
    }

    [Fact]
    public void A_number_of_devices_of_a_class_with_selectors_goes_through()
    {
        var deployment = Deployment(""" "resources":{"accelerators":{"count":2,"minMemory":"80G"}} """);
        Assert.DoesNotContain(Runtime("vllm").Unsupported(deployment), f => f.Blocking);
        Assert.Contains(Runtime("vllm").Render(deployment, UpstreamCluster.Apis), o => (string?)o["kind"] == "ResourceClaimTemplate");
        Assert.Null(KueueQueue.Of(Deployment(""" "resources":{"gpu":{"count":1}} """, queue: false)));
    }

    [Fact]
    public void There_is_none_on_this_machine() =>
        Assert.Contains(new LocalRuntime().Unsupported(EveryField.Deployment(JsonNode.Parse($$"""{"model":{"id":"a/b"},"engine":{"type":"llamacpp"},{{Queue}}}""")!.AsObject())), f => f is { Path: "spec.scheduling.queueName", Blocking: true });

    [Fact]
    public void A_Deployment_whose_own_time_is_over_while_a_queue_holds_its_pods_back_still_waits()
    {
        var deployment = Deployment(""" "resources":{"gpu":{"count":1}} """);
        var there = Runtime("vllm").Render(deployment, UpstreamCluster.Apis)[0].DeepClone().AsObject();
        there["metadata"]!["generation"] = 1;
        there["status"] = JsonNode.Parse("""{"observedGeneration":1,"replicas":1,"unavailableReplicas":1,"conditions":[{"type":"Progressing","status":"False","reason":"ProgressDeadlineExceeded","message":"timed out"}]}""");
        var pod = new ModelPod { Metadata = new() { Name = "a-1" }, Status = new() { Phase = "Pending", Conditions = [new("PodScheduled", "False", "SchedulingGated", "")] } };
        RuntimeState Read(ModelPod one) => Runtime("vllm").Read(deployment, new Observation(
            System.Collections.Immutable.ImmutableDictionary<ObjectId, System.Text.Json.JsonElement>.Empty.Add(new("Deployment", "a"), System.Text.Json.JsonDocument.Parse(there.ToJsonString()).RootElement), [one], default));
        Assert.Equal((Api.ModelDeployments.DeploymentPhase.Pending, "SchedulingGated"), (Read(pod).Phase, Read(pod).Reason));
        Assert.Equal(Api.ModelDeployments.DeploymentPhase.Failed, Read(pod with { Status = new() { Phase = "Pending" } }).Phase);
    }

    private static IRuntime Runtime(string name) => s_all.Single(r => r.Descriptor.Name == name);

    private static IReadOnlyList<JsonObject> Render(string runtime, string more)
    {
        var deployment = Deployment(more);
        Assert.DoesNotContain(Runtime(runtime).Unsupported(deployment), f => f.Blocking);
        return Runtime(runtime).Render(deployment, UpstreamCluster.Apis);
    }

    private static Api.ModelDeployments.ModelDeployment Deployment(string more, bool queue = true) =>
        EveryField.Deployment(JsonNode.Parse($$"""{"model":{"id":"org/m"},"engine":{"type":"vllm"},{{(queue ? Queue + "," : "")}}{{more}}}""")!.AsObject());
}
