using Slipway.Api.ModelDeployments;
using Slipway.Operator.Sizing;

namespace Slipway.Operator.Tests.Sizing;

public sealed class GpuSizerTests
{
    private const string H100 = "8 NVIDIA-H100-80GB-HBM3 81559";
    private const string L4 = "8 NVIDIA-L4 23034";
    private const string T4 = "4 Tesla-T4 15360";

    [Theory]
    [InlineData("8b", "", "", 1)]
    [InlineData("8b", "", L4, 2)]
    [InlineData("8b", "contextLength=8192", L4, 1)]
    [InlineData("32b", "", "", 2)]
    [InlineData("32b", "", H100, 2)]
    [InlineData("32b", "", L4, 4)]
    [InlineData("32b", "", "8 Somebodys-Card-141GB 144384", 1)]
    [InlineData("32b", "kv-cache-dtype=fp8,max-model-len=4096", H100, 1)]
    [InlineData("70b", "", "", 4)]
    [InlineData("70b-awq", "max-model-len=16384", "", 1)]
    [InlineData("30b-moe", "", "", 1)]
    [InlineData("30b-moe", "", H100, 1)]
    [InlineData("30b-moe", "", L4, 4)]
    [InlineData("odd-heads", "", H100, 2)]
    [InlineData("70b", "", "8 unlabelled 0", 4)]
    public async Task The_smallest_power_of_two_that_holds_weights_and_one_full_sequence(string model, string flags, string nodes, int gpus)
    {
        var sizing = await DecideAsync(model, flags, nodes);
        Assert.Equal((SizingVerdict.Sized, gpus), (sizing.Verdict, sizing.Gpus));
    }

