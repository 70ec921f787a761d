using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Providers;
using Slipway.Capacity.Autoscalers;
using Slipway.Capacity.Quotas;
using Slipway.Kubernetes.Objects;
using Slipway.Operator.ModelDeployments;
using Slipway.Operator.Waits;
using Slipway.Runtimes;
using Slipway.Runtimes.Pods;
using Slipway.Runtimes.Vllm;

namespace Slipway.Operator.Tests.Waits;

/// <summary>What a deployment is said to wait for beyond its pods.</summary>
public sealed class WaitTellerTests
{
    private const string Number = """ "resources":{"gpu":{"count":4}},"scaling":{"replicas":2} """;
    private const string Claims = """ "resources":{"accelerators":{"count":4,"minMemory":"80G"}},"scaling":{"replicas":2} """;
    private const string Devices = "gpu.nvidia.com.deviceclass.resource.k8s.io/devices";
    private static readonly DateTimeOffset s_now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Pods_that_a_quota_forbids_are_told_with_what_is_left_and_the_condition_goes_with_it()
    {
        var quota = Quota("team-a", "requests.nvidia.com/gpu", 8, 6);
        var told = Tell(Number, [], new WaitFacts { Quotas = [quota] });
        var condition = Condition(told, ConditionTypes.WithinQuota)!;
        Assert.Equal((ConditionStatus.False, "QuotaExceeded"), (condition.Status, condition.Reason));
        Assert.Contains("quota team-a: 6 of 8 requests.nvidia.com/gpu used, this asks for 8", condition.Message, StringComparison.Ordinal);
        Assert.EndsWith(condition.Message, told.Status.Message, StringComparison.Ordinal);
        Assert.EndsWith(condition.Message, Condition(told, ConditionTypes.Ready)!.Message, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(10), told.LookAgain);
        Assert.Null(Condition(Tell(Number, [], new WaitFacts { Quotas = [Quota("team-a", "requests.nvidia.com/gpu", 16, 6)] }, told.Status), ConditionTypes.WithinQuota));
    }

