using Slipway.Scheduling.Tests.Harness;

namespace Slipway.Scheduling.Tests.Gangs;

/// <summary>Pods that start together or not at all: scenarios 22 to 25 and 28 to 31. Skipped where a cluster has no PodGroups.</summary>
public sealed class GangTests(Cluster cluster)
{
    private static readonly string[] s_four = ["g-0", "g-1", "g-2", "g-3"];

    [Fact]
    public async Task S22_a_gang_waits_for_room_for_all_of_it()
    {
        await using var scene = await cluster.GangSceneAsync("a", "b", "c");
        await scene.GangAsync("g", 4);
        foreach (var pod in s_four) await scene.MemberAsync(pod, "g");

        var verdict = await scene.GangAsync("g", scheduled: false);
        Assert.Equal("Unschedulable", (string?)verdict["reason"]);
        Assert.All(await scene.NodesAsync(s_four), static n => Assert.Equal("", n));
        Assert.Empty(await scene.AllocatedAsync());
        await scene.GpusAsync("d", Device.H100());
        Assert.Equal(["a", "b", "c", "d"], (await scene.BoundAsync(s_four)).Order(StringComparer.Ordinal));
        await scene.GangAsync("g", scheduled: true);
    }

    [Fact]
    public async Task S23_of_two_gangs_with_room_for_one_one_starts_whole()
    {
        await using var scene = await cluster.GangSceneAsync("a", "b", "c");
        for (var round = 0; round < 20; round++)
        {
            string[] gangs = round % 2 == 0 ? [$"x{round}", $"y{round}"] : [$"y{round}", $"x{round}"];
            foreach (var gang in gangs) await scene.GangAsync(gang, 2);
            for (var i = 0; i < 2; i++)
                foreach (var gang in gangs) await scene.MemberAsync($"{gang}-{i}", gang);

            var pods = await scene.UntilAsync(Kind.Pod, static p => p.Count(static x => (string?)x["spec"]!["nodeName"] is not null) >= 2, "one gang has nodes");
            var groups = await scene.UntilAsync(
                Kind.Group, g => gangs.Select(n => g.Where(x => Scene.Name(x) == n).Select(IsScheduled).FirstOrDefault()).Order().SequenceEqual([false, true]), "one gang is scheduled, the other is not");
            var whole = groups.Single(g => gangs.Contains(Scene.Name(g)) && IsScheduled(g) == true);
            var nodes = await scene.NodesAsync([.. pods.Select(Scene.Name)]);
            Assert.All(pods.Zip(nodes), p => Assert.Equal(p.First["spec"]!["schedulingGroup"]!["podGroupName"]!.ToString() == Scene.Name(whole), p.Second.Length > 0));
            Assert.Equal(2, (await scene.AllocatedAsync()).Count);
            foreach (var pod in pods) await scene.DeleteAsync(Kind.Pod, Scene.Name(pod));
            foreach (var gang in gangs) await scene.DeleteAsync(Kind.Group, gang);
            await scene.UntilAsync(Kind.Claim, static c => c.Count == 0, "the claims are gone with their pods");
        }
    }

    [Fact]
    public async Task S24_a_gang_with_too_few_pods_is_silent()
    {
        await using var scene = await cluster.GangSceneAsync("a", "b", "c");
        await scene.GangAsync("g", 3);
        foreach (var pod in new[] { "g-0", "g-1" }) await scene.MemberAsync(pod, "g");
        await scene.PodAsync("after", "eight");
        await scene.BoundAsync("after");

        Assert.All(await scene.NodesAsync("g-0", "g-1"), static n => Assert.Equal("", n));
        Assert.Null(Outcome.Verdict(Assert.Single(await scene.ListAsync(Kind.Group))));
        await scene.MemberAsync("g-2", "g");
        await scene.GangAsync("g", scheduled: false);
    }