    [Fact]
    public async Task The_answer_says_of_what_it_is_made()
    {
        var sizing = await DecideAsync("32b", "max-model-len=32768", "");
        Assert.StartsWith("2 x 80 GB: 65.5 GB of weights, 8.6 GB for 32k tokens of context, ", sizing.Message, StringComparison.Ordinal);
        Assert.Contains("80 GB are assumed", sizing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nodes_that_are_too_small_are_named_where_larger_ones_are_taken()
    {
        var sizing = await DecideAsync("70b", "", $"{T4};{H100}");
        Assert.Equal(4, sizing.Gpus);
        Assert.Contains("H100", sizing.Message, StringComparison.Ordinal);
        Assert.Contains("T4: keep it off them with spec.nodeSelector", sizing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_nodes_that_the_selector_lets_it_on_count()
    {
        var deployment = Given.Deployment("8b", s => s with { NodeSelector = new Dictionary<string, string> { ["pool"] = "NVIDIA-H100-80GB-HBM3" } });
        var sizing = GpuSizer.Decide(await Given.ProfileAsync("8b"), SizingRequest.Of(deployment)!, [Given.Node(T4), Given.Node(L4), Given.Node(H100)]);
        Assert.Equal(1, sizing.Gpus);
    }

    [Fact]
    public async Task What_fits_no_node_is_refused_with_how_many_nodes_it_takes()
    {
        var sizing = await DecideAsync("405b", "max-model-len=32768", "");
        Assert.Equal((SizingVerdict.DoesNotFit, 0), (sizing.Verdict, sizing.Gpus));
        Assert.Contains("Does not fit 8 x 80 GB", sizing.Message, StringComparison.Ordinal);
        Assert.Contains("set spec.resources.nodes: 2 and spec.resources.gpu.count: 8", sizing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stated_nodes_share_the_layers()
    {
        var deployment = Given.Deployment("405b", s => s with { Resources = new() { Nodes = 2 }, Engine = s.Engine! with { ContextLength = 32768 } });
        Assert.Equal(8, GpuSizer.Decide(await Given.ProfileAsync("405b"), SizingRequest.Of(deployment)!, []).Gpus);
    }

    [Fact]
    public void Nothing_is_sized_where_the_manifest_says_it()
    {
        Assert.Null(SizingRequest.Of(Given.Deployment("8b", s => s with { Resources = new() { Gpu = new() { Count = 0 } } })));
        Assert.Null(SizingRequest.Of(Given.Deployment("8b", s => s with { Parallelism = new() { Tensor = 2 } })));
        Assert.Null(SizingRequest.Of(Given.Deployment("8b", s => s with { Engine = new() { Type = EngineType.LlamaCpp } })));
        Assert.Null(SizingRequest.Of(Given.Deployment("8b", s => s with { Model = new() { Source = ModelSource.Custom } })));
    }

    [Theory]
    [InlineData("8b", "{}", 1)]
    [InlineData("70b", "{}", 4)]
    [InlineData("70b", """{"minMemory":"140G"}""", 2)]
    [InlineData("70b", """{"models":["NVIDIA H200"]}""", 2)]
    [InlineData("70b", """{"firstAvailable":[{"name":"h200","models":["NVIDIA H200"]},{"name":"h100","models":["NVIDIA H100"]}]}""", 4)]
    public async Task Accelerators_that_are_left_open_are_counted_by_the_devices_that_are_asked_for(string model, string accelerators, int gpus)
    {
        var sizing = await ByDevicesAsync(model, accelerators);
        Assert.Equal((SizingVerdict.Sized, gpus), (sizing.Verdict, sizing.Gpus));
        Assert.DoesNotContain("assumed", sizing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_no_device_meets_is_said_and_the_memory_that_is_asked_for_assumed()
    {
        var sizing = await ByDevicesAsync("8b", """{"minMemory":"180G"}""");
        Assert.StartsWith("1 x 180 GB: ", sizing.Message, StringComparison.Ordinal);
        Assert.EndsWith("; no device is what is asked for (8 devices: 143771Mi < 180G; 8 devices: 81559Mi < 180G), so 180 GB are assumed", sizing.Message, StringComparison.Ordinal);
        Assert.Contains("set spec.resources.accelerators.count to try", (await ByDevicesAsync("405b", """{"models":["NVIDIA H100"]}""")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stated_number_and_a_claim_of_ones_own_are_not_counted()
    {
        Assert.Null(SizingRequest.Of(Given.Deployment("8b", s => s with { Resources = new() { Accelerators = new() { Count = 1 } } })));
        Assert.Null(SizingRequest.Of(Given.Deployment("8b", s => s with { Resources = new() { Accelerators = new() { ResourceClaimName = "mine" } } })));
    }

    private static async Task<ModelSizing> ByDevicesAsync(string model, string accelerators)
    {
        static string Slice(string node, string product, string memory) => $$"""
            {"metadata":{"name":"{{node}}"},"spec":{"driver":"gpu.nvidia.com","nodeName":"{{node}}","pool":{"name":"{{node}}","generation":1,"resourceSliceCount":1},"devices":[
            """ + string.Join(',', Enumerable.Range(0, 8).Select(i => $$$"""{"name":"gpu-{{{i}}}","attributes":{"productName":{"string":"{{{product}}}"}},"capacity":{"memory":{"value":"{{{memory}}}"} } }""")) + "]}}";
        static System.Text.Json.JsonElement Json(string text) => System.Text.Json.JsonDocument.Parse(text).RootElement;
        var devices = Capacity.Inventory.Slices.ClusterDevices.Read(
            [Json(Slice("a", "NVIDIA H100 80GB HBM3", "81559Mi")), Json(Slice("b", "NVIDIA H200", "143771Mi"))],
            [Json("""{"metadata":{"name":"gpu.nvidia.com"},"spec":{"extendedResourceName":"nvidia.com/gpu","selectors":[{"cel":{"expression":"device.driver == 'gpu.nvidia.com'"}}]}}""")], []);
        var asked = System.Text.Json.JsonSerializer.Deserialize("""{"spec":{"model":{"id":"a/b"},"resources":{"accelerators":""" + accelerators + "}}}", Api.SlipwayJson.Default.ModelDeployment)!.Spec.Resources;
        var deployment = Given.Deployment(model, s => s with { Resources = asked });
        Capacity.Inventory.NodeFacts[] nodes = [new() { Name = "a" }, new() { Name = "b" }];
        return GpuSizer.Decide(await Given.ProfileAsync(model), SizingRequest.Of(deployment)!, nodes, devices);
    }

    private static async Task<ModelSizing> DecideAsync(string model, string flags, string nodes)
    {
        var pairs = flags.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(f => f.Split('=')).ToDictionary(f => f[0], f => f[1]);
        var context = pairs.Remove("contextLength", out var text) ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : (int?)null;
        var deployment = Given.Deployment(model, s => s with { Engine = s.Engine! with { Args = pairs, ContextLength = context } });
        return GpuSizer.Decide(await Given.ProfileAsync(model), SizingRequest.Of(deployment)!, [.. nodes.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(Given.Node)]);
    }
}
