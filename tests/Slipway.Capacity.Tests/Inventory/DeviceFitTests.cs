using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Capacity.Inventory;
using Slipway.Capacity.Inventory.Slices;
using Slipway.Cel;
using Slipway.Testing;

namespace Slipway.Capacity.Tests.Inventory;

public sealed class DeviceFitTests
{
    private const string Memory = """{"cel":{"expression":"\"memory\" in device.capacity[\"gpu.nvidia.com\"] && device.capacity[\"gpu.nvidia.com\"][\"memory\"].compareTo(quantity(\"80Gi\")) >= 0"}}""";

    private static readonly Dictionary<string, JsonElement> s_classes = new()
    {
        ["gpu.nvidia.com"] = Json("""{"spec":{"selectors":[{"cel":{"expression":"device.driver == 'gpu.nvidia.com'"}}]}}"""),
    };

    [Fact]
    public void The_answer_explains_itself()
    {
        var fit = Fit($$"""{"selectors":[{{Memory}}]}""", [.. Enumerable.Range(0, 3).Select(n => Slice($"n{n}", 8))]);
        Assert.Equal(DeviceVerdict.Never, fit.Verdict);
        Assert.Equal(["24 devices: 81559Mi < 80Gi"], fit.Reasons);
        Assert.Equal(24, Fit($$"""{"selectors":[{{Memory.Replace("80Gi", "80G", StringComparison.Ordinal)}}]}""", [.. Enumerable.Range(0, 3).Select(n => Slice($"n{n}", 8))]).Total);
    }

    [Fact]
    public void A_pod_takes_its_devices_from_one_node()
    {
        var fit = Fit("""{"count":3}""", [Slice("a", 8), Slice("b", 2)]);
        Assert.Equal([KeyValuePair.Create("a", 2)], fit.Nodes);
    }

    [Fact]
    public void Only_complete_pools_in_their_newest_generation_count()
    {
        Assert.Equal(2, Fit("{}", [Slice("a", 8, generation: 1), Slice("a", 2, generation: 2)]).Total);
        var fit = Fit("{}", [Slice("a", 8, slices: 2)]);
        Assert.Equal(DeviceVerdict.Never, fit.Verdict);
        Assert.Equal(["pool gpu.nvidia.com/a: its driver is still publishing it"], fit.Reasons);
    }

    [Fact]
    public void What_is_allocated_is_taken_but_not_what_is_only_looked_at()
    {
        var taken = Claim("""{"driver":"gpu.nvidia.com","pool":"a","device":"gpu-0"}""");
        var seen = Claim("""{"driver":"gpu.nvidia.com","pool":"a","device":"gpu-1","adminAccess":true}""");
        Assert.Equal(1, Fit("{}", [Slice("a", 2)], taken, seen).Total);
        Assert.Equal(DeviceVerdict.FitsWhenIdle, Fit("""{"count":2}""", [Slice("a", 2)], taken).Verdict);
    }

    [Fact]
    public void A_taint_keeps_devices_back_unless_it_is_tolerated()
    {
        var slice = Slice("a", 2, more: ""","taints":[{"key":"gpu.nvidia.com/xid","effect":"NoSchedule"}]""");
        Assert.Equal(["2 devices: taint gpu.nvidia.com/xid"], Fit("{}", [slice]).Reasons);
        Assert.Equal(2, Fit("""{"tolerations":[{"key":"gpu.nvidia.com/xid","operator":"Exists"}]}""", [slice]).Total);
    }

    [Fact]
    public void Partitions_share_what_their_device_has()
    {
        var whole = Used("""{"name":"gpu-0",SHARED}""", 8);
        var halves = string.Join(',', Enumerable.Range(0, 3).Select(i => Used($$"""{"name":"mig-{{i}}",SHARED}""", 4)));
        JsonElement[] slices = [Pool("a", $"\"devices\":[{halves},{whole}]", 2), Pool("a", "\"sharedCounters\":[{\"name\":\"s\",\"counters\":{\"memory\":{\"value\":\"8\"}}}]", 2)];
        Assert.Equal(2, Fit("{}", slices).Total);
        Assert.Equal(0, Fit("{}", slices, Claim("""{"driver":"gpu.nvidia.com","pool":"a","device":"gpu-0"}""")).Total);
        Assert.Equal(1, Fit("{}", slices, Claim("""{"driver":"gpu.nvidia.com","pool":"a","device":"mig-1"}""")).Total);
    }

