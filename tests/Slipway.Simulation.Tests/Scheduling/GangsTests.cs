namespace Slipway.Simulation.Tests.Scheduling;

/// <summary>Gangs: all or nothing.</summary>
public sealed class GangsTests
{
    private const string Racks = ""","schedulingConstraints":{"topology":[{"key":"rack"}]}""";

    [Fact]
    public void A_gang_waits_whole_and_holds_nothing()
    {
        var cluster = Cluster(3).Gang("g", 4);
        Pods(cluster, "g", 4);
        var schedule = cluster.Run();
        Assert.Empty(schedule.Bindings);
        Assert.Empty(schedule.Claims);
        Assert.Equal("pod group is unschedulable, waiting for minCount pods from a gang to be scheduled: 0/3 nodes are available: 3 cannot allocate all claims.", Assert.Single(schedule.Waiting.Select(static w => w.Message).Distinct()));
        Assert.False(Assert.Single(schedule.Groups).Scheduled);

        Node(cluster, 3);
        schedule = cluster.Run();
        Assert.Equal(4, schedule.Bindings.Length);
        Assert.True(Assert.Single(schedule.Groups).Scheduled);
    }

    [Fact]
    public void Of_two_gangs_with_room_for_one_and_a_half_exactly_one_starts()
    {
        var cluster = Cluster(3).Gang("g", 2).Gang("h", 2);
        for (var i = 0; i < 2; i++)
        {
            Pods(cluster, "g", 1, i);
            Pods(cluster, "h", 1, i);
        }

        Assert.Equal(["g-0", "g-1"], cluster.Run().Bindings.Select(static b => b.Pod.Name));
    }

    [Fact]
    public void Too_few_pods_wait_without_a_word_as_upstream()
    {
        var cluster = Cluster(4).Gang("g", 3);
        Pods(cluster, "g", 2);
        Pods(cluster, "nobody", 1);
        var schedule = cluster.Run();
        Assert.Empty(schedule.Bindings);
        Assert.Empty(schedule.Waiting);
        Assert.Empty(schedule.Groups);
    }

    [Fact]
    public void A_lost_pod_comes_back_alone()
    {
        var cluster = Cluster(3).Gang("g", 2);
        Pods(cluster, "g", 2);
        cluster.Run();
        cluster.Pods.RemoveAt(0);
        Pods(cluster, "g", 1, 7);
        Assert.Single(cluster.Run().Bindings);
    }

    [Fact]
    public void A_verdict_that_was_lost_when_its_pods_had_nodes_is_given_again_and_once()
    {
        var cluster = Cluster(2).Gang("g", 2);
        Pods(cluster, "g", 2);
        cluster.Run();
        Assert.True(Assert.Single(cluster.Run().Groups).Scheduled);
        cluster.Groups[0]["status"] = Made.Object("""{"conditions":[{"type":"PodGroupScheduled","status":"True"}]}""");
        Assert.Empty(cluster.Run().Groups);
    }

    [Fact]
    public void All_pods_get_nodes_of_one_rack_or_none()
    {
        var cluster = Cluster(3, static i => $"r{i % 3}").Gang("g", 2, Racks);
        Pods(cluster, "g", 2);
        var schedule = cluster.Run();
        Assert.Empty(schedule.Bindings);
        Assert.Equal("pod group is unschedulable, waiting for minCount pods from a gang to be scheduled: 0/3 placements are available: 0/1 nodes are available: 1 cannot allocate all claims.", schedule.Waiting[0].Message);

        Node(cluster, 3, "r1");
        Assert.Equal(["n1", "n3"], cluster.Run().Bindings.Select(static b => b.Node).Order());
        // Who comes later has to be where the others are.
        Pods(cluster, "g", 1, 2);
        Assert.Empty(cluster.Run().Bindings);
    }

    [Fact]
    public void A_claim_of_the_gang_is_one_for_all_and_is_used_in_its_name()
    {
        var cluster = Cluster(2).Gang("g", 2, ""","resourceClaims":[{"name":"fabric","resourceClaimName":"fabric"}]""");
        cluster.Slices.Add(Made.Object("""{"spec":{"driver":"gpu","allNodes":true,"pool":{"name":"fabric","generation":1,"resourceSliceCount":1},"devices":[{"name":"domain","attributes":{"kind":{"string":"fabric"}}}]}}"""));
        cluster.Claim("fabric", """{"selectors":[{"cel":{"expression":"device.attributes['gpu'].?kind.orValue('') == 'fabric'"}}]}""");
        for (var i = 0; i < 2; i++) cluster.Pod($"g-{i}", """{"schedulingGroup":{"podGroupName":"g"}}""", claims: "fabric");
        Assert.Equal(2, cluster.Run().Bindings.Length);
        var reserved = Assert.Single(cluster.Claims[0]["status"]!["reservedFor"]!.AsArray())!;
        Assert.Equal(("podgroups", "g", "scheduling.k8s.io"), ((string?)reserved["resource"], (string?)reserved["name"], (string?)reserved["apiGroup"]));
    }

    private static Made Cluster(int nodes, Func<int, string>? rack = null)
    {
        var cluster = new Made();
        for (var i = 0; i < nodes; i++) Node(cluster, i, rack?.Invoke(i) ?? "r0");
        return cluster;
    }

    private static void Node(Made cluster, int index, string rack = "r0") => cluster.Node($"n{index}", labels: $$$$$$"""{"rack":"{{{{{{rack}}}}}}"}""").Gpus($"n{index}", 8);

    private static void Pods(Made cluster, string gang, int count, int from = 0)
    {
        for (var i = from; i < from + count; i++) cluster.Claim($"{gang}-{i}", """{"count":8}""").Pod($"{gang}-{i}", $$$$$$"""{"schedulingGroup":{"podGroupName":"{{{{{{gang}}}}}}"}}""", claims: $"{gang}-{i}");
    }
}