    [Theory]
    [InlineData("OrderedReady", 1)]
    [InlineData("Parallel", 2)]
    public async Task S25_pods_made_one_after_the_other_never_become_a_gang(string policy, int made)
    {
        await using var scene = await cluster.GangSceneAsync("a", "b");
        await scene.GangAsync("g", 2);
        await scene.ApplyAsync($$"""
            kind: StatefulSet
            metadata: {name: s}
            spec:
              serviceName: s
              replicas: 2
              podManagementPolicy: {{policy}}
              selector: {matchLabels: {app: s} }
              template:
                metadata: {labels: {app: s} }
                spec: {{scene.PodSpec("eight", "{schedulingGroup: {podGroupName: g}}")}}
            """);

        await scene.UntilAsync(Kind.Claim, c => c.Count == made, $"{made} pods are made");
        if (made == 2) await scene.BoundAsync("s-0", "s-1");
        else Assert.Equal([""], await scene.NodesAsync("s-0"));
    }

    [Fact]
    public async Task S28_a_gang_tries_no_other_alternatives_for_its_first_pods()
    {
        await using var scene = await cluster.GangSceneAsync();
        var (counters, devices) = Device.Partitioned();
        await scene.NodeAsync("a");
        await scene.ApplyAsync($"{{kind: ResourceSlice, metadata: {{name: ID-a-counters}}, spec: {{driver: DRIVER, nodeName: ID-a, pool: {{name: ID-a, generation: 1, resourceSliceCount: 2}}, sharedCounters: [{counters}]}}}}");
        await scene.SliceAsync("a", devices, slices: 2);
        static string Of(string type) => $"{{name: {type}, deviceClassName: DRIVER, selectors: [{{cel: {{expression: \"device.attributes['DRIVER'].?type.orValue('') == '{type}'\"}}}}]}}";
        await scene.TemplateAsync("either", $"[{{name: gpu, firstAvailable: [{Of("gpu")}, {Of("mig")}]}}]");
        await scene.GangAsync("g", 2);
        foreach (var pod in new[] { "g-0", "g-1" }) await scene.MemberAsync(pod, "g", "either");

        await scene.GangAsync("g", scheduled: false);
        Assert.Empty(await scene.AllocatedAsync());
    }

    [Fact]
    public async Task S29_a_lost_member_is_replaced_by_itself()
    {
        await using var scene = await cluster.GangSceneAsync("a", "b");
        await scene.GangAsync("g", 2);
        foreach (var pod in new[] { "g-0", "g-1" }) await scene.MemberAsync(pod, "g");
        await scene.BoundAsync("g-0", "g-1");
        await scene.GangAsync("g", scheduled: true);
        await scene.DeleteAsync(Kind.Pod, "g-1");
        await scene.MemberAsync("g-2", "g");

        await scene.BoundAsync("g-2");
        Assert.Equal("True", (string?)(await scene.GangAsync("g", scheduled: true))["status"]);
    }

    [Fact]
    public async Task S30_pods_of_another_scheduler_are_no_members()
    {
        await using var scene = await cluster.GangSceneAsync("a", "b", "c");
        await scene.GangAsync("g", 2);
        await scene.MemberAsync("g-0", "g");
        await scene.MemberAsync("g-1", "g", more: "schedulerName: another");
        await scene.PodAsync("after", "eight");
        await scene.BoundAsync("after");

        Assert.Equal(["", ""], await scene.NodesAsync("g-0", "g-1"));
    }

    [Fact]
    public async Task S31_the_size_of_a_gang_stays_in_v1alpha2()
    {
        await using var scene = await cluster.GangSceneAsync();
        await scene.GangAsync("g", 2);
        var change = scene.Api.MergeAsync(scene.Path(Kind.Group, "g"), Slipway.Testing.Yaml.Parse("{spec: {schedulingPolicy: {gang: {minCount: 3}}}}")[0]);

        if (cluster.Groups.EndsWith("v1alpha2", StringComparison.Ordinal)) Assert.Contains("field is immutable", (await Assert.ThrowsAsync<RefusalException>(() => change)).Message, StringComparison.Ordinal);
        else Assert.Equal(3, (int)(await change)["spec"]!["schedulingPolicy"]!["gang"]!["minCount"]!);
    }

    private static bool? IsScheduled(System.Text.Json.Nodes.JsonNode gang) => Outcome.Verdict(gang) is { } verdict ? (string?)verdict["status"] == "True" : null;
}
