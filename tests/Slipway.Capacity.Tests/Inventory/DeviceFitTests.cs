using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Capacity.Inventory.Slices;
using Slipway.Cel;

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
        Assert.Equal(2, DeviceFit.Of(claim, s_classes, DevicePools.Read(slices), []).Total);
    }

    [Fact]
    public void The_first_alternative_that_fits_a_node_counts()
    {
        var claim = Json("""{"devices":{"requests":[{"name":"x","firstAvailable":[{"name":"big","deviceClassName":"gpu.nvidia.com","count":4},{"name":"small","deviceClassName":"gpu.nvidia.com","count":1}]}]}}""");
        var fit = DeviceFit.Of(claim, s_classes, DevicePools.Read([Slice("a", 8), Slice("b", 3)]), []);
        Assert.Equal([KeyValuePair.Create("a", 2), KeyValuePair.Create("b", 3)], fit.Nodes);
    }

    [Theory]
    [InlineData("""{"deviceClassName":"nobody.knows"}""", "there is no DeviceClass nobody.knows: install the driver, or name another class")]
    [InlineData("""{"allocationMode":"All"}""", "all devices of a node are asked for: the scheduler alone can tell")]
    public void What_cannot_be_told_is_unknown(string request, string why)
    {
        var fit = Fit(request, [Slice("a", 8)]);
        Assert.Equal(DeviceVerdict.Unknown, fit.Verdict);
        Assert.Equal([why], fit.Reasons);
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
        var pools = Large();
        _ = DeviceFit.Of(Large80G, s_classes, pools, []);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var start = Stopwatch.GetTimestamp();
        Assert.Equal(5000, DeviceFit.Of(Large80G, s_classes, pools, []).Total);
        var (took, allocated) = (Stopwatch.GetElapsedTime(start), GC.GetAllocatedBytesForCurrentThread() - before);
        TestContext.Current.TestOutputHelper!.WriteLine($"5000 devices, 3 selectors and the class: {took.TotalMilliseconds:0.0} ms, {allocated / 1000} KB");
        Assert.InRange(allocated, 1, 4_000_000);
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

    private static JsonElement Distinct(int node) => Pool($"n{node}", $"\"devices\":[{string.Join(',', Enumerable.Range(0, 10).Select(i => Device(i, $$$""","attributes":{"uuid":{"string":"GPU-{{{node}}}-{{{i}}}"},"productName":{"string":"NVIDIA H100 80GB HBM3"}}""")))}]");

    private static SelectorAnswers Read(params string[] expressions) => new([.. expressions.Select(e => Selector.Read(e).Selector!)], CelLimits.Kubernetes);

    private static DeviceFit Fit(string request, JsonElement[] slices, params JsonElement[] claims) => DeviceFit.Of(Request(request), s_classes, DevicePools.Read(slices), claims);

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
