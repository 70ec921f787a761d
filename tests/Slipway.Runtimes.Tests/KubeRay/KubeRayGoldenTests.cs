using Slipway.Runtimes.KubeRay;
using Slipway.Runtimes.Tests.Harness;

namespace Slipway.Runtimes.Tests.KubeRay;

public sealed class KubeRayGoldenTests(UpstreamCluster cluster)
{
    private const string Folder = "KubeRay";
    private readonly KubeRayRuntime _runtime = new();

    public static TheoryData<string> Cases => Golden.Cases(Folder);

    public static TheoryData<string> Stages => Golden.StatusCases(Folder);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_deployment_renders_to_what_a_cluster_takes(string name) =>
        await cluster.TakesAsync(Golden.Renders(Folder, name, _runtime, UpstreamCluster.Apis));

    [Theory]
    [MemberData(nameof(Stages))]
    public void A_stage_is_read(string name) => Golden.Reads(Folder, name, _runtime);

    [Fact]
    public void There_are_cases_enough() => Assert.True(Cases.Count >= 15 && Stages.Count >= 15, $"{Cases.Count} cases, {Stages.Count} stages");
}
