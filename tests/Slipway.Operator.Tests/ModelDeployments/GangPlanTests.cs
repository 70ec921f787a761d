using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Providers;
using Slipway.Kubernetes.Objects;
using Slipway.Operator.ModelDeployments;
using Slipway.Runtimes;
using Slipway.Runtimes.Gangs;
using Slipway.Runtimes.Pods;
using Slipway.Runtimes.Vllm;

namespace Slipway.Operator.Tests.ModelDeployments;

/// <summary>Gangs in the plan: what runs is not restarted because a cluster begins or ceases to have them.</summary>
public sealed class GangPlanTests
{
    private static readonly DateTimeOffset s_now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly ImmutableDictionary<ObjectId, CachedObject> s_nothing = ImmutableDictionary<ObjectId, CachedObject>.Empty;
    private readonly VllmRuntime _runtime = new();

    [Fact]
    public void Each_replica_is_made_with_its_gang_and_the_status_says_so()
    {
        var plan = Plan("v1alpha2", s_nothing);
        // Who names a group is made after it, and a group after its Workload.
        Assert.Equal(["Workload", "PodGroup", "PodGroup", "LeaderWorkerSet", "Service", "LeaderWorkerSet"], plan.Changes.Select(c => c.Kind));
        Assert.Equal((ConditionStatus.True, "PodGroup"), Gang(plan));
        Assert.Empty(Plan("v1alpha2", Applied(plan)).Changes);
    }

    [Fact]
    public void Without_them_it_is_made_as_ever_and_the_status_says_why()
    {
        var plan = Plan(null, s_nothing);
        Assert.Equal(["LeaderWorkerSet", "Service"], plan.Changes.Select(c => c.Kind));
        Assert.Equal((ConditionStatus.False, "NotServed"), Gang(plan));
        Assert.DoesNotContain(Plan(null, s_nothing, nodes: 1).Status.Conditions!, c => c.Type == ConditionTypes.GangScheduled);
    }

