using Slipway.Scheduling.Tests.Harness;

namespace Slipway.Scheduling.Tests.Selection;

/// <summary>Which devices a claim gets: scenarios 8 to 11, 17, 18 and 35.</summary>
public sealed class RequestTests(Cluster cluster)
{
    [Theory]
    [InlineData("selectors: [{cel: {expression: \"has(device.capacity['DRIVER'].memory) && device.capacity['DRIVER'].memory.compareTo(quantity('SIZE')) >= 0\"}}]")]
    [InlineData("capacity: {requests: {memory: SIZE}}")]
    public async Task S08_memory_is_compared_as_it_is_written(string asked)
    {
        await using var scene = await cluster.SceneAsync();
        await scene.GpusAsync("a", Device.H100());
        await scene.TemplateAsync("g", $"[{{name: gpu, exactly: {{deviceClassName: DRIVER, {asked.Replace("SIZE", "80G", StringComparison.Ordinal)}}}}}]");
        await scene.TemplateAsync("gi", $"[{{name: gpu, exactly: {{deviceClassName: DRIVER, {asked.Replace("SIZE", "80Gi", StringComparison.Ordinal)}}}}}]");
        await scene.PodAsync("decimal", "g");
        await scene.PodAsync("binary", "gi");

        Assert.Equal(["a"], await scene.BoundAsync("decimal"));
        await scene.WaitsAsync("binary", "cannot allocate all claims");
        Assert.Single(await scene.AllocatedAsync());
    }

