using System.Text.Json.Nodes;
using Slipway.Conformance.Tests.Harness;
using Slipway.Testing;

namespace Slipway.Conformance.Tests.Clients;

/// <summary>Clients that others wrote, unchanged.</summary>
[Trait("Speed", "slow")]
public sealed class ClientTests(TestServer server)
{
    [Fact]
    public async Task The_JavaScript_client_and_its_informer()
    {
        var packages = await Tools.NpmAsync("kubernetes", "@kubernetes/client-node@1.4.0");
        var group = $"js{Guid.NewGuid():N}.example.com";
        var got = await RunAsync(await Tools.NodeAsync(), "kubernetes.mjs", packages, server.Kubeconfig, await server.NamespaceAsync(), group);
        Assert.Equal(["add a", "update a", "delete a"], got["seen"]!.AsArray().Select(s => (string?)s));
        Assert.Equal([3], got["sizes"]!.AsArray().Select(s => (int)s!));
    }

    [Fact]
    public async Task The_Python_client_and_its_watch()
    {
        var got = await RunAsync(await Tools.PythonAsync(), "kubernetes_client.py", server.Kubeconfig, await server.NamespaceAsync());
        Assert.Equal(["ADDED a", "MODIFIED a", "MODIFIED a", "DELETED a"], got["seen"]!.AsArray().Select(s => (string?)s));
        Assert.Equal(3, (int)got["replicas"]!);
        Assert.Equal("""[404,"NotFound"]""", got["missing"]!.ToJsonString());
    }

    private static async Task<JsonNode> RunAsync(Tool tool, string script, params string[] arguments)
    {
        var result = await tool.RunAsync([Path.Combine(AppContext.BaseDirectory, "Clients", script), .. arguments], TestContext.Current.CancellationToken);
        Assert.True(result.Succeeded, result.Errors);
        return JsonNode.Parse(result.Output)!;
    }
}
