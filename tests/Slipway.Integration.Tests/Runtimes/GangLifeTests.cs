using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Integration.Tests.Harness;
using Slipway.Kubernetes.Objects;
using Slipway.Operator;
using Slipway.Runtimes.Gangs;
using Slipway.Simulators;

namespace Slipway.Integration.Tests.Runtimes;

/// <summary>The gangs of a deployment whose replicas span nodes, from its beginning to its end, on an API that serves them.</summary>
public sealed class GangLifeTests(BareCluster cluster) : IClassFixture<BareCluster>
{
    private static readonly Resource<CachedObject> s_groups = Kinds.Of(GangSupport.Group, "v1alpha2");

    [Fact]
    public async Task Each_replica_has_one_another_revision_has_others_and_none_is_left()
    {
        await using var slipway = await cluster.StartSlipwayAsync(TimeProvider.System);
        var deployed = await Deployed.ApplyAsync(cluster, Spec(2, "1"));
        await deployed.UntilAsync(DeploymentPhase.Running);
        var condition = Deployed.Condition(deployed.Last, ConditionTypes.GangScheduled)!;
        Assert.Equal((ConditionStatus.True, "PodGroup"), (condition.Status, condition.Reason));
        var first = await GroupsAsync(deployed, 2);
        Assert.Equal(first, await NamedAsync(deployed));

        await deployed.ApplyAsync(Spec(3, "1"));
        Assert.Superset(first, await GroupsAsync(deployed, 3));
        await deployed.UntilAsync(d => d.Status!.Replicas?.Desired == 3 && d.Status.Phase is DeploymentPhase.Running, "three replicas");

        await deployed.ApplyAsync(Spec(1, "2"));
        await Wait.UntilAsync(async () => (await NamesAsync(deployed)) is { Count: 1 } now && !now.Overlaps(first), "the groups of the revision before to go");
        Assert.Equal(await GroupsAsync(deployed, 1), await NamedAsync(deployed));

        await deployed.DeleteAsync();
        await deployed.GoneAsync();
        await GroupsAsync(deployed, 0);
    }

    [Fact]
    public async Task A_rack_a_shared_claim_and_giving_way_together_are_the_groups_and_nothing_is_written_twice()
    {
        await using var slipway = await cluster.StartSlipwayAsync(TimeProvider.System);
        var spec = Spec(2, "1");
        spec["scheduling"] = new JsonObject { ["gang"] = "Required", ["topologyKey"] = "topology.kubernetes.io/rack" };
        spec["resources"] = new JsonObject { ["nodes"] = 2, ["accelerators"] = new JsonObject { ["count"] = 8, ["replicaClaimTemplateName"] = "fabric" } };
        var deployed = await Deployed.ApplyAsync(cluster, spec);
        await deployed.UntilAsync(DeploymentPhase.Running);
        await GroupsAsync(deployed, 2);
        var groups = await cluster.Client.ListAsync(s_groups, deployed.Key.Namespace, CancellationToken.None);
        Assert.All(groups, static g => Assert.Equal(
            """[{"key":"topology.kubernetes.io/rack"}] "PodGroup" [{"name":"replica","resourceClaimTemplateName":"fabric"}]""",
            $"{Field(g, "schedulingConstraints").GetProperty("topology").GetRawText()} {Field(g, "disruptionMode").GetRawText()} {Field(g, "resourceClaims").GetRawText()}"));

        // A replica more: the others are as they were.
        spec["scaling"] = new JsonObject { ["replicas"] = 3 };
        await deployed.ApplyAsync(spec);
        await GroupsAsync(deployed, 3);
        await deployed.UntilAsync(static d => d.Status!.Replicas?.Desired == 3 && d.Status.Phase is DeploymentPhase.Running, "three replicas");
        var after = (await cluster.Client.ListAsync(s_groups, deployed.Key.Namespace, CancellationToken.None)).ToDictionary(g => g.Identity.Key, g => g.Identity.ResourceVersion);
        Assert.All(groups, g => Assert.Equal(g.Identity.ResourceVersion, after[g.Identity.Key]));

        static JsonElement Field(CachedObject group, string field) => group.Json.GetProperty("spec").GetProperty(field);
    }

    private static JsonObject Spec(int replicas, string revision) => new()
    {
        ["model"] = new JsonObject { ["id"] = "Qwen/Qwen3-8B" },
        ["engine"] = new JsonObject { ["type"] = "vllm" },
        ["provider"] = new JsonObject { ["name"] = "vllm" },
        ["resources"] = new JsonObject { ["nodes"] = 2, ["gpu"] = new JsonObject { ["count"] = 8 } },
        ["scaling"] = new JsonObject { ["replicas"] = replicas },
        ["env"] = new JsonArray(new JsonObject { ["name"] = "REVISION", ["value"] = revision }),
    };

    private async Task<HashSet<string>> GroupsAsync(Deployed deployed, int count)
    {
        await Wait.UntilAsync(async () => (await NamesAsync(deployed)).Count == count, $"{count} groups");
        return await NamesAsync(deployed);
    }

    private async Task<HashSet<string>> NamesAsync(Deployed deployed) =>
        [.. (await cluster.Client.ListAsync(s_groups, deployed.Key.Namespace, CancellationToken.None)).Select(g => g.Identity.Key.Name)];

    // By the pods' templates.
    private async Task<HashSet<string>> NamedAsync(Deployed deployed) =>
        [.. (await cluster.Client.ListAsync(ApiKinds.LeaderWorkerSets, deployed.Key.Namespace, CancellationToken.None)).SelectMany(s => Groups(s.Json))];

    private static IEnumerable<string> Groups(JsonElement set) => ((string[])["leaderTemplate", "workerTemplate"]).Select(
        t => set.GetProperty("spec").GetProperty("leaderWorkerTemplate").GetProperty(t).GetProperty("spec").GetProperty("schedulingGroup").GetProperty("podGroupName").GetString()!);
}
