using Slipway.Scheduling.Tests.Harness;

namespace Slipway.Scheduling.Tests.Gangs;

/// <summary>Gangs in one rack, and claims of a gang: scenarios 26 and 27.</summary>
public sealed class PlaceTests(Cluster cluster)
{
    [Fact]
    public async Task S26_a_claim_of_a_gang_is_one_for_all_and_goes_after_its_pods()
    {
        cluster.NeedGroupClaims();
        await using var scene = await cluster.GangSceneAsync();
        foreach (var (node, rack) in new[] { ("a", "r1"), ("b", "r2"), ("c", "r2") }) await scene.GpusAsync(node, Device.H100(), $"rack: {rack}");
        await scene.ApplyAsync("{kind: DeviceClass, metadata: {name: fabric.DRIVER}, spec: {selectors: [{cel: {expression: \"device.driver == 'fabric.DRIVER'\"}}]}}");
        await scene.ApplyAsync("""
            kind: ResourceSlice
            metadata: {name: ID-fabric}
            spec:
              driver: fabric.DRIVER
              pool: {name: ID-fabric, generation: 1, resourceSliceCount: 1}
              nodeSelector: {nodeSelectorTerms: [{matchExpressions: [{key: rack, operator: In, values: [r2]}, {key: slipway.dev/scene, operator: In, values: [ID]}]}]}
              devices: [{name: domain-0}]
            """);
        await scene.TemplateAsync("fabric", "[{name: domain, exactly: {deviceClassName: fabric.DRIVER}}]");
        await scene.CountAsync("four", 4);
        await scene.GangAsync("g", 2, "resourceClaims: [{name: fabric, resourceClaimTemplateName: fabric}]");
        string[] pods = ["g-0", "g-1"];
        foreach (var pod in pods) await scene.PodAsync(pod, "four", "{schedulingGroup: {podGroupName: g}, resourceClaims: [{name: gpu, resourceClaimTemplateName: four}, {name: fabric, resourceClaimTemplateName: fabric}]}");

        Assert.All(await scene.BoundAsync(pods), static n => Assert.Contains(n, (string[])["b", "c"]));
        var claim = Assert.Single(await scene.ListAsync(Kind.Claim), static c => Outcome.Results(c).Any(static r => (string?)r["device"] == "domain-0"));
        Assert.Equal("PodGroup", (string?)claim["metadata"]!["ownerReferences"]![0]!["kind"]);
        Assert.Equal(("scheduling.k8s.io", "podgroups", "g"), ((string?)claim["status"]!["reservedFor"]![0]!["apiGroup"], (string?)claim["status"]!["reservedFor"]![0]!["resource"], Assert.Single(Outcome.Users(claim))));

        await scene.DeleteAsync(Kind.Group, "g");
        Assert.NotNull(Assert.Single(await scene.ListAsync(Kind.Group))["metadata"]!["deletionTimestamp"]);
        foreach (var pod in pods) await scene.DeleteAsync(Kind.Pod, pod);
        await scene.UntilAsync(Kind.Group, static g => g.Count == 0, "the gang is gone after its pods");
        await scene.UntilAsync(Kind.Claim, static c => c.Count == 0, "and its claim");
    }

    [Fact]
    public async Task S27_a_gang_has_all_of_its_room_in_one_rack_or_none()
    {
        cluster.NeedTopology();
        await using var scene = await cluster.GangSceneAsync();
        foreach (var (node, rack) in new[] { ("a", "r1"), ("b", "r2"), ("c", "r2"), ("d", "r3") }) await scene.GpusAsync(node, Device.H100(), $"rack: ID-{rack}");
        foreach (var gang in new[] { "g", "h" })
        {
            await scene.GangAsync(gang, 2, "schedulingConstraints: {topology: [{key: rack}]}");
            foreach (var pod in new[] { $"{gang}-0", $"{gang}-1" }) await scene.MemberAsync(pod, gang);
            if (gang is "g") Assert.Equal(["b", "c"], (await scene.BoundAsync("g-0", "g-1")).Order(StringComparer.Ordinal));
        }

        Assert.Contains("placements are available", (string?)(await scene.GangAsync("h", scheduled: false))["message"], StringComparison.Ordinal);
        Assert.Equal(["", ""], await scene.NodesAsync("h-0", "h-1"));
    }
}
