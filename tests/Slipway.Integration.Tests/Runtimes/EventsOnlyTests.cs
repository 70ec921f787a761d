using System.Text.Json.Nodes;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Integration.Tests.Harness;
using Slipway.Simulators;

namespace Slipway.Integration.Tests.Runtimes;

/// <summary>What Kubernetes says in events only is in the status for as long as it holds.</summary>
public sealed class EventsOnlyTests(BareCluster cluster) : IClassFixture<BareCluster>
{
    [Fact]
    public async Task A_claim_that_cannot_be_made_is_told_until_it_is()
    {
        await using var slipway = await cluster.StartSlipwayAsync(TimeProvider.System);
        var deployed = await Deployed.ApplyAsync(cluster, Spec(), Stage.Loading);
        await deployed.UntilAsync(DeploymentPhase.Deploying);

        var unclaimed = new Unclaimed(cluster, deployed);
        var ready = await unclaimed.IsToldAsync();
        Assert.Equal(ConditionStatus.False, ready.Status);
        Assert.Contains("have its ResourceQuota raised", ready.Message, StringComparison.Ordinal);
        Assert.Contains(Unclaimed.Message, ready.Message, StringComparison.Ordinal);

        await unclaimed.MendAsync();
        await deployed.UntilAsync(static d => Deployed.Condition(d, ConditionTypes.Ready)?.Reason != "ClaimNotCreated", "the claim that is there to be no trouble");
    }

    private static JsonObject Spec() => new()
    {
        ["model"] = new JsonObject { ["id"] = "Qwen/Qwen3-8B" },
        ["engine"] = new JsonObject { ["type"] = "vllm" },
        ["provider"] = new JsonObject { ["name"] = "vllm" },
        ["resources"] = new JsonObject { ["accelerators"] = new JsonObject { ["count"] = 1, ["minMemory"] = "40G" } },
    };
}
