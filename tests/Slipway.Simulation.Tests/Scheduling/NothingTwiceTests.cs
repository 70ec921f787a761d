using System.Globalization;
using System.Text.Json.Nodes;
using CsCheck;

namespace Slipway.Simulation.Tests.Scheduling;

/// <summary>Whatever a cluster looks like: nothing is given twice, no gang starts in part, and a claim has what it asked for. Checked without the scheduler's own code.</summary>
public sealed class NothingTwiceTests
{
    private static readonly Gen<(int Seed, int Nodes, int Pods)> s_sizes = Gen.Select(Gen.Int, Gen.Int[1, 5], Gen.Int[1, 14]);

    [Fact]
    public void It_holds_for_any_cluster() => s_sizes.Sample(
        size =>
        {
            var cluster = Cluster(size.Seed, size.Nodes, size.Pods);
            for (var step = 0; step < 3; step++)
            {
                var schedule = cluster.Run();
                Check(cluster);
                // A pod that ends gives back what it had.
                if (step == 0 && schedule.Bindings.Length > 0 && !schedule.Bindings[0].Pod.Name.StartsWith('g')) End(cluster, schedule.Bindings[0].Pod.Name);
            }

            Assert.Empty(cluster.Run().Bindings);
        },
        iter: 1000, threads: 1);

    private static Made Cluster(int seed, int nodes, int pods)
    {
        var random = new Random(seed);
        var cluster = new Made();
        for (var n = 0; n < nodes; n++)
        {
            cluster.Node($"n{n}", allocatable: $$$$$$"""{"cpu":"{{{{{{random.Next(1, 9)}}}}}}","memory":"64Gi","pods":"{{{{{{random.Next(1, 9)}}}}}}"{{{{{{(random.Next(4) == 0 ? ",\"example.com/gpu\":\"2\"" : "")}}}}}}}""", labels: $$$$$$"""{"rack":"r{{{{{{random.Next(3)}}}}}}"}""");
            cluster.Slices.Add(Made.Object($$$$$$"""{"spec":{"driver":"gpu","nodeName":"n{{{{{{n}}}}}}","pool":{"name":"n{{{{{{n}}}}}}","generation":1,"resourceSliceCount":2},"sharedCounters":[{"name":"s","counters":{"memory":{"value":"80"}}}]}}"""));
            cluster.Slices.Add(Made.Object($$$$$$"""{"spec":{"driver":"gpu","nodeName":"n{{{{{{n}}}}}}","pool":{"name":"n{{{{{{n}}}}}}","generation":1,"resourceSliceCount":2},"devices":[{{{{{{string.Join(',', Enumerable.Range(0, random.Next(7)).Select(i => Device(random, i)))}}}}}}]}}"""));
        }

        for (var g = 0; g < 2; g++) cluster.Gang($"g{g}", random.Next(2, 4), random.Next(2) == 0 ? ""","schedulingConstraints":{"topology":[{"key":"rack"}]}""" : "");
        for (var p = 0; p < pods; p++)
        {
            var gang = random.Next(3);
            var name = $"{(gang == 0 ? "p" : $"g{gang - 1}")}-{p}";
            var spec = gang == 0 ? "{}" : $$$$$$"""{"schedulingGroup":{"podGroupName":"g{{{{{{gang - 1}}}}}}"}}""";
            if (random.Next(5) == 0) spec = string.Concat("""{"containers":[{"name":"c","resources":{"requests":{"cpu":"1"},"limits":{"example.com/gpu":"1"}}}]""" + (spec.Length > 2 ? "," : ""), spec.AsSpan(1));
            if (random.Next(3) > 0) cluster.ClaimOf(name, Requests(random), random.Next(3) == 0 ? """[{"matchAttribute":"gpu/numa"}]""" : "[]");
            string[] claims = cluster.Claims.Exists(c => (string?)c["metadata"]!["name"] == name) ? [name] : [];
            cluster.Pod(name, spec, random.Next(3), cpu: random.Next(1, 4).ToString(CultureInfo.InvariantCulture), claims: claims);
        }

        return cluster;
    }

