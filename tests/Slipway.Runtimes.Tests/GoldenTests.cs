using Slipway.Runtimes.Dynamo;
using Slipway.Runtimes.Kaito;
using Slipway.Runtimes.KubeRay;
using Slipway.Runtimes.LlmD;
using Slipway.Runtimes.Tests.Dynamo;
using Slipway.Runtimes.Tests.Harness;
using Slipway.Runtimes.Vllm;

namespace Slipway.Runtimes.Tests;

/// <summary>Each runtime's folder of deployments and what they render to, and of upstream's objects at each stage and how they are read.</summary>
public sealed class GoldenTests(UpstreamCluster cluster)
{
    private static readonly string[] s_folders = ["Kaito", "Dynamo", "KubeRay", "Vllm", "LlmD"];

    public static TheoryData<string> Folders => [.. s_folders];

    public static TheoryData<string, string> Cases => All(Golden.Cases);

    public static TheoryData<string, string> Stages => All(Golden.StatusCases);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_deployment_renders_to_what_a_cluster_takes(string folder, string name) =>
        await cluster.TakesAsync(Golden.Renders(folder, name, Runtime(folder, name), Apis(name)));

    [Theory]
    [MemberData(nameof(Stages))]
    public void A_stage_is_read(string folder, string name) => Golden.Reads(folder, name, Runtime(folder, name));

    [Theory]
    [MemberData(nameof(Folders))]
    public void There_are_cases_enough(string folder) =>
        Assert.True(Golden.Cases(folder).Count >= 15 && Golden.StatusCases(folder).Count >= 15, $"{Golden.Cases(folder).Count} cases, {Golden.StatusCases(folder).Count} stages");

    private static IRuntime Runtime(string folder, string name) => folder switch
    {
        // KAITO makes nodes in some clusters and not in others; the name of a case says in which it is.
        "Kaito" when name.StartsWith("provisioned-", StringComparison.Ordinal) => new KaitoRuntime(
            new KaitoOptions { AutoProvisioning = true, GpuInstanceType = "Standard_NC24ads_A100_v4", CpuInstanceType = "Standard_D8s_v5" }),
        "Kaito" => new KaitoRuntime(new KaitoOptions()),
        "Dynamo" => new DynamoRuntime(),
        "KubeRay" => new KubeRayRuntime(),
        "Vllm" => new VllmRuntime(),
        "LlmD" => new LlmDRuntime(),
        _ => throw new ArgumentException($"There is no runtime of {folder}.", nameof(folder)),
    };

    // Cases for a cluster that serves Dynamo's older version only.
    private static ClusterApis Apis(string name) => name.StartsWith("alpha-", StringComparison.Ordinal) ? DynamoEveryFieldTests.OldApis : UpstreamCluster.Apis;

    private static TheoryData<string, string> All(Func<string, TheoryData<string>> of)
    {
        var all = new TheoryData<string, string>();
        foreach (var folder in s_folders)
        {
            foreach (var row in of(folder)) all.Add(folder, row.Data);
        }

        return all;
    }
}
