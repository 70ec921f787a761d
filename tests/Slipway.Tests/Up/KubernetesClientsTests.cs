using System.Text.Json.Nodes;
using Slipway.Testing;
using Slipway.Tests.Running;

namespace Slipway.Tests.Up;

[Trait("Speed", "slow")]
public sealed class KubernetesClientsTests
{
    [Fact]
    public async Task The_JavaScript_client_and_its_informer_work_unchanged()
    {
        using var folder = new TempDirectory();
        await using var slipway = SlipwayProcess.Start(folder["x"]);
        await slipway.WaitForAsync("Ctrl-C stops everything", TestContext.Current.CancellationToken);
        var packages = await Tools.NpmAsync("kubernetes", "@kubernetes/client-node@1.4.0");
        var node = await Tools.NodeAsync();
        var result = await node.RunAsync(
            [Path.Combine(AppContext.BaseDirectory, "Clients", "kubernetes.mjs"), packages, slipway.Kubeconfig], TestContext.Current.CancellationToken);
        Assert.True(result.Succeeded, result.Errors);
        var got = JsonNode.Parse(result.Output)!;
        Assert.Equal(["add a", "update a", "delete a"], got["seen"]!.AsArray().Select(s => (string?)s));
        Assert.Equal(["local"], got["providers"]!.AsArray().Select(p => (string?)p));
    }
}
