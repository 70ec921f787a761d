using System.Text.Json.Nodes;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Gangs;
using Slipway.Runtimes.Tests.Harness;
using Slipway.Runtimes.Vllm;

namespace Slipway.Runtimes.Tests.Gangs;

/// <summary>What the scheduler does not say of gangs, the status does: too few pods, several schedulers, a pod that came later.</summary>
public sealed class GangTroubleTests
{
    private static readonly DateTimeOffset s_now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly VllmRuntime _runtime = new();
    private readonly ModelDeployment _deployment = Manifest.Of("""{"model":{"id":"org/m"},"engine":{"type":"vllm"},"scaling":{"replicas":2},"resources":{"nodes":2,"gpu":{"count":8}}}""");

    [Fact]
    public void Too_few_pods_are_counted_and_the_event_that_tells_why_is_repeated()
    {
        var second = Sets()[1];
        var state = Read([.. Members(0), Member(1, 0)], Failed(second, "older", -60), Failed($"{second}-0", "pods \"x\" is forbidden: exceeded quota: gpus.", 0), Failed("another-0", "not ours", 1));
        Assert.Equal((DeploymentPhase.Pending, "TooFewPods"), (state.Phase, state.Reason));
        Assert.Equal(
            $"1 of 2 pods of replica {second} were created, and the scheduler starts none of them before there are 2. The cluster does not let the others be made: pods \"x\" is forbidden: exceeded quota: gpus", state.Message);
        Assert.Equal((false, "TooFewPods"), (state.Gang!.Together, state.Gang.Reason));
    }

    [Fact]
    public void Without_an_event_it_says_where_to_look()
    {
        var state = Read([.. Members(1)]);
        Assert.StartsWith($"0 of 2 pods of replica {Sets()[0]} were created", state.Message, StringComparison.Ordinal);
        Assert.Contains($"look at the StatefulSets {Sets()[0]} and {Sets()[0]}-0", state.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pods_that_are_still_being_made_and_such_as_have_started_are_no_trouble()
    {
        // One was made a moment ago: the next is on its way.
        Assert.Null(Read([.. Members(0), Member(1, 0, age: 5)]).Gang);
        Assert.Null(Read([.. Members(0), .. Members(1)]).Gang);
        // It answers, whatever can be seen of its pods.
        Assert.Null(Read([.. Members(0)], null, 1).Gang);
        // Started, and then one was lost: no gang holds back the rest.
        Assert.Null(Read([.. Members(0), Member(1, 0, node: "n")], started: 60).Gang);
    }

    [Fact]
    public void While_the_pods_of_a_revision_before_go_those_that_follow_are_not_missed()
    {
        var old = Member(1, 0);
        old["spec"]!["schedulingGroup"]!["podGroupName"] = "the-one-before";
        Assert.Null(Read([.. Members(0), old]).Gang);
    }

    [Fact]
    public void Members_of_several_schedulers_are_named()
    {
        var other = Member(1, 1);
        other["spec"]!["schedulerName"] = "volcano";
        var state = Read([.. Members(0), Member(1, 0), other]);
        Assert.Equal((DeploymentPhase.Pending, "SchedulersDiffer"), (state.Phase, state.Reason));
        Assert.Contains($"replica {Sets()[1]} name different schedulers (default-scheduler, volcano)", state.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pod_that_replaces_a_lost_one_is_told_to_be_alone_until_it_has_a_node()
    {
        var late = Member(1, 1, age: 20);
        late["status"] = JsonNode.Parse("""{"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","reason":"Unschedulable","message":"0/3 nodes are available: 3 Insufficient nvidia.com/gpu."}]}""");
        JsonObject[] pods = [Member(0, 0, node: "a"), Member(0, 1, node: "b"), Member(1, 0, node: "c")];
        var state = Read([.. pods, late], started: 60);
        Assert.Equal("Unschedulable", state.Reason);
        Assert.Contains("No node has as many free accelerators", state.Message, StringComparison.Ordinal);
        Assert.Contains($"Replica {Sets()[1]} had started as a whole. Pod {Sets()[1]}-1 takes the place of one that was lost", state.Message, StringComparison.Ordinal);
        Assert.Equal((true, "MemberReplaced"), (state.Gang!.Together, state.Gang.Reason));

        late["spec"]!["nodeName"] = "d";
        Assert.Null(Read([.. pods, late], started: 60).Gang);
    }

    private RuntimeState Read(IEnumerable<JsonObject> pods, params KubernetesEvent[] events) => Read(pods, null, events);

    private RuntimeState Read(IEnumerable<JsonObject> pods, int? started, params KubernetesEvent[] events) => Read(pods, started, 0, events);

    private RuntimeState Read(IEnumerable<JsonObject> pods, int? started, int ready, params KubernetesEvent[] events)
    {
        var objects = Rendered().Select(static o => o.DeepClone().AsObject()).ToList();
        foreach (var value in objects)
        {
            if ((string?)value["kind"] == "LeaderWorkerSet") value["status"] = new JsonObject { ["observedGeneration"] = 1, ["replicas"] = 1, ["readyReplicas"] = ready };
            if ((string?)value["kind"] != "PodGroup") continue;
            value["metadata"]!["creationTimestamp"] = Ago(100);
            if (started is { } ago) value["status"] = new JsonObject { ["conditions"] = new JsonArray(new JsonObject { ["type"] = "PodGroupScheduled", ["status"] = "True", ["lastTransitionTime"] = Ago(ago) }) };
        }

        return _runtime.Read(_deployment, Golden.Observe([.. objects, .. pods]) with { Events = [.. events] });
    }

    private IReadOnlyList<JsonObject> Rendered() => _runtime.Render(_deployment, UpstreamCluster.Apis with { Gangs = new GangSupport(GangDialect.V1Alpha2, "") });

    private List<string> Sets() => [.. Rendered().Where(static o => (string?)o["kind"] == "LeaderWorkerSet").Select(static o => (string)o["metadata"]!["name"]!)];

    private IEnumerable<JsonObject> Members(int replica) => [Member(replica, 0), Member(replica, 1)];

    private JsonObject Member(int replica, int index, string? node = null, int age = 90)
    {
        var set = Sets()[replica];
        var group = (string)Rendered().Where(static o => (string?)o["kind"] == "PodGroup").ElementAt(replica)["metadata"]!["name"]!;
        var pod = JsonNode.Parse($$$"""
            {"kind":"Pod","metadata":{"name":"{{{set}}}-{{{index}}}","creationTimestamp":"{{{Ago(age)}}}","labels":{"slipway.dev/component":"model","leaderworkerset.sigs.k8s.io/name":"{{{set}}}"}},
            "spec":{"schedulingGroup":{"podGroupName":"{{{group}}}"}},"status":{"phase":"Pending"}}
            """)!.AsObject();
        if (node is not null) pod["spec"]!["nodeName"] = node;
        return pod;
    }

    private static KubernetesEvent Failed(string set, string message, int seconds) => new()
    {
        Reason = "FailedCreate",
        Message = message,
        LastTimestamp = s_now.AddSeconds(seconds),
        InvolvedObject = new ObjectReference { Kind = "StatefulSet", Name = set },
    };

    private static string Ago(int seconds) => s_now.AddSeconds(-seconds).ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
}
