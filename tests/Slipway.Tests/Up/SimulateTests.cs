using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Testing;
using Slipway.Tests.Running;

namespace Slipway.Tests.Up;

/// <summary>`slipway up --simulate`: a cluster that is not there, with the runtimes for clusters on it.</summary>
[Trait("Speed", "slow")]
public sealed class SimulateTests
{
    private const string Cluster = "startup: 0\nnodes:\n- {accelerator: h100, count: 3, perNode: 8}\n";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Models_of_cluster_runtimes_come_up_on_it_and_the_gateway_says_that_nothing_answers()
    {
        using var folder = new TempDirectory();
        await using var slipway = await SlipwayProcess.UpAsync(folder["x"], Token, "--simulate", folder.Write("cluster.yaml", Encoding.UTF8.GetBytes(Cluster)));
        Assert.Contains("SIMULATED: 3 nodes with 24 x H100", slipway.Output, StringComparison.Ordinal);
        await slipway.KubectlOkAsync("apply", "-f", folder.Write("models.yaml", Encoding.UTF8.GetBytes(
            $"{Model("one", "vllm", "resources: {accelerators: {count: 2, minMemory: 80G}}")}---\n{Model("wide", "vllm", "resources: {nodes: 2, accelerators: {count: 8}}")}---\n{Model("picked", "llmd", "resources: {gpu: {count: 4}}")}---\n{Model("never", "vllm", "resources: {accelerators: {count: 1, minMemory: 80Gi}}")}")));
        foreach (var name in (string[])["one", "wide", "picked"]) await slipway.KubectlOkAsync("wait", "--for=jsonpath={.status.phase}=Running", "--timeout=120s", $"modeldeployment/{name}");
        await slipway.KubectlOkAsync("wait", "--for=condition=PodScheduled=false", "--timeout=60s", "pod", "-l", "airunway.ai/model-deployment=never");
        Assert.Contains("No node has free devices that fit the claim", await slipway.KubectlOkAsync("get", "modeldeployment", "never", "-o", "yaml"), StringComparison.Ordinal);

        var (status, answer) = await Ask.StatusAsync(slipway.Gateway, "one");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("It runs on simulated nodes", (string?)answer!["error"]!["message"], StringComparison.Ordinal);

        var capacity = JsonNode.Parse((await slipway.RunAsync("capacity", "-o", "json")).Output)!;
        Assert.Equal(24 - 2 - 16 - 4, capacity["nodes"]!.AsArray().Sum(static n => n!["devices"]!.AsArray().Sum(static d => (int)d!["free"]!)));
    }

    [Theory]
    [InlineData("nothing-such", "There is no file nothing-such to simulate, and none of that name comes with Slipway: 100-h100, mixed-clouds do.")]
    [InlineData("FILE", "cannot be simulated: nodes[0].acelerator is no field; there are name, count, accelerator")]
    public async Task A_file_that_cannot_be_used_is_told(string file, string words)
    {
        using var folder = new TempDirectory();
        var wrong = folder.Write("wrong.yaml", "nodes: [{acelerator: h100}]"u8.ToArray());
        var result = await SlipwayProcess.RunOnAsync(folder["x"], "up", "--no-browser", "--simulate", file is "FILE" ? wrong : file);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(words, result.Errors, StringComparison.Ordinal);
    }

    private static string Model(string name, string runtime, string more) => $$"""
        apiVersion: airunway.ai/v1alpha1
        kind: ModelDeployment
        metadata: {name: {{name}}}
        spec:
          model: {id: Qwen/Qwen3-8B, servedName: {{name}}}
          engine: {type: vllm}
          provider: {name: {{runtime}}}
          {{more}}

        """;
}
