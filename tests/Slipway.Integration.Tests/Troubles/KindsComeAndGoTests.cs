using Slipway.Api.ModelDeployments;
using Slipway.Integration.Tests.Harness;
using Slipway.Integration.Tests.Runtimes;
using Slipway.Kubernetes.Objects;
using Slipway.Operator.Upstream;
using Slipway.Simulators;
using Slipway.Testing;

namespace Slipway.Integration.Tests.Troubles;

/// <summary>An operator is removed with its definitions while Slipway runs, and is installed again.</summary>
public sealed class KindsComeAndGoTests(BareCluster cluster) : IClassFixture<BareCluster>
{
    private static readonly NamespacedName s_graphs = new("", "dynamographdeployments.nvidia.com");

    [Fact]
    public async Task A_deployment_says_what_is_missing_and_runs_again_once_it_is_back()
    {
        await using var ticking = new Ticking();
        await using var slipway = await cluster.StartSlipwayAsync(ticking.Time);
        var test = RuntimeCase.All.First(c => c.Name == "dynamo");
        var (running, other) = (await Deployed.ApplyAsync(cluster, test.Spec), await Deployed.ApplyAsync(cluster, RuntimeCase.All.First(c => c.Name == "kaito").Spec));
        await running.UntilAsync(DeploymentPhase.Running);
        await other.UntilAsync(DeploymentPhase.Running);

        await cluster.Client.DeleteAsync(Definition.Resource, s_graphs, CancellationToken.None);
        await running.UntilAsync(ConditionTypes.Ready, "UpstreamMissing");
        var late = await Deployed.ApplyAsync(cluster, test.Spec);
        await late.UntilAsync(DeploymentPhase.Pending);
        await other.UntilAsync(DeploymentPhase.Running);
        await Wait.UntilAsync(async () => await cluster.Client.GetAsync(Definition.Resource, s_graphs, CancellationToken.None) is null, "the definition to be gone");

        var definition = Directory.GetFiles(Repository.Shared("crds/dynamo"), "*.yaml").Select(f => Yaml.Read(f).Single()).Single(d => (string?)d["metadata"]!["name"] == s_graphs.Name);
        await cluster.InstallAsync(definition);
        await running.UntilAsync(DeploymentPhase.Running);
        await late.UntilAsync(DeploymentPhase.Running);
        Assert.Single(await cluster.Client.ListAsync(ApiKinds.DynamoGraphs, running.Key.Namespace, CancellationToken.None));
    }
}