    private static string Device(Random random, int index) => $$$$$$"""
        {"name":"d{{{{{{index}}}}}}","attributes":{ {{{{{{(random.Next(5) == 0 ? "" : $"\"numa\":{{\"int\":{random.Next(2)}}}")}}}}}} }
        {{{{{{random.Next(4) switch
    {
        0 => $$$$$$""","consumesCounters":[{"counterSet":"s","counters":{"memory":{"value":"{{{{{{random.Next(1, 4) * 20}}}}}}"}}}]""",
        1 => ""","allowMultipleAllocations":true,"capacity":{"memory":{"value":"80"}}""",
        2 => ""","capacity":{"memory":{"value":"80"}}""",
        _ => "",
    }}}}}}}}
        """;

    private static string Requests(Random random)
    {
        string One() => random.Next(6) switch
        {
            0 => """{"deviceClassName":"gpu","allocationMode":"All"}""",
            1 => """{"deviceClassName":"gpu","allocationMode":"All","adminAccess":true}""",
            2 => $$$$$$"""{"deviceClassName":"gpu","capacity":{"requests":{"memory":"{{{{{{random.Next(10, 50)}}}}}}"}}}""",
            _ => $$$$$$"""{"deviceClassName":"gpu","count":{{{{{{random.Next(1, 4)}}}}}}}""",
        };
        string Plain(int count) => $$$$$$"""{"name":"a{{{{{{count}}}}}}","deviceClassName":"gpu","count":{{{{{{count}}}}}}}""";
        return random.Next(4) == 0 ? $$$$$$"""[{"name":"r","firstAvailable":[{{{{{{Plain(3)}}}}}},{{{{{{Plain(1)}}}}}}]}]"""
            : random.Next(4) == 0 ? $$$$$$"""[{"name":"r","exactly":{{{{{{One()}}}}}}},{"name":"q","exactly":{{{{{{One()}}}}}}}]""" : $$$$$$"""[{"name":"r","exactly":{{{{{{One()}}}}}}}]""";
    }

    private static void End(Made cluster, string pod)
    {
        cluster.Pods.RemoveAll(p => (string?)p["metadata"]!["name"] == pod);
        cluster.Claims.RemoveAll(c => (string?)c["metadata"]!["name"] == pod || c["metadata"]!["ownerReferences"]?[0]?["name"] is JsonValue owner && (string?)owner == pod);
    }

    private static void Check(Made cluster)
    {
        foreach (var node in cluster.Nodes)
        {
            var name = (string)node["metadata"]!["name"]!;
            var there = cluster.Pods.Where(p => (string?)p["spec"]!["nodeName"] == name).ToList();
            var room = node["status"]!["allocatable"]!;
            Assert.True(there.Sum(p => int.Parse((string)p["spec"]!["containers"]![0]!["resources"]!["requests"]!["cpu"]!, CultureInfo.InvariantCulture)) <= int.Parse((string)room["cpu"]!, CultureInfo.InvariantCulture));
            Assert.True(there.Count <= int.Parse((string)room["pods"]!, CultureInfo.InvariantCulture));
            var byPlugin = there.Count(static p => p["spec"]!["containers"]![0]!["resources"]!["limits"] is not null && p["status"]!["extendedResourceClaimStatus"] is null);
            Assert.True(byPlugin <= int.Parse((string?)room["example.com/gpu"] ?? "0", CultureInfo.InvariantCulture));
        }

        foreach (var group in cluster.Groups) Gang(cluster, group);
        Devices(cluster);
        foreach (var pod in cluster.Pods.Where(static p => p["spec"]!["nodeName"] is not null)) Claims(cluster, pod);
        // Whoever waits holds nothing.
        foreach (var pod in cluster.Pods.Where(static p => p["spec"]!["nodeName"] is null))
            Assert.Empty(cluster.Claims.Where(c => (string?)c["metadata"]!["name"] == (string?)pod["metadata"]!["name"]).SelectMany(Results));
    }

