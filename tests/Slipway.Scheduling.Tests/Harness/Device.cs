using System.Globalization;

namespace Slipway.Scheduling.Tests.Harness;

/// <summary>Devices as a driver publishes them, in YAML.</summary>
internal static class Device
{
    /// <summary>H100s as NVIDIA's driver has them: half of a node's on each NUMA node.</summary>
    public static IEnumerable<string> H100(int count = 8, string more = "", int from = 0) =>
        Enumerable.Range(from, count).Select(i => Of($"gpu-{i}", "NVIDIA H100 80GB HBM3", "81559Mi", $"resource.kubernetes.io/numaNode: {{int: {(i < from + (count / 2) ? 0 : 1)}}}", more));

    public static IEnumerable<string> A100(int count) => Enumerable.Range(0, count).Select(static i => Of($"gpu-{i}", "NVIDIA A100-SXM4-40GB", "40960Mi"));

    /// <summary>A device.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="product">What it is.</param>
    /// <param name="memory">Its memory.</param>
    /// <param name="attributes">Attributes besides.</param>
    /// <param name="more">Members besides.</param>
    public static string Of(string name, string product = "Sample", string memory = "80Gi", string attributes = "", string more = "") => string.Create(
        CultureInfo.InvariantCulture,
        $"{{name: {name}, attributes: {{type: {{string: gpu}}, productName: {{string: {product}}}, architecture: {{string: {(product.Contains("H100", StringComparison.Ordinal) ? "Hopper" : "Ampere")}}}{(attributes.Length > 0 ? ", " + attributes : "")}}}, capacity: {{memory: {{value: {memory}}}}}{(more.Length > 0 ? ", " + more : "")}}}");

    /// <summary>A GPU that is whole or two halves: its counters, and the three devices that share them.</summary>
    public static (string Counters, IReadOnlyList<string> Devices) Partitioned()
    {
        static string Part(string name, string type, int share, params int[] slices) =>
            $"{{name: {name}, attributes: {{type: {{string: {type}}}}}, consumesCounters: [{{counterSet: s, counters: {{memory: {{value: {share}Gi}}{string.Concat(slices.Select(static s => $", slice-{s}: {{value: '1'}}"))}}}}}]}}";
        return ("{name: s, counters: {memory: {value: 80Gi}, slice-0: {value: '1'}, slice-1: {value: '1'}}}", [Part("gpu-0", "gpu", 80, 0, 1), Part("mig-0", "mig", 40, 0), Part("mig-1", "mig", 40, 1)]);
    }
}
