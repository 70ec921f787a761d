using Slipway.Runtimes.Dynamo;
using Slipway.Runtimes.Tests.Harness;

namespace Slipway.Runtimes.Tests.Dynamo;

public sealed class DynamoGoldenTests(UpstreamCluster cluster)
{
    private readonly DynamoRuntime _runtime = new();

    public static TheoryData<string> Cases => Golden.Cases("Dynamo");

    public static TheoryData<string> StatusCases => Golden.StatusCases("Dynamo");

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_deployment_renders_to_what_a_cluster_takes(string name) =>
        await cluster.TakesAsync(Golden.Renders("Dynamo", name, _runtime, Apis(name)));

    [Theory]
    [MemberData(nameof(StatusCases))]
    public void A_status_is_read(string name) => Golden.Reads("Dynamo", name, _runtime);

    private static ClusterApis Apis(string name) => name.StartsWith("alpha-", StringComparison.Ordinal) ? DynamoEveryFieldTests.OldApis : UpstreamCluster.Apis;
}
