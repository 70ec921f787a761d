using System.Globalization;
using Slipway.Scheduling.Tests.Harness;

namespace Slipway.Scheduling.Tests.Selection;

/// <summary>Extended resources that a class stands for: scenarios 6, 19 and 20.</summary>
public sealed class ExtendedResourceTests(Cluster cluster)
{
    private static string Limits(string resource, int count) => string.Create(CultureInfo.InvariantCulture, $"{{containers: [{{name: c, image: x, resources: {{limits: {{{resource}: {count}}}}}}}]}}");

    [Fact]
    public async Task S06_a_limit_and_a_claim_take_devices_twice()
    {
        await using var scene = await cluster.SceneAsync();
        await MappedAsync(scene, "a");
        await scene.CountAsync("one", 1);
        await scene.PodAsync("p", "one", "{containers: [{name: c, image: x, resources: {limits: {DRIVER/gpu: 1}, claims: [{name: gpu}]}}]}");

        await scene.BoundAsync("p");
        Assert.Equal(2, (await scene.AllocatedAsync()).SelectMany(Outcome.Results).Select(static r => (string?)r["device"]).Distinct().Count());
    }

    [Theory]
    [InlineData("DRIVER/gpu")]
    [InlineData("deviceclass.resource.kubernetes.io/DRIVER")]
    public async Task S19_the_scheduler_claims_what_a_class_stands_for(string resource)
    {
        await using var scene = await cluster.SceneAsync();
        await MappedAsync(scene, "a");
        await scene.PodAsync("p", more: Limits(resource, 2));

        await scene.BoundAsync("p");
        var claim = Assert.Single(await scene.AllocatedAsync());
        Assert.StartsWith("p-extended-resources-", Scene.Name(claim), StringComparison.Ordinal);
        Assert.Equal("true", (string?)claim["metadata"]!["annotations"]!["resource.kubernetes.io/extended-resource-claim"]);
        Assert.Equal(2, Outcome.Results(claim).Count());
        var status = (await scene.ListAsync(Kind.Pod))[0]["status"]!["extendedResourceClaimStatus"]!;
        Assert.Equal(Scene.Name(claim), (string?)status["resourceClaimName"]);
        Assert.Equal(
            ("c", scene.Own(resource), "container-0-request-0"),
            ((string?)status["requestMappings"]![0]!["containerName"], (string?)status["requestMappings"]![0]!["resourceName"], (string?)status["requestMappings"]![0]!["requestName"]));
    }

    [Fact]
    public async Task S19_where_a_device_plugin_offers_it_there_is_no_claim()
    {
        await using var scene = await cluster.SceneAsync();
        await scene.ClassAsync("extendedResourceName: DRIVER/gpu");
        await scene.NodeAsync("a", allocatable: "DRIVER/gpu: '8'");
        await scene.PodAsync("p", more: Limits("DRIVER/gpu", 2));

        Assert.Equal(["a"], await scene.BoundAsync("p"));
        Assert.Empty(await scene.ListAsync(Kind.Claim));
    }

    [Fact]
    public async Task S19_both_kinds_of_nodes_serve_one_resource()
    {
        await using var scene = await cluster.SceneAsync();
        foreach (var node in new[] { "a", "b", "c", "d" }) await MappedAsync(scene, node);
        await scene.NodeAsync("plugin", allocatable: "DRIVER/gpu: '8'");
        var pods = Enumerable.Range(0, 6).Select(static i => $"p{i}").ToList();
        foreach (var pod in pods) await scene.PodAsync(pod, more: Limits("DRIVER/gpu", 8));

        await scene.UntilAsync(Kind.Pod, static p => p.Count(static x => (string?)x["spec"]!["nodeName"] is not null) == 5 && p.Count(static x => (string?)Outcome.Condition(x, "PodScheduled")?["reason"] == "Unschedulable") == 1, "five have nodes, one waits");
        var nodes = await scene.NodesAsync([.. pods]);
        Assert.Equal(["", "a", "b", "c", "d", "plugin"], nodes.Order(StringComparer.Ordinal));
        Assert.Equal(4, (await scene.AllocatedAsync()).Count);
    }

    [Fact]
    public async Task S20_a_resource_that_nothing_stands_for_fits_nowhere()
    {
        await using var scene = await cluster.SceneAsync();
        await scene.GpusAsync("a", Device.H100());
        await scene.PodAsync("p", more: Limits("DRIVER/gpu", 1));

        await scene.WaitsAsync("p", $"Insufficient {scene.Driver}/gpu");
    }

    private static async Task MappedAsync(Scene scene, string node)
    {
        if (await scene.Api.TryGetAsync($"/apis/resource.k8s.io/v1/deviceclasses/{scene.Driver}") is null) await scene.ClassAsync("extendedResourceName: DRIVER/gpu");
        await scene.NodeAsync(node);
        await scene.SliceAsync(node, Device.H100());
    }
}