    [Fact]
    public void A_shared_device_is_shared_by_its_capacity()
    {
        var slice = Slice("a", 1, more: ""","allowMultipleAllocations":true""");
        Assert.Equal(2, Fit("""{"capacity":{"requests":{"memory":"30Gi"}}}""", [slice]).Total);
        var part = Claim("""{"driver":"gpu.nvidia.com","pool":"a","device":"gpu-0","shareID":"x","consumedCapacity":{"memory":"30Gi"}}""");
        Assert.Equal(1, Fit("""{"capacity":{"requests":{"memory":"30Gi"}}}""", [slice], part).Total);
    }

    [Fact]
    public void Devices_of_one_claim_have_an_attribute_in_common()
    {
        JsonElement[] slices = [Pool("a", $"\"devices\":[{string.Join(',', Enumerable.Range(0, 6).Select(i => Device(i, ""","attributes":{"resource.kubernetes.io/numaNode":{"int":""" + $"{i % 2}" + "}}")))},{Device(6)},{Device(7)}]")];
        var claim = Json("""{"devices":{"requests":[{"name":"x","exactly":{"deviceClassName":"gpu.nvidia.com","count":2}}],"constraints":[{"matchAttribute":"resource.kubernetes.io/numaNode"}]}}""");
        Assert.Equal(2, DeviceFit.Of(claim, Devices(slices)).Total);
    }

    [Fact]
    public void The_first_alternative_that_fits_a_node_counts()
    {
        var claim = Json("""{"devices":{"requests":[{"name":"x","firstAvailable":[{"name":"big","deviceClassName":"gpu.nvidia.com","count":4},{"name":"small","deviceClassName":"gpu.nvidia.com","count":1}]}]}}""");
        var fit = DeviceFit.Of(claim, Devices([Slice("a", 8), Slice("b", 3)]));
        Assert.Equal([KeyValuePair.Create("a", 2), KeyValuePair.Create("b", 3)], fit.Nodes);
    }

    [Fact]
    public void What_cannot_be_told_is_unknown()
    {
        var fit = Fit("""{"deviceClassName":"nobody.knows"}""", [Slice("a", 8)]);
        Assert.Equal(DeviceVerdict.Unknown, fit.Verdict);
        Assert.Equal(["request x: there is no DeviceClass nobody.knows: install the driver, or name another class"], fit.Reasons);
    }

    [Fact]
    public void All_devices_of_a_node_are_those_of_which_none_is_kept_back()
    {
        const string All = """{"allocationMode":"All"}""";
        Assert.Equal([KeyValuePair.Create("a", 1), KeyValuePair.Create("b", 1)], Fit(All, [Slice("a", 8), Slice("b", 2)]).Nodes);
        Assert.Equal(DeviceVerdict.FitsWhenIdle, Fit(All, [Slice("a", 2)], Claim("""{"driver":"gpu.nvidia.com","pool":"a","device":"gpu-0"}""")).Verdict);
        Assert.Equal(DeviceVerdict.Never, Fit(All, [Pool("a", $"\"devices\":[{Device(0)},{Device(1, ""","taints":[{"key":"broken","effect":"NoSchedule"}]""")}]")]).Verdict);
        Assert.Equal(["number of requested devices 33 exceeds the claim limit of 32"], Fit(All, [Slice("a", 33)]).Reasons);
        Assert.Equal(DeviceVerdict.Never, Fit(All, [Slice("a", 2), Slice("b", 2, slices: 2)]).Verdict);
    }

    [Fact]
    public void Counters_of_a_pool_that_is_not_all_there_are_in_the_way_of_all_devices_of_any_node()
    {
        var counters = Pool("b", "\"sharedCounters\":[{\"name\":\"s\",\"counters\":{\"memory\":{\"value\":\"8\"}}}]", slices: 2);
        Assert.Equal(
            ["pool gpu.nvidia.com/b: its driver is still publishing it", "request x: asks for all devices, but resource pool gpu.nvidia.com/b is currently being updated"],
            Fit("""{"allocationMode":"All"}""", [Slice("a", 2), counters]).Reasons);
    }

    [Fact]
    public void A_pool_whose_slices_contradict_each_other_gives_nothing()
    {
        var fit = Fit("{}", [Pool("a", $"\"devices\":[{Device(0)}]", slices: 2), Pool("a", $"\"devices\":[{Device(0)}]", slices: 2)]);
        Assert.Equal((DeviceVerdict.Never, "pool gpu.nvidia.com/a: two of its devices are called gpu-0"), (fit.Verdict, Assert.Single(fit.Reasons)));
        Assert.Equal(
            "pool gpu.nvidia.com/a: a device consumes memory of the counter set s, which is not there",
            Assert.Single(Fit("{}", [Pool("a", $"\"devices\":[{Used("""{"name":"gpu-0",SHARED}""", 1)}]")]).Reasons));
    }

    [Fact]
    public void A_claim_is_looked_at_with_all_its_requests()
    {
        static JsonElement Two(int first, int second) => Json(
            """{"devices":{"requests":[{"name":"x","exactly":{"deviceClassName":"gpu.nvidia.com","count":FIRST}},{"name":"y","exactly":{"deviceClassName":"gpu.nvidia.com","count":SECOND}}]}}"""
                .Replace("FIRST", $"{first}", StringComparison.Ordinal).Replace("SECOND", $"{second}", StringComparison.Ordinal));
        Assert.Equal(2, DeviceFit.Of(Two(3, 1), Devices([Slice("a", 8)])).Total);
        Assert.Equal(DeviceVerdict.Never, DeviceFit.Of(Two(3, 6), Devices([Slice("a", 8)])).Verdict);
    }

    [Fact]
    public void A_whole_device_makes_way_for_its_halves()
    {
        var whole = Used("""{"name":"gpu-0",SHARED}""", 8);
        var halves = string.Join(',', Enumerable.Range(0, 2).Select(i => Used($$"""{"name":"mig-{{i}}",SHARED}""", 4)));
        JsonElement[] slices = [Pool("a", $"\"devices\":[{whole},{halves}]", 2), Pool("a", "\"sharedCounters\":[{\"name\":\"s\",\"counters\":{\"memory\":{\"value\":\"8\"}}}]", 2)];
        Assert.Equal(1, Fit("""{"count":2}""", slices).Total);
    }

    [Fact]
    public void A_capacity_is_asked_for_by_the_name_that_is_published()
    {
        Assert.Equal(1, Fit("""{"capacity":{"requests":{"memory":"80G"}}}""", [Slice("a", 1)]).Total);
        Assert.Equal(["1 device: less gpu.nvidia.com/memory than is asked for"], Fit("""{"capacity":{"requests":{"gpu.nvidia.com/memory":"1"}}}""", [Slice("a", 1)]).Reasons);
    }

    [Fact]
    public void Devices_that_several_nodes_reach_are_told_by_the_nodes_labels()
    {
        var far = Json("""{"spec":{"driver":"gpu.nvidia.com","nodeSelector":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"rack","operator":"In","values":["r1"]}]}]},"pool":{"name":"p","generation":1,"resourceSliceCount":1},"devices":[{"name":"f"}]}}""");
        NodeFacts Node(string name, string rack) => new() { Name = name, Labels = System.Collections.Immutable.ImmutableDictionary<string, string>.Empty.Add("rack", rack) };
        Assert.Equal(DeviceVerdict.Unknown, DeviceFit.Of(Request("{}"), Devices([far])).Verdict);
        Assert.Equal([KeyValuePair.Create("b", 1)], DeviceFit.Of(Request("{}"), Devices([far]), [Node("a", "r0"), Node("b", "r1")]).Nodes);
        Assert.Equal(DeviceVerdict.Never, DeviceFit.Of(Request("{}"), Devices([far]), [Node("a", "r0")]).Verdict);
    }

    [Fact]
    public void An_odd_device_matters_only_to_whoever_meets_it()
    {
        const string Bare = """{"selectors":[{"cel":{"expression":"device.attributes['gpu.nvidia.com'].productName == 'x'"}}]}""";
        var (good, odd) = (Device(0, ""","attributes":{"productName":{"string":"x"}}"""), """{"name":"odd"}""");
        Assert.Equal(DeviceVerdict.Fits, Fit(Bare, [Pool("a", $"\"devices\":[{good},{odd}]")]).Verdict);
        Assert.Equal(DeviceVerdict.Unknown, Fit(Bare, [Pool("a", $"\"devices\":[{odd},{good}]")]).Verdict);
        Assert.Equal(DeviceVerdict.Unknown, Fit(Bare, [Pool("a", $"\"devices\":[{good}]"), Pool("b", $"\"devices\":[{odd}]")]).Verdict);
    }

    [Theory]
    [InlineData("[1,2,3,4,5,6,7,8,9,10].all(a, [1,2,3,4,5,6,7,8,9,10].all(b, [1,2,3,4,5,6,7,8,9,10].all(c, [1,2,3,4,5,6,7,8,9,10].all(d, [1,2,3,4,5,6,7,8,9,10].all(e, [1,2,3,4,5,6,7,8,9,10].all(f, [1,2,3,4,5,6,7,8,9,10].all(g, a+b+c+d+e+f+g > 0)))))))")]
    [InlineData("device.attributes['gpu.nvidia.com'].nothing == 'x'")]
    public void An_expression_that_fails_or_costs_too_much_is_stopped_and_told(string expression)
    {
        var fit = Fit("""{"selectors":[{"cel":{"expression":""" + JsonSerializer.Serialize(expression, TextJson.Default.String) + "}}]}", [Slice("a", 1)]);
        Assert.Equal(DeviceVerdict.Unknown, fit.Verdict);
        Assert.StartsWith("1 device: a selector failed, which stops the scheduler: ", Assert.Single(fit.Reasons), StringComparison.Ordinal);
    }

    [Fact]
    public void Five_thousand_devices_in_five_hundred_slices_are_looked_through_within_a_budget()
    {
        var pools = new ClusterDevices(Large(), s_classes, []);
        Assert.Equal(5000, DeviceFit.Of(Large80G, pools).Total);
        Assert.InRange(Allocated.By(() => DeviceFit.Of(Large80G, pools)), 1, 4_000_000);
    }

    [Fact]
    public void Forty_thousand_devices_in_five_thousand_slices_are_looked_through_within_a_budget()
    {
        var devices = new ClusterDevices(DevicePools.Read([.. Enumerable.Range(0, 5000).Select(n => Distinct(n, 8))]), s_classes, []);
        Assert.Equal(40_000, DeviceFit.Of(Large80G, devices).Total);
        Assert.InRange(Allocated.By(() => DeviceFit.Of(Large80G, devices)), 1, 40_000_000);
    }

    [Fact]
    public void A_shared_device_serves_two_requests_of_one_claim_and_a_whole_one_does_not()
    {
        var two = Json("""{"devices":{"requests":[{"name":"x","exactly":{"deviceClassName":"gpu.nvidia.com","capacity":{"requests":{"memory":"30Gi"}}}},{"name":"y","exactly":{"deviceClassName":"gpu.nvidia.com","capacity":{"requests":{"memory":"30Gi"}}}}]}}""");
        Assert.Equal(1, DeviceFit.Of(two, Devices([Slice("a", 1, more: ""","allowMultipleAllocations":true""")])).Total);
        Assert.Equal(DeviceVerdict.Never, DeviceFit.Of(two, Devices([Slice("a", 1)])).Verdict);
    }

    [Fact]
    public void Devices_that_differ_in_what_no_selector_reads_are_one_question()
    {
        var selectors = Read("device.attributes['gpu.nvidia.com'].?productName.orValue('').startsWith('NVIDIA')", "'memory' in device.capacity['gpu.nvidia.com']");
        Assert.All(Large().Devices, d => Assert.Null(selectors.Ask(d)));
        Assert.Equal(1, selectors.Evaluations);
    }

    [Theory]
    [InlineData("device.attributes['gpu.nvidia.com']['uuid'] != 'GPU-1-3'")]
    [InlineData("!device.attributes['gpu.nvidia.com'].exists(k, device.attributes['gpu.nvidia.com'][k] == 'GPU-1-3')")]
    [InlineData("device.attributes['gpu.nvidia.com']['uu' + 'id'] != 'GPU-1-3'")]
    [InlineData("device.attributes['gpu.nvidia.com'].size() < 2 || device.attributes != {} && !(device.attributes['gpu.nvidia.com']['uuid'] == 'GPU-1-3')")]
    public void What_a_selector_does_read_tells_devices_apart_however_it_reads_it(string expression)
    {
        var pools = DevicePools.Read([.. Enumerable.Range(0, 3).Select(n => Distinct(n))]);
        var selectors = Read(expression);
        Assert.Equal(["gpu-3"], pools.Devices.Where(d => selectors.Ask(d) is not null).Select(d => d.Id.Name));
    }

    [Fact]
    public void Selectors_written_to_cost_much_on_every_device_are_given_up_on()
    {
        const string Tens = "[1,2,3,4,5,6,7,8,9,10]";
        var dear = $"{Tens}.all(a, {Tens}.all(b, {Tens}.all(c, {Tens}.all(d, a + b + c + d > 0)))) && device.attributes['gpu.nvidia.com']['uuid'] == ''";
        var selectors = Read(dear);
        Assert.All(Large().Devices, d => Assert.NotNull(selectors.Ask(d)));
        Assert.InRange(selectors.Evaluations, 2, 400);
        var fit = Fit("""{"selectors":[{"cel":{"expression":""" + JsonSerializer.Serialize(dear, TextJson.Default.String) + "}}]}", [.. Enumerable.Range(0, 500).Select(n => Distinct(n))]);
        Assert.Equal(DeviceVerdict.Unknown, fit.Verdict);
        Assert.EndsWith("devices: selectors cost too much to look at it, so that the scheduler alone can tell", fit.Reasons[0], StringComparison.Ordinal);
    }

    private static JsonElement Large80G => Request("""{"selectors":[{"cel":{"expression":"'memory' in device.capacity['gpu.nvidia.com'] && device.capacity['gpu.nvidia.com']['memory'].compareTo(quantity('80G')) >= 0"}},{"cel":{"expression":"'productName' in device.attributes['gpu.nvidia.com']"}},{"cel":{"expression":"device.attributes['gpu.nvidia.com']['productName'].startsWith('NVIDIA')"}}]}""");

    private static DevicePools Large() => DevicePools.Read([.. Enumerable.Range(0, 500).Select(n => Distinct(n))]);

    private static JsonElement Distinct(int node, int devices = 10) => Pool($"n{node}", $"\"devices\":[{string.Join(',', Enumerable.Range(0, devices).Select(i => Device(i, $$$""","attributes":{"uuid":{"string":"GPU-{{{node}}}-{{{i}}}"},"productName":{"string":"NVIDIA H100 80GB HBM3"}}""")))}]");

    private static SelectorAnswers Read(params string[] expressions) => new([.. expressions.Select(e => Selector.Read(e).Selector!)], CelLimits.Kubernetes);

    private static DeviceFit Fit(string request, JsonElement[] slices, params JsonElement[] claims) => DeviceFit.Of(Request(request), Devices(slices, claims));

    private static ClusterDevices Devices(JsonElement[] slices, params JsonElement[] claims) => new(DevicePools.Read(slices), s_classes, [.. claims]);

    private static JsonElement Request(string request)
    {
        var exactly = JsonNode.Parse(request)!.AsObject();
        if (!exactly.ContainsKey("deviceClassName")) exactly["deviceClassName"] = "gpu.nvidia.com";
        return Json("""{"devices":{"requests":[{"name":"x","exactly":""" + exactly.ToJsonString() + "}]}}");
    }

    private static JsonElement Slice(string node, int devices, int generation = 1, int slices = 1, string more = "") =>
        Pool(node, $"\"devices\":[{string.Join(',', Enumerable.Range(0, devices).Select(i => Device(i, more)))}]", slices, generation);

    private static string Device(int index, string more = "") =>
        $"{{\"name\":\"gpu-{index}\",\"capacity\":{{\"memory\":{{\"value\":\"81559Mi\"}}}}" + (more.Contains("attributes", StringComparison.Ordinal) ? "" : ""","attributes":{"productName":{"string":"NVIDIA H100 80GB HBM3"}}""") + more + "}";

    private static string Used(string device, int amount) =>
        device.Replace("SHARED", "\"consumesCounters\":[{\"counterSet\":\"s\",\"counters\":{\"memory\":{\"value\":\"AMOUNT\"}}}]".Replace("AMOUNT", $"{amount}", StringComparison.Ordinal), StringComparison.Ordinal);

    private static JsonElement Pool(string node, string content, int slices = 1, int generation = 1) => Json(
        $$"""{"spec":{"driver":"gpu.nvidia.com","nodeName":"{{node}}","pool":{"name":"{{node}}","generation":{{generation}},"resourceSliceCount":{{slices}}},""" + content + "}}");

    private static JsonElement Claim(string result) => Json("""{"status":{"allocation":{"devices":{"results":[""" + result + "]}}}}");

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}

[System.Text.Json.Serialization.JsonSerializable(typeof(string))]
internal sealed partial class TextJson : System.Text.Json.Serialization.JsonSerializerContext;
