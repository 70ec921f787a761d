namespace Slipway.Simulation.Tests.Scheduling;

/// <summary>Which devices claims get.</summary>
public sealed class DevicesTests
{
    private static string Device(int index, string attributes) => $$$$$$"""{"name":"gpu-{{{{{{index}}}}}}","attributes":{{{{{{attributes}}}}}}}""";

    [Fact]
    public void A_claim_gets_devices_of_the_node_of_its_pod()
    {
        var cluster = new Made().Node("a").Node("b").Gpus("b", 2).Claim("c", """{"count":2}""").Pod("p", claims: "c").Claim("d").Pod("q", claims: "d");
        var schedule = cluster.Run();
        Assert.Equal("b", cluster.NodeOf("p"));
        Assert.Equal(["r=b/gpu-0", "r=b/gpu-1"], cluster.DevicesOf("c"));
        Assert.Equal("0/2 nodes are available: 2 cannot allocate all claims.", Assert.Single(schedule.Waiting).Message);
        Assert.Equal("metadata.name", (string?)cluster.Claims[0]["status"]!["allocation"]!["nodeSelector"]!["nodeSelectorTerms"]![0]!["matchFields"]![0]!["key"]);
    }

    [Fact]
    public void The_first_alternative_that_a_node_has_is_chosen_and_the_better_node_preferred()
    {
        const string Requests = """
            [{"name":"gpu","firstAvailable":[{"name":"big","deviceClassName":"gpu","selectors":[{"cel":{"expression":"device.attributes['gpu'].kind == 'big'"}}]},
            {"name":"small","deviceClassName":"gpu","count":2,"selectors":[{"cel":{"expression":"device.attributes['gpu'].kind == 'small'"}}]}]}]
            """;
        var cluster = new Made().Node("a").Node("b").Devices("a", [.. Enumerable.Range(0, 2).Select(static i => Device(i, """{"kind":{"string":"small"}}"""))]).Devices("b", Device(0, """{"kind":{"string":"big"}}"""));
        cluster.ClaimOf("c", Requests).Pod("p", claims: "c").ClaimOf("d", Requests).Pod("q", claims: "d").Run();
        Assert.Equal(["gpu/big=b/gpu-0"], cluster.DevicesOf("c"));
        Assert.Equal(["gpu/small=a/gpu-0", "gpu/small=a/gpu-1"], cluster.DevicesOf("d"));
    }

    [Fact]
    public void Devices_of_a_claim_have_in_common_what_it_says_or_not()
    {
        string[] devices = [.. Enumerable.Range(0, 5).Select(static i => Device(i, $$$$$$"""{"numa":{"int":{{{{{{i % 2}}}}}}}}""")), Device(5, "{}")];
        var cluster = new Made().Node("a").Devices("a", devices).Claim("same", """{"count":3}""", """[{"matchAttribute":"gpu/numa"}]""").Pod("p", claims: "same");
        cluster.Claim("too-many", """{"count":3}""", """[{"matchAttribute":"gpu/numa"}]""").Pod("q", claims: "too-many");
        cluster.Claim("different", """{"count":2}""", """[{"distinctAttribute":"gpu/numa"}]""").Pod("r", claims: "different");
        cluster.Run();
        Assert.Equal(["r=a/gpu-0", "r=a/gpu-2", "r=a/gpu-4"], cluster.DevicesOf("same"));
        Assert.Empty(cluster.DevicesOf("too-many"));
        Assert.Empty(cluster.DevicesOf("different"));
    }

    [Fact]
    public void Whoever_only_looks_gets_all_devices_and_takes_none()
    {
        var cluster = new Made().Node("a").Gpus("a", 2).Claim("used").Pod("p", claims: "used").Claim("monitor", """{"allocationMode":"All","adminAccess":true}""").Pod("m", claims: "monitor");
        cluster.Claim("all", """{"allocationMode":"All"}""").Pod("q", claims: "all").Claim("one").Pod("z", claims: "one").Run();
        Assert.Equal(["r=a/gpu-0", "r=a/gpu-1"], cluster.DevicesOf("monitor"));
        Assert.True((bool)cluster.Claims[1]["status"]!["allocation"]!["devices"]!["results"]![0]!["adminAccess"]!);
        // One is in use, so that there are no longer all of them.
        Assert.Empty(cluster.DevicesOf("all"));
        Assert.Equal(["r=a/gpu-1"], cluster.DevicesOf("one"));
    }

