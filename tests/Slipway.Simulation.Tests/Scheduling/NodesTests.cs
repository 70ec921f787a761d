namespace Slipway.Simulation.Tests.Scheduling;

/// <summary>Which node a pod gets, and what is said where there is none.</summary>
public sealed class NodesTests
{
    private const string Racks = """{"rack":"r0"}""";

    [Theory]
    [InlineData("""{"nodeSelector":{"rack":"r9"}}""", "0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector.")]
    [InlineData("""{"containers":[{"name":"c","resources":{"requests":{"cpu":"9","memory":"65Gi"}}}]}""", "0/2 nodes are available: 2 Insufficient cpu, 2 Insufficient memory.")]
    [InlineData("""{"containers":[{"name":"c","resources":{"limits":{"other.com/gpu":"1"}}}]}""", "0/2 nodes are available: 2 Insufficient other.com/gpu.")]
    [InlineData("""{"volumes":[{"name":"v","persistentVolumeClaim":{"claimName":"gone"}}]}""", "0/2 nodes are available: persistentvolumeclaim \"gone\" not found.")]
    [InlineData("""{"volumes":[{"name":"v","persistentVolumeClaim":{"claimName":"unbound"}}]}""", "0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims.")]
    [InlineData("""{"affinity":{"podAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{"topologyKey":"rack","labelSelector":{"matchLabels":{"app":"x"}}}]}}}""", "0/2 nodes are available: 2 node(s) didn't match pod affinity rules.")]
    [InlineData("""{"topologySpreadConstraints":[{"topologyKey":"zone","maxSkew":1,"labelSelector":{}}]}""", "0/2 nodes are available: 2 node(s) didn't match pod topology spread constraints (missing required label).")]
    public void What_stands_in_the_way_is_told_in_the_words_of_kube_scheduler(string spec, string words)
    {
        var cluster = new Made().Node("a", labels: Racks).Node("b", labels: Racks).Pod("p", spec);
        cluster.Volumes.Add(Made.Object("""{"metadata":{"namespace":"a","name":"unbound"},"status":{"phase":"Pending"}}"""));
        var waiting = Assert.Single(cluster.Run().Waiting);
        Assert.Equal(("Unschedulable", words), (waiting.Reason, waiting.Message));
    }

    [Fact]
    public void Nodes_that_take_nobody_are_told_apart()
    {
        var cluster = new Made().Node("cordoned", spec: """{"unschedulable":true}""").Node("tainted", spec: """{"taints":[{"key":"team","value":"red","effect":"NoSchedule"}]}""").Node("full", allocatable: """{"cpu":"8","pods":"0"}""").Pod("p");
        Assert.Equal("0/3 nodes are available: 1 Too many pods, 1 node(s) had untolerated taint(s), 1 node(s) were unschedulable.", Assert.Single(cluster.Run().Waiting).Message);
        Assert.Equal("no nodes available to schedule pods", Assert.Single(new Made().Pod("p").Run().Waiting).Message);
    }

    [Fact]
    public void A_taint_is_borne_by_whoever_says_so_and_a_node_that_is_not_ready_has_one()
    {
        var cluster = new Made().Node("tainted", spec: """{"taints":[{"key":"nvidia.com/gpu","effect":"NoSchedule"}]}""").Pod("bears", """{"tolerations":[{"key":"nvidia.com/gpu","operator":"Exists"}]}""").Pod("does-not");
        cluster.Nodes.Add(Made.Object("""{"metadata":{"name":"lost"},"status":{"allocatable":{"cpu":"8"},"conditions":[{"type":"Ready","status":"Unknown"}]}}"""));
        cluster.Run();
        Assert.Equal(("tainted", null), (cluster.NodeOf("bears"), cluster.NodeOf("does-not")));
    }

    [Fact]
    public void The_more_important_pod_comes_first_and_takes_nothing_from_who_is_there()
    {
        var cluster = new Made().Node("a", allocatable: """{"cpu":"2"}""").Pod("low", cpu: "2").Pod("high", priority: 9, cpu: "2");
        cluster.Run();
        Assert.Equal((null, "a"), (cluster.NodeOf("low"), cluster.NodeOf("high")));
        cluster.Pod("higher", priority: 10, cpu: "2").Run();
        Assert.Equal(("a", null), (cluster.NodeOf("high"), cluster.NodeOf("higher")));
    }

    [Fact]
    public void Pods_that_another_scheduler_or_a_gate_has_are_left_alone()
    {
        var cluster = new Made().Node("a").Pod("others", """{"schedulerName":"volcano"}""").Pod("gated", """{"schedulingGates":[{"name":"kueue.x-k8s.io/admission"}]}""");
        var schedule = cluster.Run();
        Assert.Empty(schedule.Bindings);
        Assert.Empty(schedule.Waiting);
    }

    [Fact]
    public void Pods_keep_to_and_from_others_by_required_affinity()
    {
        const string Apart = """{"affinity":{"podAntiAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{"topologyKey":"rack","labelSelector":{"matchLabels":{"app":"x"}}}]}}}""";
        var cluster = new Made().Node("a", labels: Racks).Node("b", labels: """{"rack":"r1"}""").Node("c", labels: Racks);
        foreach (var name in (string[])["p0", "p1", "p2"]) cluster.Pod(name, Apart, labels: """{"app":"x"}""");
        Assert.Equal("0/3 nodes are available: 3 node(s) didn't match pod anti-affinity rules.", Assert.Single(cluster.Run().Waiting).Message);
        Assert.NotEqual(cluster.NodeOf("p1") is "b", cluster.NodeOf("p0") is "b");
    }

    [Fact]
    public void Pods_are_spread_within_the_skew()
    {
        var cluster = new Made().Node("a", labels: Racks).Node("b", labels: """{"rack":"r1"}""", allocatable: """{"cpu":"1"}""");
        for (var i = 0; i < 4; i++) cluster.Pod($"p{i}", """{"topologySpreadConstraints":[{"topologyKey":"rack","maxSkew":1,"whenUnsatisfiable":"DoNotSchedule","labelSelector":{"matchLabels":{"app":"x"}}}]}""", labels: """{"app":"x"}""");
        var schedule = cluster.Run();
        Assert.Equal(["a", "a", "b"], schedule.Bindings.Select(static b => b.Node).Order());
        Assert.Equal("0/2 nodes are available: 1 Insufficient cpu, 1 node(s) didn't match pod topology spread constraints.", Assert.Single(schedule.Waiting).Message);
    }
}
