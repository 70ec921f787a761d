using System.Text;
using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Integration.Tests.Harness;
using Slipway.Operator;
using Slipway.Simulators;
using Slipway.Testing.Hub;

namespace Slipway.Integration.Tests.Install;

/// <summary>The operator with a hub to ask: a manifest that names a model alone gets the GPUs that the model needs.</summary>
public sealed class SizedByTheHubTests(BareCluster cluster) : IClassFixture<BareCluster>
{
    internal const string Config = """
        {"architectures":["LlamaForCausalLM"],"model_type":"llama","num_hidden_layers":64,"hidden_size":5120,"num_attention_heads":64,"num_key_value_heads":8,"head_dim":128,
         "vocab_size":151936,"intermediate_size":25600,"max_position_embeddings":40960,"torch_dtype":"bfloat16","tie_word_embeddings":false}
        """;

    [Fact]
    public async Task A_model_that_needs_two_gets_two_and_keeps_them_over_a_restart_with_the_hub_down()
    {
        var hub = await FakeHub.StartAsync();
        hub.Add("org/large").With("config.json", Encoding.UTF8.GetBytes(Config), lfs: false);
        Deployed deployed;
        await using (await StartAsync(hub.Endpoint))
        {
            deployed = await Deployed.ApplyAsync(cluster, Spec("org/large"));
            var running = await deployed.UntilAsync(DeploymentPhase.Running);
            Assert.Equal("2", await GpusAsync(deployed));
            Assert.StartsWith("2 x 80 GB: 65.5 GB of weights", Deployed.Condition(running, ConditionTypes.Sized)!.Message, StringComparison.Ordinal);
            var events = await cluster.Client.ListAsync(Kinds.Events, deployed.Key.Namespace, TestContext.Current.CancellationToken);
            Assert.Contains(events, e => e is { Reason: "Sized" } && e.Message!.StartsWith("Sized: 2 x 80 GB", StringComparison.Ordinal));
        }

        await hub.DisposeAsync();
        await using (await StartAsync(hub.Endpoint))
        {
            // Another generation shows that this process has been over it.
            var changed = Spec("org/large");
            changed["scaling"] = new JsonObject { ["replicas"] = 2 };
            await deployed.ApplyAsync(changed);
            await deployed.UntilAsync(DeploymentPhase.Running);
            Assert.Equal("2", await GpusAsync(deployed));

            var other = await Deployed.ApplyAsync(cluster, Spec("org/other"));
            var assumed = await other.UntilAsync(DeploymentPhase.Running);
            Assert.Equal("Assumed", Deployed.Condition(assumed, ConditionTypes.Sized)!.Reason);
            Assert.Equal("1", await GpusAsync(other));
        }
    }

    private Task<SlipwayOperator> StartAsync(Uri hub) => cluster.StartSlipwayAsync(TimeProvider.System, hub: hub);

    private static JsonObject Spec(string model) => new() { ["model"] = new JsonObject { ["id"] = model }, ["provider"] = new JsonObject { ["name"] = "vllm" } };

    private static async Task<string?> GpusAsync(Deployed deployed)
    {
        var main = (await deployed.ObjectAsync(ApiKinds.Deployments))!.Json;
        return main.GetProperty("spec").GetProperty("template").GetProperty("spec").GetProperty("containers")[0]
            .GetProperty("resources").GetProperty("limits").GetProperty("nvidia.com/gpu").ToString();
    }
}