    [Fact]
    public void Partitions_and_their_device_exclude_each_other()
    {
        var cluster = new Made().Node("a");
        cluster.Slices.Add(Made.Object("""{"spec":{"driver":"gpu","nodeName":"a","pool":{"name":"a","generation":1,"resourceSliceCount":2},"sharedCounters":[{"name":"s","counters":{"memory":{"value":"80Gi"}}}]}}"""));
        static string Part(string name, string kind, string memory) => $$$$$$"""{"name":"{{{{{{name}}}}}}","attributes":{"kind":{"string":"{{{{{{kind}}}}}}"}},"consumesCounters":[{"counterSet":"s","counters":{"memory":{"value":"{{{{{{memory}}}}}}"}}}]}""";
        cluster.Slices.Add(Made.Object($$$$$$"""{"spec":{"driver":"gpu","nodeName":"a","pool":{"name":"a","generation":1,"resourceSliceCount":2},"devices":[{{{{{{Part("whole", "whole", "80Gi")}}}}}},{{{{{{Part("half-0", "half", "40Gi")}}}}}},{{{{{{Part("half-1", "half", "40Gi")}}}}}}]}}"""));
        static string Of(string kind) => $$$$$$"""{"selectors":[{"cel":{"expression":"device.attributes['gpu'].kind == '{{{{{{kind}}}}}}'"}}]}""";
        cluster.Claim("h0", Of("half")).Pod("p0", claims: "h0").Claim("w", Of("whole")).Pod("p1", claims: "w").Claim("h1", Of("half")).Pod("p2", claims: "h1").Run();
        Assert.Equal(["r=a/half-0", "r=a/half-1"], ((string[])["h0", "w", "h1"]).SelectMany(cluster.DevicesOf));
    }

    [Fact]
    public void A_share_is_rounded_up_as_the_policy_says_and_the_device_is_full_at_its_capacity()
    {
        const string Shared = """{"name":"gpu-0","allowMultipleAllocations":true,"capacity":{"memory":{"value":"80Gi","requestPolicy":{"default":"80Gi","validRange":{"min":"1Gi","step":"1Gi"}}}}}""";
        const string Ask = """{"capacity":{"requests":{"memory":"29500Mi"}}}""";
        var cluster = new Made().Node("a").Devices("a", Shared);
        for (var i = 0; i < 3; i++) cluster.Claim($"c{i}", Ask).Pod($"p{i}", claims: $"c{i}");
        cluster.Run();
        Assert.Equal([1, 1, 0], Enumerable.Range(0, 3).Select(i => cluster.DevicesOf($"c{i}").Count()));
        var result = cluster.Claims[0]["status"]!["allocation"]!["devices"]!["results"]![0]!;
        Assert.Equal("29Gi", (string?)result["consumedCapacity"]!["memory"]);
        Assert.NotNull(result["shareID"]);
        // And what the objects say by now counts as what was decided.
        cluster.Claim("rest", """{"capacity":{"requests":{"memory":"22Gi"}}}""").Pod("rest", claims: "rest").Claim("over", """{"capacity":{"requests":{"memory":"1Gi"}}}""").Pod("over", claims: "over").Run();
        Assert.Equal((1, 0), (cluster.DevicesOf("rest").Count(), cluster.DevicesOf("over").Count()));
    }