    [Fact]
    public async Task S09_devices_of_a_claim_agree_and_one_that_does_not_say_is_never_chosen()
    {
        await using var scene = await cluster.SceneAsync();
        await scene.GpusAsync("odd", Enumerable.Range(0, 8).Select(static i => Device.Of($"gpu-{i}", "NVIDIA H100 80GB HBM3")));
        await scene.GpusAsync("even", Device.H100());
        await scene.TemplateAsync("four", "[{name: gpu, exactly: {deviceClassName: DRIVER, count: 4}}]", "[{requests: [gpu], matchAttribute: DRIVER/productName}, {requests: [gpu], matchAttribute: resource.kubernetes.io/numaNode}]");
        foreach (var pod in new[] { "a", "b", "c" }) await scene.PodAsync(pod, "four");

        await scene.UntilAsync(Kind.Pod, static p => p.Count(static x => (string?)x["spec"]!["nodeName"] is not null) == 2, "two pods have the two halves");
        var claims = await scene.AllocatedAsync();
        Assert.All(claims, c => Assert.All(Outcome.Results(c), r => Assert.Equal($"{scene.Id}-even", (string?)r["pool"])));
        Assert.Equal(
            ["gpu-0 gpu-1 gpu-2 gpu-3", "gpu-4 gpu-5 gpu-6 gpu-7"],
            claims.Select(static c => string.Join(' ', Outcome.Results(c).Select(static r => (string)r["device"]!).Order(StringComparer.Ordinal))).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task S10_the_first_alternative_that_can_be_had_is_taken()
    {
        await using var scene = await cluster.SceneAsync();
        await scene.GpusAsync("h", Device.H100(1));
        await scene.GpusAsync("a", Device.A100(2));
        static string Of(string name, string product, int count) =>
            $"{{name: {name}, deviceClassName: DRIVER, count: {count}, selectors: [{{cel: {{expression: \"device.attributes['DRIVER'].?productName.orValue('').startsWith('{product}')\"}}}}]}}";
        await scene.TemplateAsync("best", $"[{{name: gpu, firstAvailable: [{Of("h200", "NVIDIA H200", 1)}, {Of("h100", "NVIDIA H100", 1)}, {Of("a100x2", "NVIDIA A100", 2)}]}}]");

        await scene.PodAsync("first", "best");
        Assert.Equal(["h"], await scene.BoundAsync("first"));
        await scene.PodAsync("second", "best");
        Assert.Equal(["a"], await scene.BoundAsync("second"));
        Assert.Equal(["gpu/h100=gpu-0"], await scene.DevicesAsync("first"));
        Assert.Equal(["gpu/a100x2=gpu-0", "gpu/a100x2=gpu-1"], await scene.DevicesAsync("second"));
    }

    [Fact]
    public async Task S11_one_odd_device_stops_an_unguarded_selector_and_no_guarded_one()
    {
        await using var scene = await cluster.SceneAsync();
        await scene.GpusAsync("a", ["{name: odd}", .. Device.H100(4, from: 1)]);
        await scene.TemplateAsync("guarded", "[{name: gpu, exactly: {deviceClassName: DRIVER, selectors: [{cel: {expression: \"device.attributes['DRIVER'].?architecture.orValue('') == 'Hopper'\"}}]}}]");
        await scene.TemplateAsync("bare", "[{name: gpu, exactly: {deviceClassName: DRIVER, selectors: [{cel: {expression: \"device.attributes['DRIVER'].architecture == 'Hopper'\"}}]}}]");
        await scene.PodAsync("guarded", "guarded");
        await scene.PodAsync("bare", "bare");

        Assert.Equal(["a"], await scene.BoundAsync("guarded"));
        Assert.Equal("SchedulerError", (string?)(await scene.WaitsAsync("bare", "no such key"))["reason"]);
    }

    [Fact]
    public async Task S35_versions_are_compared_as_versions_and_texts_may_have_quotes()
    {
        await using var scene = await cluster.SceneAsync();
        await scene.GpusAsync("a", [Device.Of("old", attributes: "release: {version: 8.10.0}"), Device.Of("new", attributes: "release: {version: 9.0.0}, maker: {string: \"A \\\"B\\\" \\\\C\"}")]);
        await scene.TemplateAsync("new", "[{name: gpu, exactly: {deviceClassName: DRIVER, selectors: [{cel: {expression: \"'release' in device.attributes['DRIVER'] && device.attributes['DRIVER'].release.compareTo(semver('8.9.0')) > 0\"}}, {cel: {expression: 'device.attributes[\"DRIVER\"].?maker.orValue(\"\") == \"A \\\"B\\\" \\\\C\"'}}]}}]");
        await scene.PodAsync("p", "new");

        await scene.BoundAsync("p");
        Assert.Equal(["gpu=new"], await scene.DevicesAsync("p"));
    }

    [Fact]
    public async Task S35_an_expression_that_may_cost_too_much_is_refused()
    {
        Cluster.NeedReal("what an expression may cost at most");
        await using var scene = await cluster.SceneAsync();
        var refusal = await Assert.ThrowsAsync<RefusalException>(
            () => scene.TemplateAsync("t", "[{name: gpu, exactly: {deviceClassName: DRIVER, selectors: [{cel: {expression: \"device.attributes['DRIVER'].?productName.orValue('').contains('H100')\"}}]}}]"));

        Assert.Contains("too complex, exceeds cost limit", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task S35_a_claim_has_32_requests_at_most()
    {
        await using var scene = await cluster.SceneAsync();
        static string Requests(int count) => $"[{string.Join(", ", Enumerable.Range(0, count).Select(static i => $"{{name: r{i}, exactly: {{deviceClassName: DRIVER}}}}"))}]";
        await scene.TemplateAsync("most", Requests(32));

        Assert.Contains("must have at most 32 items", (await Assert.ThrowsAsync<RefusalException>(() => scene.TemplateAsync("more", Requests(33)))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task S17_a_missing_class_is_named_in_the_pods_condition()
    {
        await using var scene = await cluster.SceneAsync();
        await scene.NodeAsync("a");
        await scene.TemplateAsync("none", "[{name: gpu, exactly: {deviceClassName: nobody.DRIVER}}]");
        await scene.PodAsync("p", "none");

        await scene.WaitsAsync("p", $"nobody.{scene.Driver}");
    }

    [Fact]
    public async Task S17_a_missing_template_is_told_by_an_event_only()
    {
        await using var scene = await cluster.SceneAsync();
        await scene.NodeAsync("a");
        await scene.PodAsync("p", "nothing");

        var events = await scene.UntilAsync(Kind.Event, static e => e.Any(static x => (string?)x["reason"] == "FailedResourceClaimCreation"), "an event tells");
        Assert.Contains(events, static e => ((string?)e["message"])!.Contains("resourceclaimtemplate.resource.k8s.io \"nothing\" not found", StringComparison.Ordinal));
    }

    [Fact]
    public async Task S17_what_is_over_quota_is_told_by_an_event_only()
    {
        Cluster.NeedReal("quotas");
        await using var scene = await cluster.SceneAsync();
        await scene.GpusAsync("a", Device.H100());
        await scene.ApplyAsync("{kind: ResourceQuota, metadata: {name: q}, spec: {hard: {DRIVER.deviceclass.resource.k8s.io/devices: 1}}}");
        await scene.CountAsync("two", 2);
        await scene.Api.UntilAsync($"/api/v1/namespaces/{scene.Id}/resourcequotas", static q => q.Any(static x => x["status"]?["used"] is not null), "the quota counts");
        await scene.PodAsync("p", "two");

        var events = await scene.UntilAsync(Kind.Event, static e => e.Any(static x => (string?)x["reason"] == "FailedResourceClaimCreation"), "an event tells");
        Assert.Contains(events, static e => ((string?)e["message"])!.Contains("exceeded quota", StringComparison.Ordinal));
    }

    [Fact]
    public async Task S18_a_more_important_pod_waits_for_a_device_that_another_has()
    {
        await using var scene = await cluster.SceneAsync();
        await scene.GpusAsync("a", Device.H100(1));
        await scene.CountAsync("one", 1);
        await scene.ApplyAsync("{kind: PriorityClass, metadata: {name: ID-high}, value: 1000}");
        await scene.PodAsync("low", "one");
        await scene.BoundAsync("low");
        await scene.PodAsync("high", "one", "{priorityClassName: ID-high}");

        await scene.WaitsAsync("high", "cannot allocate all claims");
        Assert.Equal(["a", ""], await scene.NodesAsync("low", "high"));
    }
}