    [Fact]
    public void What_runs_without_a_gang_goes_on_without_one()
    {
        var plan = Plan("v1alpha2", Applied(Plan(null, s_nothing)));
        Assert.Empty(plan.Changes);
        Assert.Contains("delete the deployment and apply it again", Condition(plan).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_runs_as_a_gang_is_left_alone_when_the_cluster_has_them_no_longer()
    {
        var running = Applied(Plan("v1alpha2", s_nothing)).Where(o => o.Key.Kind is not ("Workload" or "PodGroup")).ToImmutableDictionary();
        var plan = Plan(null, running);
        Assert.Empty(plan.Changes);
        Assert.Equal((ConditionStatus.False, "NotServed"), Gang(plan));
    }

    // 1.36 to 1.37: the old objects cannot be seen any more.
    [Fact]
    public void After_an_upgrade_the_gangs_are_made_again_in_the_new_words_and_pods_are_left_alone()
    {
        var running = Applied(Plan("v1alpha2", s_nothing)).Where(o => o.Key.Kind is not ("Workload" or "PodGroup")).ToImmutableDictionary();
        var plan = Plan("v1beta1", running);
        Assert.Equal(["Workload", "PodGroup", "PodGroup"], plan.Changes.Select(c => c.Kind));
        Assert.All(plan.Changes, c => Assert.Equal("scheduling.k8s.io/v1beta1", (string?)((ApplyObject)c).Object["apiVersion"]));
    }

    [Fact]
    public void The_gangs_of_the_revision_before_go_when_none_of_its_pods_is_left()
    {
        var before = Applied(Plan("v1alpha2", s_nothing), ready: true);
        var change = Plan("v1alpha2", before, model: "org/n");
        Assert.DoesNotContain(change.Changes, c => c is DeleteObject);
        Assert.Equal(2, change.Changes.Count(c => c.Kind == "PodGroup"));

        var underWay = before.SetItems(Applied(change));
        Assert.DoesNotContain(Plan("v1alpha2", underWay, model: "org/n").Changes, c => c is DeleteObject);

        var done = before.SetItems(Applied(change, ready: true));
        Assert.Equal(["PodGroup", "PodGroup", "Workload"], Plan("v1alpha2", done, model: "org/n").Changes.Select(c => Assert.IsType<DeleteObject>(c).Kind));
    }

    [Fact]
    public void Who_requires_gangs_waits_for_a_cluster_that_has_them()
    {
        var required = new SchedulingSpec { Gang = GangPolicy.Required };
        var waits = Plan(null, s_nothing, scheduling: required);
        Assert.Empty(waits.Changes);
        Assert.Equal((DeploymentPhase.Pending, TimeSpan.FromMinutes(1)), (waits.Status.Phase, waits.LookAgain));
        var ready = waits.Status.Conditions!.Single(c => c.Type == ConditionTypes.Ready);
        Assert.Equal((ConditionStatus.False, "GangRequired"), (ready.Status, ready.Reason));
        Assert.EndsWith("the cluster serves no gangs. It waits, since spec.scheduling.gang is Required", ready.Message, StringComparison.Ordinal);
        Assert.Equal((ConditionStatus.False, "NotServed"), Gang(waits));

        Assert.Contains(Plan("v1alpha2", s_nothing, scheduling: required).Changes, c => c.Kind == "PodGroup");
    }

    [Fact]
    public void What_runs_is_made_a_gang_when_that_is_required_and_left_alone_where_it_cannot_be()
    {
        var required = new SchedulingSpec { Gang = GangPolicy.Required };
        var running = Applied(Plan(null, s_nothing), ready: true);
        Assert.Contains(Plan("v1alpha2", running, scheduling: required).Changes, c => c.Kind == "PodGroup");

        var waits = Plan(null, running, model: "org/n", scheduling: required);
        Assert.Empty(waits.Changes);
        var degraded = waits.Status.Conditions!.Single(c => c.Type == ConditionTypes.Degraded);
        Assert.Equal("GangRequired", degraded.Reason);
        Assert.StartsWith("It runs as before, and changes wait: ", degraded.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gang_is_undone_when_it_is_not_wanted() => Assert.Equal(
        (ConditionStatus.False, "NotWanted"), Gang(Plan("v1alpha2", Applied(Plan("v1alpha2", s_nothing), ready: true), scheduling: new() { Gang = GangPolicy.Never })));

    // A gate was turned on since: what is made never changes, and what is new has to be as its Workload says.
    [Fact]
    public void A_replica_that_is_added_has_the_gang_that_the_others_have()
    {
        var before = Applied(Plan("v1alpha2", s_nothing), ready: true);
        Assert.Empty(Plan("v1alpha2", before, fields: GangFields.All).Changes);

        var added = Plan("v1alpha2", before, fields: GangFields.All, replicas: 3).Changes;
        Assert.Equal(["PodGroup", "LeaderWorkerSet"], added.Select(c => c.Kind));
        var group = ((ApplyObject)added[0]).Object["spec"]!;
        Assert.Equal(2, (int)group["schedulingPolicy"]!["gang"]!["minCount"]!);
        Assert.Null(group["disruptionMode"]);
        Assert.NotNull(group["podGroupTemplateRef"]);
        Assert.NotNull(((ApplyObject)Plan("v1alpha2", s_nothing, fields: GangFields.All).Changes.First(c => c.Kind == "PodGroup")).Object["spec"]!["disruptionMode"]);
    }

    [Fact]
    public void A_gate_that_is_turned_off_again_takes_no_gang_away()
    {
        var rack = new SchedulingSpec { TopologyKey = "topology.kubernetes.io/rack" };
        var before = Applied(Plan("v1alpha2", s_nothing, fields: GangFields.All, scheduling: rack), ready: true);
        var after = Plan("v1alpha2", before, scheduling: rack);
        Assert.Empty(after.Changes);
        Assert.Contains("the cluster keeps no schedulingConstraints any more", Condition(after).Message, StringComparison.Ordinal);
        // Another place is another gang, and cannot be one.
        Assert.Equal((ConditionStatus.False, "NoTopology"), Gang(Plan("v1alpha2", before, scheduling: rack with { TopologyKey = "zone" })));
    }

    [Fact]
    public void Too_few_pods_are_told_in_both_conditions_until_they_are_there()
    {
        var made = Applied(Plan("v1alpha2", s_nothing)).SetItems(Applied(Plan("v1alpha2", s_nothing)).Where(o => o.Key.Kind == "PodGroup").Select(o => KeyValuePair.Create(o.Key, Aged(o.Value))));
        var group = made.Keys.First(k => k.Kind == "PodGroup" && !k.Name.Contains("-r1-", StringComparison.Ordinal)).Name;
        ModelPod Pod(string name) => new() { Metadata = new ObjectMeta { Name = name, CreationTimestamp = s_now.AddMinutes(-1) }, Spec = new() { SchedulingGroup = new(group) } };
        var few = Plan("v1alpha2", made, pods: [Pod("one")], replicas: 1);
        Assert.Equal((ConditionStatus.False, "TooFewPods"), Gang(few));
        Assert.Equal("TooFewPods", few.Status.Conditions!.Single(c => c.Type == ConditionTypes.Ready).Reason);
        Assert.Contains(few.News(null), n => n is { Reason: "TooFewPods", Warning: true });
        Assert.Equal((ConditionStatus.True, "PodGroup"), Gang(Plan("v1alpha2", made, pods: [Pod("one"), Pod("two")], replicas: 1)));

        static CachedObject Aged(CachedObject value)
        {
            var there = JsonNode.Parse(value.Json.GetRawText())!;
            there["metadata"]!["creationTimestamp"] = "2025-12-31T23:00:00Z";
            return new CachedObject(JsonDocument.Parse(there.ToJsonString()).RootElement);
        }
    }

    private DeploymentPlan Plan(
        string? version, ImmutableDictionary<ObjectId, CachedObject> objects, int nodes = 2, string model = "org/m", SchedulingSpec? scheduling = null, GangFields fields = GangFields.None, int replicas = 2,
        ImmutableArray<ModelPod>? pods = null)
    {
        var served = ImmutableDictionary<string, ImmutableArray<string>>.Empty.Add("leaderworkersets.leaderworkerset.x-k8s.io", ["v1"]);
        if (version is not null) served = served.Add("podgroups.scheduling.k8s.io", [version]).Add("workloads.scheduling.k8s.io", [version]);
        var gangs = new GangSupport(GangDialect.All.FirstOrDefault(d => d.Version == version), version is null ? "the cluster serves no gangs" : "") { Fields = fields };
        var deployment = new ModelDeployment
        {
            Metadata = new ObjectMeta { Name = "a", Namespace = "default", Uid = "uid-a", Generation = 1 },
            Spec = new ModelDeploymentSpec { Model = new() { Id = model }, Engine = new() { Type = EngineType.Vllm }, Provider = new() { Name = "vllm" }, Scheduling = scheduling, Scaling = new() { Replicas = replicas }, Resources = new() { Nodes = nodes, Gpu = new() { Count = 8 } } },
        };
        var provider = new InferenceProviderConfig { Metadata = new ObjectMeta { Name = "vllm" }, Spec = _runtime.Descriptor.Spec, Status = new InferenceProviderStatus { Ready = true, LastHeartbeat = s_now } };
        return new DeploymentPlanner([_runtime], null).Plan(deployment, new PlanInput([provider], s_now) { Apis = new ClusterApis(served) { Gangs = gangs }, Objects = objects, Pods = pods ?? [] });
    }

    private static ImmutableDictionary<ObjectId, CachedObject> Applied(DeploymentPlan plan, bool ready = false) => plan.Changes.OfType<ApplyObject>().ToImmutableDictionary(
        a => new ObjectId(a.Kind, a.Name),
        a =>
        {
            var there = a.Object.DeepClone().AsObject();
            there["metadata"]!["generation"] = 1;
            if (a.Kind == "LeaderWorkerSet") there["status"] = new JsonObject { ["observedGeneration"] = 1, ["replicas"] = 1, ["updatedReplicas"] = ready ? 1 : 0, ["readyReplicas"] = ready ? 1 : 0 };
            return new CachedObject(JsonDocument.Parse(there.ToJsonString()).RootElement);
        });

    private static Condition Condition(DeploymentPlan plan) => plan.Status.Conditions!.Single(c => c.Type == ConditionTypes.GangScheduled);

    private static (ConditionStatus, string?) Gang(DeploymentPlan plan) => (Condition(plan).Status, Condition(plan).Reason);
}