    [Fact]
    public void Pods_that_share_a_claim_get_the_node_of_its_devices_and_are_both_written_down()
    {
        var cluster = new Made().Node("a").Node("b").Gpus("b", 1).Claim("c").Pod("p", claims: "c").Pod("q", claims: "c");
        cluster.Run();
        Assert.Equal(("b", "b"), (cluster.NodeOf("p"), cluster.NodeOf("q")));
        Assert.Equal(["p", "q"], cluster.Claims[0]["status"]!["reservedFor"]!.AsArray().Select(static r => (string?)r!["name"]));
    }

    [Fact]
    public void An_expression_that_fails_on_one_device_stops_the_pod_everywhere()
    {
        var cluster = new Made().Node("a").Node("b").Devices("a", Device(0, """{"kind":{"string":"big"}}""")).Devices("b", Device(0, "{}"));
        cluster.Claim("bare", """{"selectors":[{"cel":{"expression":"device.attributes['gpu'].kind == 'big'"}}]}""").Pod("p", claims: "bare");
        cluster.Claim("guarded", """{"selectors":[{"cel":{"expression":"device.attributes['gpu'].?kind.orValue('') == 'big'"}}]}""").Pod("q", claims: "guarded");
        var waiting = Assert.Single(cluster.Run().Waiting);
        Assert.Equal("SchedulerError", waiting.Reason);
        Assert.Contains("no such key", waiting.Message, StringComparison.Ordinal);
        Assert.Equal("a", cluster.NodeOf("q"));
    }

    [Theory]
    [InlineData("""{"deviceClassName":"nobody.knows"}""", "request r: there is no DeviceClass nobody.knows")]
    [InlineData("""{"selectors":[{"cel":{"expression":"device.("}}]}""", "request r: a selector does not compile")]
    public void A_claim_that_makes_no_sense_says_why(string request, string words)
    {
        var cluster = new Made().Node("a").Gpus("a", 1).Claim("c", request).Pod("p", claims: "c");
        Assert.Contains(words, Assert.Single(cluster.Run().Waiting).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_that_several_nodes_reach_leads_its_pods_there()
    {
        var cluster = new Made().Node("a", labels: """{"rack":"r0"}""").Node("b", labels: """{"rack":"r1"}""");
        cluster.Slices.Add(Made.Object("""{"spec":{"driver":"gpu","nodeSelector":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"rack","operator":"In","values":["r1"]}]}]},"pool":{"name":"fabric","generation":1,"resourceSliceCount":1},"devices":[{"name":"domain"}]}}"""));
        cluster.Claim("c").Pod("p", claims: "c").Pod("q", claims: "c").Run();
        Assert.Equal(("b", "b"), (cluster.NodeOf("p"), cluster.NodeOf("q")));
        Assert.Equal("rack", (string?)cluster.Claims[0]["status"]!["allocation"]!["nodeSelector"]!["nodeSelectorTerms"]![0]!["matchExpressions"]![0]!["key"]);
    }

    [Fact]
    public void An_extended_resource_is_the_plugins_where_there_is_one_and_a_claim_elsewhere()
    {
        const string Spec = """{"containers":[{"name":"c","resources":{"limits":{"example.com/gpu":"2"}}}]}""";
        var cluster = new Made().Node("plugin", allocatable: """{"cpu":"8","example.com/gpu":"2"}""").Node("driver").Gpus("driver", 4);
        for (var i = 0; i < 4; i++) cluster.Pod($"p{i}", Spec);
        var schedule = cluster.Run();
        Assert.Equal(["driver", "driver", "plugin"], schedule.Bindings.Select(static b => b.Node).Order());
        Assert.Equal(2, cluster.Claims.Count);
        var status = cluster.Pods.First(p => (string?)p["spec"]!["nodeName"] == "driver")["status"]!["extendedResourceClaimStatus"]!;
        Assert.Equal(("c", "container-0-request-0"), ((string?)status["requestMappings"]![0]!["containerName"], (string?)status["requestMappings"]![0]!["requestName"]));
        Assert.Equal("0/2 nodes are available: 1 Insufficient example.com/gpu, 1 cannot allocate all claims.", Assert.Single(schedule.Waiting).Message);
        Assert.Empty(cluster.Run().Bindings);
    }
}