    private static void Gang(Made cluster, JsonObject group)
    {
        var nodes = cluster.Pods.Where(p => (string?)p["spec"]!["schedulingGroup"]?["podGroupName"] == (string?)group["metadata"]!["name"]).Select(static p => (string?)p["spec"]!["nodeName"]).OfType<string>().ToList();
        Assert.True(nodes.Count == 0 || nodes.Count >= (int)group["spec"]!["schedulingPolicy"]!["gang"]!["minCount"]!);
        if (group["spec"]!["schedulingConstraints"] is null) return;
        Assert.True(nodes.Select(n => (string?)cluster.Nodes.Single(x => (string?)x["metadata"]!["name"] == n)["metadata"]!["labels"]!["rack"]).Distinct().Count() <= 1);
    }

    private static void Devices(Made cluster)
    {
        var results = cluster.Claims.SelectMany(static c => Results(c).Select(r => (Claim: c, Result: r))).Where(static r => r.Result["adminAccess"] is null).ToList();
        foreach (var device in results.GroupBy(static r => ($"{r.Result["pool"]}", $"{r.Result["device"]}")))
        {
            var json = Device(cluster, device.Key.Item1, device.Key.Item2);
            if (json["allowMultipleAllocations"] is null) Assert.Single(device);
            else Assert.True(device.Sum(static r => int.Parse((string)r.Result["consumedCapacity"]!["memory"]!, CultureInfo.InvariantCulture)) <= 80);
        }

        foreach (var pool in results.DistinctBy(static r => ($"{r.Result["pool"]}", $"{r.Result["device"]}")).GroupBy(static r => $"{r.Result["pool"]}"))
        {
            var used = pool.Sum(r => Device(cluster, pool.Key, $"{r.Result["device"]}")["consumesCounters"]?[0]?["counters"]!["memory"]!["value"] is { } value ? int.Parse((string)value!, CultureInfo.InvariantCulture) : 0);
            Assert.True(used <= 80);
        }
    }

    private static void Claims(Made cluster, JsonObject pod)
    {
        foreach (var entry in pod["spec"]!["resourceClaims"]?.AsArray() ?? [])
        {
            var claim = cluster.Claims.Single(c => (string?)c["metadata"]!["name"] == (string?)entry!["resourceClaimName"]);
            var results = Results(claim);
            Assert.NotEmpty(results);
            Assert.All(results, r => Assert.Equal((string?)pod["spec"]!["nodeName"], (string?)r["pool"]));
            Assert.Contains(claim["status"]!["reservedFor"]!.AsArray(), r => (string?)r!["name"] == (string?)pod["metadata"]!["name"]);
            foreach (var request in claim["spec"]!["devices"]!["requests"]!.AsArray())
            {
                var mine = results.Where(r => ((string)r["request"]!).Split('/')[0] == (string)request!["name"]!).ToList();
                Assert.Equal(mine.Count, mine.Select(static r => (string?)r["device"]).Distinct().Count());
                if (request!["exactly"] is JsonObject exactly && exactly["allocationMode"] is null) Assert.Equal((int?)exactly["count"] ?? 1, mine.Count);
                if (request["firstAvailable"] is not null) Assert.Equal((string?)mine[0]["request"] == "r/a3" ? 3 : 1, mine.Count);
            }

            if (claim["spec"]!["devices"]!["constraints"]!.AsArray().Count > 0)
                Assert.Single(results.Select(r => Device(cluster, (string)r["pool"]!, (string)r["device"]!)["attributes"]!["numa"]?.ToJsonString() ?? "none").Distinct(), static v => v != "none");
        }
    }

    private static IReadOnlyList<JsonNode> Results(JsonObject claim) => [.. claim["status"]?["allocation"]?["devices"]?["results"]?.AsArray().OfType<JsonNode>() ?? []];

    private static JsonNode Device(Made cluster, string pool, string name) =>
        cluster.Slices.Where(s => (string?)s["spec"]!["pool"]!["name"] == pool).SelectMany(static s => s["spec"]!["devices"]?.AsArray() ?? []).Single(d => (string?)d!["name"] == name)!;
}
