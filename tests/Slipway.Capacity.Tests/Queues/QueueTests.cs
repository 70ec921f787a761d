using System.Collections.Immutable;
using System.Text.Json;
using Slipway.Capacity.Queues;
using Slipway.Capacity.Quotas;

namespace Slipway.Capacity.Tests.Queues;

/// <summary>Kueue's queues and what they say of what waits in them.</summary>
public sealed class QueueTests
{
    private const string Local = """{"kind":"LocalQueue","metadata":{"namespace":"n","name":"gpus"},"spec":{"clusterQueue":"team"},"status":{"pendingWorkloads":2}}""";

    private const string Cluster = """
        {"kind":"ClusterQueue","metadata":{"name":"team"},
         "spec":{"resourceGroups":[{"coveredResources":["nvidia.com/gpu","memory"],"flavors":[
           {"name":"h100","resources":[{"name":"nvidia.com/gpu","nominalQuota":8},{"name":"memory","nominalQuota":"200Gi"}]},
           {"name":"a100","resources":[{"name":"nvidia.com/gpu","nominalQuota":"4"},{"name":"memory","nominalQuota":0}]}]}]},
         "status":{"flavorsReservation":[{"name":"h100","resources":[{"name":"nvidia.com/gpu","total":6},{"name":"memory","total":"100Gi"}]}]}}
        """;

    [Fact]
    public void A_queue_says_what_is_left_by_flavor()
    {
        var queue = NamespaceQueue.Read(Json(Local), Json(Cluster));
        Assert.Equal(
            "queue gpus (ClusterQueue team): 6 of 8 nvidia.com/gpu reserved in flavor h100; 100Gi of 200Gi requests.memory reserved in flavor h100; 0 of 4 nvidia.com/gpu reserved in flavor a100; 2 workloads wait in it",
            queue.Say());
        Assert.Equal([2, 4], queue.Flavors.Where(f => f.Resource == "nvidia.com/gpu").Select(f => f.Left));
    }

    [Theory]
    [InlineData(6, null)]
    [InlineData(8, "queue gpus: 6 of 12 nvidia.com/gpu left, this asks for 8: it waits until others are done")]
    public void More_than_is_left_waits(int gpus, string? lacks) => Assert.Equal(lacks, NamespaceQueue.Read(Json(Local), Json(Cluster)).Lacks(Ask(gpus)));

    [Theory]
    [InlineData("cohort")]
    [InlineData("cohortName")]
    public void What_may_be_borrowed_is_not_said_to_lack(string field) =>
        Assert.Null(NamespaceQueue.Read(Json(Local), Json(Cluster.Replace("\"spec\":{", $"\"spec\":{{\"{field}\":\"all\",", StringComparison.Ordinal))).Lacks(Ask(20)));

    [Fact]
    public void A_queue_that_is_closed_says_why()
    {
        var stopped = NamespaceQueue.Read(Json(Local), Json(Cluster.Replace("\"spec\":{", "\"spec\":{\"stopPolicy\":\"Hold\",", StringComparison.Ordinal)));
        Assert.Contains("it admits nothing: ClusterQueue team is stopped (Hold)", stopped.Say(), StringComparison.Ordinal);
        var inactive = NamespaceQueue.Read(Json("""{"kind":"LocalQueue","metadata":{"name":"gpus"},"spec":{"clusterQueue":"team"},"status":{"conditions":[{"type":"Active","status":"False","message":"Can't submit new workloads to clusterQueue"}]}}"""), default);
        Assert.Equal("Can't submit new workloads to clusterQueue", inactive.Closed);
        Assert.Null(inactive.Borrows);
        Assert.Contains("may not be read", inactive.Say(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_waits_says_why_in_Kueues_words()
    {
        var read = QueueAdmission.Of(
        [
            Workload("a", "u1", """{"type":"QuotaReserved","status":"False","message":"couldn't assign flavors to pod set main: insufficient unused quota for nvidia.com/gpu in flavor h100, 2 more needed"}"""),
            Workload("b", "u2", """{"type":"QuotaReserved","status":"True"},{"type":"Admitted","status":"True"}"""),
            Workload("c", "u3", """{"type":"Finished","status":"True"}"""),
            Workload("d", "other", """{"type":"QuotaReserved","status":"False","message":"another's"}"""),
        ], ImmutableHashSet.Create("u1", "u2", "u3"));
        Assert.Equal((1, 1), (read.Waiting, read.Admitted));
        Assert.StartsWith("couldn't assign flavors", read.Message, StringComparison.Ordinal);
        Assert.EndsWith("2 more needed", read.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_turned_out_or_waits_for_a_check_says_so()
    {
        var evicted = QueueAdmission.Of([Workload("a", "u", """{"type":"Evicted","status":"True","message":"Preempted to accommodate a workload."},{"type":"QuotaReserved","status":"False","message":"Preempted to accommodate a workload."}""")], ImmutableHashSet.Create("u"));
        Assert.Equal("Preempted to accommodate a workload", evicted.Message);
        var check = Json("""{"metadata":{"name":"a","ownerReferences":[{"uid":"u"}]},"status":{"conditions":[{"type":"QuotaReserved","status":"True"}],"admissionChecks":[{"name":"nodes","state":"Pending","message":"waits for nodes"}]}}""");
        Assert.Equal("nodes: waits for nodes", QueueAdmission.Of([check], ImmutableHashSet.Create("u")).Message);
    }

    private static QuotaAsk Ask(int gpus) =>
        new([PodAsk.Of(Json($$$"""{"containers":[{"resources":{"limits":{"nvidia.com/gpu":"{{{gpus}}}"} } }]}"""), 1, static _ => default)], ImmutableDictionary<string, string>.Empty);

    private static JsonElement Workload(string name, string owner, string conditions) =>
        Json($$$"""{"metadata":{"name":"{{{name}}}","ownerReferences":[{"uid":"{{{owner}}}"}]},"status":{"conditions":[{{{conditions}}}]}}""");

    private static JsonElement Json(string json) => JsonDocument.Parse(json).RootElement;
}