    [Fact]
    public void What_cannot_be_looked_up_now_stands_as_it_was()
    {
        var told = Tell(Number, [], new WaitFacts { Quotas = [Quota("team-a", "requests.nvidia.com/gpu", 8, 6)] });
        Assert.Contains("team-a", Condition(Tell(Number, [], new WaitFacts(), told.Status), ConditionTypes.WithinQuota)!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void However_long_a_queue_holds_pods_back_nothing_has_failed()
    {
        var pod = Pod("a-1") with { Status = new() { Phase = "Pending", Conditions = [new("PodScheduled", "False", "SchedulingGated", "Scheduling is blocked due to non-empty scheduling gates")] } };
        var first = Tell(Queued, [pod], new WaitFacts());
        Assert.Equal((DeploymentPhase.Pending, "SchedulingGated"), (first.Status.Phase!.Value, Condition(first, ConditionTypes.Ready)!.Reason));
        Assert.Null(Condition(first, ConditionTypes.Progressing));
        Assert.False(Ask(Queued, [pod]).Nodes);
    }

    [Fact]
    public void What_is_there_is_not_asked_for_again()
    {
        var one = Pod("a-1");
        Assert.Contains("this asks for 4", Condition(Tell(Number, [one], new WaitFacts { Quotas = [Quota("q", "requests.nvidia.com/gpu", 8, 6)] }), ConditionTypes.WithinQuota)!.Message, StringComparison.Ordinal);
        Assert.False(Ask(Number, [one, Pod("a-2")]).Quotas);
        // A pod of its own that ends makes room for another.
        Assert.True(Ask(Number, [one, Pod("a-2") with { Metadata = Pod("a-2").Metadata with { DeletionTimestamp = s_now } }]).Quotas);
    }

    [Fact]
    public void Of_pods_that_are_there_the_claims_may_be_forbidden()
    {
        ModelPod[] pods = [.. new[] { "a-1", "a-2" }.Select(n => Pod(n) with { Spec = new() { ResourceClaims = [new("accelerators", "t")] } })];
        var told = Tell(Claims, pods, new WaitFacts { Quotas = [Quota("q", Devices, 8, 6), Quota("pods", "pods", 2, 2)] });
        Assert.Contains("quota q: 6 of 8 devices of gpu.nvidia.com used, this asks for 8", Condition(told, ConditionTypes.WithinQuota)!.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("quota pods", Condition(told, ConditionTypes.WithinQuota)!.Message, StringComparison.Ordinal);
        Assert.False(Ask(Claims, [.. pods.Select(p => p with { Status = p.Status! with { ResourceClaimStatuses = [new("accelerators")] } })]).Quotas);
    }

    [Fact]
    public void Nothing_is_looked_up_for_what_runs_or_was_just_begun()
    {
        Assert.False(Ask(Number, [Pod("a-1"), Pod("a-2")], ready: true).Any);
        Assert.False(Ask(Number, [], since: s_now).Quotas);
        Assert.True(Ask(Number, [], since: s_now).Settles);
        Assert.Equal((true, false), (Ask(Number, []).Quotas, Ask(Number, []).Settles));
    }

    [Theory]
    [InlineData(false, "", "NotServed", "The cluster has no Kueue")]
    [InlineData(true, "", "QueueMissing", "There is no LocalQueue gpus in the namespace: whoever runs Kueue has to make one")]
    [InlineData(true, "a,b", "QueueMissing", "there are a, b")]
    [InlineData(true, "gpus", "Unseen", "among Kueue's integrations")]
    public void A_queue_that_cannot_let_it_in_is_told(bool kueue, string queues, string reason, string message)
    {
        var condition = Condition(Tell(Queued, [], new WaitFacts { HasKueue = kueue, Queues = [.. queues.Split(',', StringSplitOptions.RemoveEmptyEntries)] }), ConditionTypes.QueueAdmitted)!;
        Assert.Equal(reason, condition.Reason);
        Assert.Contains(message, condition.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Kueues_own_words_are_told_of_the_objects_and_pods_of_the_deployment()
    {
        var waits = Tell(Queued, [Pod("a-1")], new WaitFacts { HasKueue = true, Queues = ["gpus"], Workloads = [Workload("uid-a-1", "QuotaReserved", "False", "insufficient unused quota for nvidia.com/gpu in flavor h100, 2 more needed")] });
        Assert.Equal((ConditionStatus.False, "Kueue has it wait in queue gpus: insufficient unused quota for nvidia.com/gpu in flavor h100, 2 more needed"), (Condition(waits, ConditionTypes.QueueAdmitted)!.Status, Condition(waits, ConditionTypes.QueueAdmitted)!.Message));
        Assert.Contains("2 more needed", waits.Status.Message, StringComparison.Ordinal);
        var admitted = Tell(Queued, [Pod("a-1")], new WaitFacts { HasKueue = true, Queues = ["gpus"], Workloads = [Workload("uid-Deployment", "Admitted", "True", "")] }, waits.Status);
        Assert.Equal(ConditionStatus.True, Condition(admitted, ConditionTypes.QueueAdmitted)!.Status);
        // What runs goes on having been let in; without a queue nothing is said of one.
        Assert.Equal(ConditionStatus.True, Condition(Tell(Queued, [], new WaitFacts(), admitted.Status), ConditionTypes.QueueAdmitted)!.Status);
        Assert.Null(Condition(Tell(Number, [], new WaitFacts(), admitted.Status), ConditionTypes.QueueAdmitted));
    }

    [Theory]
    [InlineData(Claims, "makes no node for pods that have one")]
    [InlineData(Number, "makes nodes for a number of devices")]
    public void What_makes_nodes_says_what_it_can_of_pods_that_find_none(string spec, string says)
    {
        var pod = Pod("a-1") with { Status = new() { Conditions = [new("PodScheduled", "False", "Unschedulable", "0/1 nodes are available")] } };
        var facts = new WaitFacts { NodeMakers = [NodeMaker.Karpenter([JsonDocument.Parse("""{"metadata":{"name":"p"}}""").RootElement])!] };
        Assert.True(Ask(spec, [pod]).Nodes);
        Assert.Contains(says, Tell(spec, [pod], facts).Status.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Karpenter", Tell(spec, [Pod("a-1")], facts).Status.Message, StringComparison.Ordinal);
    }

    private const string Queued = """ "resources":{"gpu":{"count":1}},"scheduling":{"queueName":"gpus"} """;

    private static WaitQuestions Ask(string spec, ModelPod[] pods, bool ready = false, DateTimeOffset? since = null)
    {
        var (plan, deployment, input) = Plan(spec, pods, null, ready, since);
        return WaitQuestions.Of(plan, deployment, input);
    }

    private static DeploymentPlan Tell(string spec, ModelPod[] pods, WaitFacts facts, ModelDeploymentStatus? before = null)
    {
        var (plan, deployment, input) = Plan(spec, pods, before, false, null);
        return WaitTeller.Say(plan, deployment, input, WaitQuestions.Of(plan, deployment, input), facts);
    }

    private static (DeploymentPlan Plan, ModelDeployment Deployment, PlanInput Input) Plan(string spec, ModelPod[] pods, ModelDeploymentStatus? before, bool ready, DateTimeOffset? since)
    {
        var runtime = new VllmRuntime();
        var status = (before ?? new()) with { Conditions = [.. (before?.Conditions ?? []).Where(c => c.Type != ConditionTypes.ResourceCreated), new Condition { Type = ConditionTypes.ResourceCreated, Status = ConditionStatus.True, Reason = "Created", Message = "made", LastTransitionTime = since ?? s_now.AddMinutes(-1) }] };
        var deployment = new ModelDeployment
        {
            Metadata = new ObjectMeta { Name = "a", Namespace = "default", Uid = "uid-a", Generation = 1 },
            Spec = JsonSerializer.Deserialize($$"""{"model":{"id":"org/m"},"engine":{"type":"vllm"},"provider":{"name":"vllm"},{{spec}}}""", SlipwayJson.Default.ModelDeploymentSpec)!,
            Status = status,
        };
        var provider = new InferenceProviderConfig { Metadata = new ObjectMeta { Name = "vllm" }, Spec = runtime.Descriptor.Spec, Status = new InferenceProviderStatus { Ready = true, LastHeartbeat = s_now } };
        var input = new PlanInput([provider], s_now) { Apis = new ClusterApis(ImmutableDictionary<string, ImmutableArray<string>>.Empty.Add("resourceclaimtemplates.resource.k8s.io", ["v1"])), Pods = [.. pods] };
        var planner = new DeploymentPlanner([runtime], null);
        var made = planner.Plan(deployment, input).Changes.OfType<ApplyObject>().ToImmutableDictionary(a => new ObjectId(a.Kind, a.Name), a => There(a, ready));
        input = input with { Objects = made };
        return (planner.Plan(deployment, input), deployment, input);
    }

    private static CachedObject There(ApplyObject applied, bool ready)
    {
        var there = applied.Object.DeepClone().AsObject();
        (there["metadata"]!["generation"], there["metadata"]!["uid"]) = (1, $"uid-{applied.Kind}");
        if (applied.Kind == "Deployment")
        {
            var replicas = ready ? (int)there["spec"]!["replicas"]! : 0;
            there["status"] = new JsonObject { ["observedGeneration"] = 1, ["replicas"] = replicas, ["updatedReplicas"] = replicas, ["readyReplicas"] = replicas, ["availableReplicas"] = replicas };
        }

        return new CachedObject(JsonDocument.Parse(there.ToJsonString()).RootElement);
    }

    private static ModelPod Pod(string name) => new()
    {
        Metadata = new() { Name = name, Uid = $"uid-{name}", Labels = Rendered["metadata"]!["labels"]!.AsObject().ToDictionary(l => l.Key, l => (string)l.Value!) },
        Status = new() { Phase = "Pending" },
    };

    private static JsonNode Rendered { get; } = new VllmRuntime().Render(
        new ModelDeployment { Metadata = new() { Name = "a", Namespace = "default" }, Spec = new() { Model = new() { Id = "org/m" }, Engine = new() { Type = EngineType.Vllm }, Resources = new() { Gpu = new() { Count = 1 } } } }, ClusterApis.None)[0]["spec"]!["template"]!;

    private static NamespaceQuota Quota(string name, string resource, decimal hard, decimal used) => new("default", name, [], [new QuotaLine(resource, hard, used)]);

    private static JsonElement Workload(string owner, string type, string status, string message) => JsonDocument.Parse(
        $$"""{"metadata":{"name":"w","ownerReferences":[{"uid":"{{owner}}"}]},"status":{"conditions":[{"type":"{{type}}","status":"{{status}}","message":"{{message}}"}]} }""").RootElement;

    private static Condition? Condition(DeploymentPlan plan, string type) => plan.Status.Conditions?.FirstOrDefault(c => c.Type == type);
}
