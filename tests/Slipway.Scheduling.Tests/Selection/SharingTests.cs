using Slipway.Scheduling.Tests.Harness;

namespace Slipway.Scheduling.Tests.Selection;

/// <summary>Devices that are divided, shared, published in pieces or kept back: scenarios 12 to 16.</summary>
public sealed class SharingTests(Cluster cluster)
{
    private const string Half = "[{name: gpu, exactly: {deviceClassName: DRIVER, selectors: [{cel: {expression: \"device.attributes['DRIVER'].?type.orValue('') == 'mig'\"}}]}}]";
    private const string Whole = "[{name: gpu, exactly: {deviceClassName: DRIVER, selectors: [{cel: {expression: \"device.attributes['DRIVER'].?type.orValue('') == 'gpu'\"}}]}}]";

    [Fact]
    public async Task S12_two_halves_leave_no_whole()
    {
        await using var scene = await cluster.SceneAsync();
        await PartitionedAsync(scene);
        await scene.PodAsync("half-0", "half");
        await scene.PodAsync("half-1", "half");
        await scene.BoundAsync("half-0", "half-1");
        await scene.PodAsync("whole", "whole");

        await scene.WaitsAsync("whole", "cannot allocate all claims");
        await scene.DeleteAsync(Kind.Pod, "half-0");
        await scene.WaitsAsync("whole");
        await scene.DeleteAsync(Kind.Pod, "half-1");
        await scene.BoundAsync("whole");
    }

    [Fact]
    public async Task S12_a_whole_leaves_no_half()
    {
        await using var scene = await cluster.SceneAsync();
        await PartitionedAsync(scene);
        await scene.PodAsync("whole", "whole");
        await scene.BoundAsync("whole");
        await scene.PodAsync("half", "half");

        await scene.WaitsAsync("half", "cannot allocate all claims");
    }

    [Fact]
    public async Task S13_a_device_is_shared_until_its_capacity_is_used_up()
    {
        await using var scene = await cluster.SceneAsync();
        await scene.GpusAsync("a", ["{name: gpu-0, allowMultipleAllocations: true, capacity: {memory: {value: 80Gi, requestPolicy: {default: 80Gi, validRange: {min: 1Gi, max: 80Gi, step: 1Gi}}}}}"]);
        await scene.TemplateAsync("share", "[{name: gpu, exactly: {deviceClassName: DRIVER, capacity: {requests: {memory: 30Gi}}}}]");
        foreach (var pod in new[] { "a", "b" }) await scene.PodAsync(pod, "share");
        await scene.BoundAsync("a", "b");
        await scene.PodAsync("c", "share");

        await scene.WaitsAsync("c", "cannot allocate all claims");
        var shares = (await scene.AllocatedAsync()).SelectMany(Outcome.Results).ToList();
        Assert.All(shares, static s => Assert.Equal("30Gi", (string?)s["consumedCapacity"]!["memory"]));
        Assert.Equal(2, shares.Select(static s => (string?)s["shareID"]).Distinct().Count());
    }

    [Fact]
    public async Task S14_two_pods_of_one_claim_have_one_device()
    {
        await using var scene = await cluster.SceneAsync();
        await scene.GpusAsync("a", Device.H100());
        await scene.GpusAsync("b", Device.H100());
        await scene.ApplyAsync("{kind: ResourceClaim, metadata: {name: shared}, spec: {devices: {requests: [{name: gpu, exactly: {deviceClassName: DRIVER}}]}}}");
        foreach (var pod in new[] { "a", "b" }) await scene.PodAsync(pod, more: "{resourceClaims: [{name: gpu, resourceClaimName: shared}]}");

        Assert.Single((await scene.BoundAsync("a", "b")).Distinct());
        var claim = Assert.Single(await scene.ListAsync(Kind.Claim));
        Assert.Equal(["a", "b"], Outcome.Users(claim).Order(StringComparer.Ordinal));
        Assert.Single(Outcome.Results(claim));
    }

