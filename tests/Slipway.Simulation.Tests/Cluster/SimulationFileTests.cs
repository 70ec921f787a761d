using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Capacity.Inventory.Kubernetes;
using Slipway.Simulation.Cluster;
using Slipway.Testing;

namespace Slipway.Simulation.Tests.Cluster;

public sealed class SimulationFileTests
{
    [Fact]
    public void The_files_that_come_along_are_what_they_say()
    {
        Assert.Equal(["100-h100", "mixed-clouds"], SimulationFile.Bundled);
        Assert.All(SimulationFile.Bundled, static name => Assert.Empty(SimulationFile.Read(Yaml.Read(Path.Combine(Repository.Root, "examples", "simulations", $"{name}.yaml")).Single()).Faults));
        var (plan, _) = SimulationFile.Read(Yaml.Read(Path.Combine(Repository.Root, "examples", "simulations", "100-h100.yaml")).Single());
        Assert.Equal((15, TimeSpan.FromSeconds(5)), (plan!.NodeCount, plan.Startup));
        Assert.StartsWith("100 x H100", plan.Accelerators, StringComparison.Ordinal);
    }

    [Fact]
    public void The_file_in_the_documentation_is_one()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "simulation.md")).Split("```yaml\n")[1].Split("```")[0];
        using var folder = new TempDirectory();
        Assert.Empty(SimulationFile.Read(Yaml.Read(folder.Write("file.yaml", System.Text.Encoding.UTF8.GetBytes(text))).Single()).Faults);
    }

    [Fact]
    public void A_machine_type_says_what_a_node_has_and_where_it_is()
    {
        var (plan, faults) = SimulationFile.Read(JsonNode.Parse("""{"nodes":[{"machine":"azure/Standard_NC24ads_A100_v4","count":2,"region":"eastus","zones":["1","2"],"racks":2,"devices":"plugin","labels":{"a":"b"},"taints":[{"key":"sku","value":"gpu"}]}]}"""));
        Assert.Empty(faults);
        var nodes = NodeObjects.Nodes(plan!.Nodes[0], DateTimeOffset.UnixEpoch).ToList();
        var (node, status) = nodes[1];
        Assert.Equal("standard-nc24ads-a100-v4-1", (string?)node["metadata"]!["name"]);
        var labels = node["metadata"]!["labels"]!;
        Assert.Equal(("Standard_NC24ads_A100_v4", "eastus", "2", "rack-1", "b"), (Text("node.kubernetes.io/instance-type"), Text("topology.kubernetes.io/region"), Text("topology.kubernetes.io/zone"), Text("topology.kubernetes.io/rack"), Text("a")));
        Assert.Equal(("azure", "sku"), (((string)node["spec"]!["providerID"]!).Split(':')[0], (string?)node["spec"]!["taints"]![0]!["key"]));
        Assert.Equal(("24", "256Gi", "1"), ((string?)status["allocatable"]!["cpu"], (string?)status["allocatable"]!["memory"], (string?)status["allocatable"]!["nvidia.com/gpu"]));
        Assert.Empty(NodeObjects.Slices(plan.Nodes[0]));
        node["status"] = status;
        using var document = JsonDocument.Parse(node.ToJsonString());
        Assert.Null(NodeReader.Read(document.RootElement)!.NotReady);

        string? Text(string key) => (string?)labels[key];
    }

    [Theory]
    [InlineData("null", "the file has no list of nodes")]
    [InlineData("""{"nodes":[]}""", "nodes is empty")]
    [InlineData("""{"nodes":[{"acelerator":"h100"}]}""", "nodes[0].acelerator is no field; there are name, count, accelerator")]
    [InlineData("""{"nodes":[{"accelerator":"h900"}]}""", "nodes[0].accelerator: there is no h900 that a DRA driver publishes; there are ")]
    [InlineData("""{"nodes":[{"machine":"p5.48xlarge"}]}""", "nodes[0].machine \"p5.48xlarge\" is in no row of the table of machine types: write PROVIDER/TYPE")]
    [InlineData("""{"nodes":[{"machine":"aws/p5.48xlarge","accelerator":"h100"}]}""", "nodes[0]: accelerator says what machine says already; leave one out")]
    [InlineData("""{"nodes":[{"count":1001}]}""", "nodes[0].count is a number from 1 to 1000")]
    [InlineData("""{"nodes":[{"count":600},{"name":"b","count":600}]}""", "there are more than 1000 nodes")]
    [InlineData("""{"nodes":[{"count":2},{"count":2}]}""", "two entries of nodes are called cpu: give one of them another name")]
    [InlineData("""{"nodes":[{"cpu":"lots"}]}""", "nodes[0].cpu \"lots\" is no quantity above 0, such as 64 or 512Gi")]
    [InlineData("""{"nodes":[{"name":"A_b"}]}""", "nodes[0].name \"A_b\" is no name: small letters, digits and hyphens, at most 50")]
    [InlineData("""{"nodes":[{"accelerator":"mi300x","devices":"plugin"}]}""", "nodes[0].devices: of device plugins only NVIDIA's is simulated")]
    [InlineData("""{"nodes":[{"taints":[{"effect":"NoSchedule"}]}]}""", "nodes[0].taints: each has a key, and the effect NoSchedule, NoExecute or PreferNoSchedule")]
    [InlineData("""{"nodes":[{}],"startup":"soon"}""", "startup \"soon\" is no time of at most an hour, such as 5s or 2m")]
    public void What_cannot_be_simulated_is_told_with_its_place(string file, string words)
    {
        var (plan, faults) = SimulationFile.Read(JsonNode.Parse(file));
        Assert.Null(plan);
        Assert.StartsWith(words, Assert.Single(faults), StringComparison.Ordinal);
    }
}
