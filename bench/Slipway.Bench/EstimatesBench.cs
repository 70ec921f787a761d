using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Slipway.Capacity.Accelerators;
using Slipway.Capacity.Cost;
using Slipway.Capacity.Inventory.Slices;
using Slipway.Capacity.Planning;
using Slipway.Capacity.Prices;
using Slipway.Models.Memory;
using Slipway.Models.Profiles.Config;
using Slipway.Models.Speed;

namespace Slipway.Bench;

/// <summary>What the answers before a GPU is spent cost themselves: a placement over many nodes, a page of search results, a plan over all machine types.</summary>
internal static class EstimatesBench
{
    private const string Config = """{"architectures":["Qwen3MoeForCausalLM"],"model_type":"qwen3_moe","num_hidden_layers":94,"hidden_size":4096,"num_attention_heads":64,"num_key_value_heads":4,"head_dim":128,"vocab_size":151936,"intermediate_size":12288,"num_experts":128,"num_experts_per_tok":8,"moe_intermediate_size":1536,"torch_dtype":"bfloat16","tie_word_embeddings":false,"max_position_embeddings":40960}""";

    private const string Claim = """
        {"devices":{"requests":[{"name":"gpu","exactly":{"deviceClassName":"gpu.nvidia.com","selectors":[
        {"cel":{"expression":"\"memory\" in device.capacity[\"gpu.nvidia.com\"] && device.capacity[\"gpu.nvidia.com\"][\"memory\"].compareTo(quantity(\"80G\")) >= 0"}},
        {"cel":{"expression":"\"productName\" in device.attributes[\"gpu.nvidia.com\"] && device.attributes[\"gpu.nvidia.com\"][\"productName\"].startsWith(\"NVIDIA H100\")"}},
        {"cel":{"expression":"\"architecture\" in device.attributes[\"gpu.nvidia.com\"] && device.attributes[\"gpu.nvidia.com\"][\"architecture\"] in [\"Hopper\", \"Blackwell\"]"}}]}}]}}
        """;

    public static async Task<int> RunAsync()
    {
        var profile = ((ConfigResult.Read)ConfigReader.Read("bench/moe", Encoding.UTF8.GetBytes(Config))).Profile;
        var kinds = AcceleratorTable.Bundled.Rows.Where(static r => r.Device.BandwidthBytesPerSecond is not null && r.Device.Vendor is "nvidia" or "amd").Select(static r => r.Device).Take(12).ToList();
        var nodes = Enumerable.Range(0, 300).Select(i => new NodeAccelerators($"node-{i}", kinds[i % kinds.Count], i % 9, 8)).ToList();
        var offers = ((string, string)[])[("aws", "us-east-1"), ("azure", "eastus"), ("gcp", "us-central1")];
        var all = offers.SelectMany(static o => HardwareOffer.Of(o.Item1, o.Item2, PriceBook.Bundled, PriceKind.OnDemand)).ToList();
        var goal = new PlanGoal(new Traffic(1024, 256, 32)) { InterTokenSeconds = 0.05 };
        var h100 = AcceleratorTable.Bundled.Find("h100-sxm")!.Device;
        var machine = MachineTypeTable.Bundled.Find("aws", "p5.48xlarge")!;
        var page = () =>
        {
            for (var i = 0; i < 50; i++)
            {
                var layout = new Layout(8);
                _ = FitCheck.Check(profile, h100, layout, new Workload(4096, 8), new EngineSettings());
                var speed = SpeedModel.Estimate(profile, h100, layout, new Traffic(1024, 256, 8), new EngineSettings());
                var price = PriceBook.Bundled.Of(new PriceQuery("aws", "us-east-1", "p5.48xlarge", PriceKind.OnDemand));
                var cost = ReplicaCost.Of(machine, price, 8);
                _ = TokenCost.Of(cost.PerHour, speed is null ? null : new Throughput(speed.SecondsPerPromptToken, speed.SecondsPerOutputToken));
            }
        };
        var pools = DevicePools.Read([.. Enumerable.Range(0, 500).Select(Slice)]);
        var classes = new Dictionary<string, JsonElement> { ["gpu.nvidia.com"] = Read("""{"spec":{"selectors":[{"cel":{"expression":"device.driver == 'gpu.nvidia.com'"}}]}}""") };
        var devices = new ClusterDevices(pools, classes, []);
        var claim = Read(Claim);
        await Report.WriteAsync(
            "estimates",
            [
                "Warm, one thread, milliseconds over 200 runs, and what one run allocates.", "",
                "| | least | median | most | allocated |", "|---|---|---|---|---|",
                Row("place a mixture of 94 layers on 300 nodes of 12 kinds", () => PlacementPlanner.Plan(profile, new Workload(8192, 16), new EngineSettings(), nodes)),
                Row("a page of 50 models: fit, speed, price and cost of each", page),
                Row($"plan over the {all.Count} machine types of three clouds", () => ModelPlanner.Plan(profile, goal, all)),
                Row("how many claims fit 5,000 devices in 500 slices, by three selectors and the class's", () => DeviceFit.Of(claim, devices)),
            ]);
        return 0;
    }

    private static JsonElement Slice(int node) => Read($$$"""
        {"spec":{"driver":"gpu.nvidia.com","nodeName":"n{{{node}}}","pool":{"name":"n{{{node}}}","generation":1,"resourceSliceCount":1},"devices":[{{{string.Join(',', Enumerable.Range(0, 10).Select(i => $$$$"""
        {"name":"gpu-{{{{i}}}}","attributes":{"type":{"string":"gpu"},"uuid":{"string":"GPU-{{{{node}}}}-{{{{i}}}}"},"productName":{"string":"NVIDIA H100 80GB HBM3"},"brand":{"string":"Nvidia"},"architecture":{"string":"Hopper"},"cudaComputeCapability":{"version":"9.0.0"},"driverVersion":{"version":"570.86.15"},"resource.kubernetes.io/pcieRoot":{"string":"pci0000:{{{{i}}}}0"}},"capacity":{"memory":{"value":"81559Mi"}}}
        """))}}}]}}
        """);

    private static JsonElement Read(string json) => JsonDocument.Parse(json).RootElement;

    private static string Row(string name, Action run)
    {
        for (var i = 0; i < 100; i++) run();
        var before = GC.GetAllocatedBytesForCurrentThread();
        run();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        var times = new List<double>();
        for (var i = 0; i < 200; i++)
        {
            var began = Stopwatch.GetTimestamp();
            run();
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        return FormattableString.Invariant($"| {name} | {times.Min():0.00} | {new Figures(times).Median:0.00} | {times.Max():0.00} | {allocated / 1000} KB |");
    }
}
