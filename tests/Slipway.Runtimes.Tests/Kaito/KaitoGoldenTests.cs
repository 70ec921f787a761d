using Slipway.Runtimes.Kaito;
using Slipway.Runtimes.Tests.Harness;

namespace Slipway.Runtimes.Tests.Kaito;

public sealed class KaitoGoldenTests(UpstreamCluster cluster)
{
    public static TheoryData<string> Cases => Golden.Cases("Kaito");

    public static TheoryData<string> StatusCases => Golden.StatusCases("Kaito");

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_deployment_renders_to_what_a_cluster_takes(string name) =>
        await cluster.TakesAsync(Golden.Renders("Kaito", name, Runtime(name), UpstreamCluster.Apis));

    [Theory]
    [MemberData(nameof(StatusCases))]
    public void A_status_is_read(string name) => Golden.Reads("Kaito", name, Runtime(name));

    // KAITO makes nodes in some clusters and not in others; the name of a case says in which it is.
    private static KaitoRuntime Runtime(string name) => new(
        name.StartsWith("provisioned-", StringComparison.Ordinal)
            ? new KaitoOptions { AutoProvisioning = true, GpuInstanceType = "Standard_NC24ads_A100_v4", CpuInstanceType = "Standard_D8s_v5" }
            : new KaitoOptions());
}