    [Fact]
    public async Task S15_a_pool_is_used_once_all_of_it_is_published()
    {
        await using var scene = await cluster.SceneAsync();
        await scene.NodeAsync("a");
        await scene.ClassAsync();
        await scene.SliceAsync("a", Device.H100(1), slice: "0", slices: 2);
        await scene.CountAsync("one", 1);
        await scene.PodAsync("p", "one");

        await scene.WaitsAsync("p", "cannot allocate all claims");
        await scene.SliceAsync("a", Device.H100(1, from: 1), slice: "1", slices: 2);
        Assert.Equal(["a"], await scene.BoundAsync("p"));
    }

    [Fact]
    public async Task S15_of_two_generations_the_newer_counts()
    {
        await using var scene = await cluster.SceneAsync();
        await scene.NodeAsync("a");
        await scene.ClassAsync();
        await scene.SliceAsync("a", Device.H100(4), slice: "old", generation: 1);
        await scene.SliceAsync("a", [Device.Of("new-0")], slice: "new", generation: 2);
        await scene.CountAsync("one", 1);
        await scene.PodAsync("p", "one");
        await scene.BoundAsync("p");
        await scene.PodAsync("q", "one");

        await scene.WaitsAsync("q", "cannot allocate all claims");
        Assert.Equal(["gpu=new-0"], await scene.DevicesAsync("p"));
    }

    [Fact]
    public async Task S16_a_tainted_device_is_for_claims_that_bear_it()
    {
        await using var scene = await cluster.SceneAsync();
        await scene.GpusAsync("a", [.. Device.H100(3, "taints: [{key: broken, value: xid, effect: NoSchedule}]"), .. Device.H100(1, from: 3)]);
        await scene.CountAsync("one", 1);
        await scene.TemplateAsync("bears", "[{name: gpu, exactly: {deviceClassName: DRIVER, tolerations: [{key: broken, operator: Exists}]}}]");
        await scene.PodAsync("p", "one");
        await scene.BoundAsync("p");
        await scene.PodAsync("q", "one");
        await scene.PodAsync("r", "bears");

        await scene.WaitsAsync("q", "cannot allocate all claims");
        await scene.BoundAsync("r");
        Assert.Equal(["gpu=gpu-3"], await scene.DevicesAsync("p"));
        Assert.Equal(["gpu=gpu-0"], await scene.DevicesAsync("r"));
    }

    [Fact]
    public async Task S16_a_rule_taints_devices_and_takes_them_back()
    {
        if (await cluster.Api.TryGetAsync("/apis/resource.k8s.io/v1/devicetaintrules") is null) Cluster.Skipped("no DeviceTaintRule in resource.k8s.io/v1: it came with Kubernetes 1.37");
        await using var scene = await cluster.SceneAsync();
        await scene.GpusAsync("a", Device.H100(2));
        await scene.CountAsync("one", 1);
        await scene.ApplyAsync("{kind: DeviceTaintRule, metadata: {name: ID-0}, spec: {deviceSelector: {driver: DRIVER, device: gpu-0}, taint: {key: broken, effect: NoSchedule}}}");
        await scene.PodAsync("p", "one");
        await scene.BoundAsync("p");

        Assert.Equal(["gpu=gpu-1"], await scene.DevicesAsync("p"));
        await scene.ApplyAsync("{kind: DeviceTaintRule, metadata: {name: ID-1}, spec: {deviceSelector: {driver: DRIVER, device: gpu-1}, taint: {key: broken, effect: NoExecute}}}");
        await scene.UntilAsync(Kind.Pod, static p => p.Count == 0 || p[0]["metadata"]!["deletionTimestamp"] is not null, "the pod is evicted");
    }

    private static async Task PartitionedAsync(Scene scene)
    {
        var (counters, devices) = Device.Partitioned();
        await scene.NodeAsync("a");
        await scene.ClassAsync();
        await scene.ApplyAsync($"{{kind: ResourceSlice, metadata: {{name: ID-a-counters}}, spec: {{driver: DRIVER, nodeName: ID-a, pool: {{name: ID-a, generation: 1, resourceSliceCount: 2}}, sharedCounters: [{counters}]}}}}");
        await scene.SliceAsync("a", devices, slices: 2);
        await scene.TemplateAsync("half", Half);
        await scene.TemplateAsync("whole", Whole);
    }
}
