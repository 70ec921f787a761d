using System.Text.Json.Nodes;
using Slipway.Runtimes.Local.Commands;
using Slipway.Testing;
using Slipway.Tests.Running;

namespace Slipway.Tests.Cli;

/// <summary>`slipway dra simulate` on the embedded API.</summary>
[Trait("Speed", "slow")]
public sealed class DraSimulateTests : IAsyncLifetime
{
    private const string Real = """
        apiVersion: resource.k8s.io/v1
        kind: ResourceSlice
        metadata: {name: real}
        spec: {driver: gpu.amd.com, nodeName: metal-1, pool: {name: metal-1, generation: 1, resourceSliceCount: 1}, devices: [{name: gpu-0}]}
        """;

    private readonly TempDirectory _folder = new();
    private SlipwayProcess _slipway = null!;

    public async ValueTask InitializeAsync() => _slipway = await SlipwayProcess.UpAsync(_folder["x"], CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _slipway.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Devices_come_are_counted_change_and_go()
    {
        var made = await RunAsync(0, "dra", "simulate", "--accelerator", "h100", "--nodes", "4", "--per-node", "8", "--with-nodes", "--racks", "2");
        Assert.StartsWith("gpu.nvidia.com has 32 x H100", made.Output, StringComparison.Ordinal);
        Assert.Equal([8, 8, 8, 8], await FreeAsync());
        var nodes = JsonNode.Parse(await _slipway.KubectlOkAsync("get", "nodes", "-l", "slipway.dev/simulated=h100-sxm", "-o", "json"))!["items"]!.AsArray();
        Assert.Equal(["rack-0", "rack-0", "rack-1", "rack-1"], nodes.Select(static n => (string?)n!["metadata"]!["labels"]!["topology.kubernetes.io/rack"]));

        // Another call of the same accelerator replaces what the one before made; another accelerator stands beside it.
        await RunAsync(0, "dra", "simulate", "-a", "h100-sxm", "--nodes", "2", "--per-node", "4", "--with-nodes");
        await RunAsync(0, "dra", "simulate", "-a", "h200", "--with-nodes");
        Assert.Equal([4, 4, 8], await FreeAsync());

        Assert.StartsWith("Taken away: 2 ResourceSlices, 2 Nodes, 0 DeviceClasses", (await RunAsync(0, "dra", "simulate", "--remove", "-a", "h100")).Output, StringComparison.Ordinal);
        Assert.StartsWith("Taken away: 1 ResourceSlices, 1 Nodes, 1 DeviceClasses", (await RunAsync(0, "dra", "simulate", "--remove")).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("simulated", await _slipway.KubectlOkAsync("get", "nodes,resourceslices,deviceclasses", "-A"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cluster_that_has_the_driver_is_refused_and_nothing_is_made()
    {
        await _slipway.KubectlOkAsync("apply", "-f", _folder.Write("real.yaml", System.Text.Encoding.UTF8.GetBytes(Real)));
        var refused = await RunAsync(1, "dra", "simulate", "-a", "mi300x");
        Assert.Contains("The driver gpu.amd.com publishes devices of node metal-1 in ResourceSlice real", refused.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("gpu.amd.com", await _slipway.KubectlOkAsync("get", "deviceclasses"), StringComparison.Ordinal);
        await RunAsync(0, "dra", "simulate", "--remove");
        Assert.Contains("real", await _slipway.KubectlOkAsync("get", "resourceslices"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused_in_words()
    {
        (string Words, string[] Arguments)[] cases =
        [
            ("Say which devices with --accelerator", []),
            ("There is no accelerator h900 that a DRA driver publishes. There are: ", ["-a", "h900"]),
            ("--nodes is a number from 1 to 1000.", ["-a", "h100", "--nodes", "1001"]),
            ("--per-node is a number from 1 to 128.", ["-a", "h100", "--per-node", "0"]),
            ("--racks is a number from 1 to that of nodes (2), and takes --with-nodes", ["-a", "h100", "--nodes", "2", "--racks", "2"]),
        ];
        foreach (var (words, arguments) in cases) Assert.Contains(words, (await RunAsync(1, ["dra", "simulate", .. arguments])).Errors, StringComparison.Ordinal);
    }

    private async Task<IEnumerable<int>> FreeAsync()
    {
        var answer = JsonNode.Parse((await RunAsync(0, "capacity", "-o", "json")).Output)!;
        return answer["nodes"]!.AsArray().Where(static n => n!["devices"]!.AsArray().Count > 0).Select(static n => (int)n!["devices"]![0]!["free"]!).Order();
    }

    private async Task<CommandResult> RunAsync(int status, params string[] arguments)
    {
        var result = await _slipway.RunAsync(arguments);
        Assert.True(result.ExitCode == status, $"slipway {string.Join(' ', arguments)}: {result.ExitCode} {result.Output} {result.Errors}");
        return result;
    }
}
