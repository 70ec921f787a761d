using System.Text;
using System.Text.Json.Nodes;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Integration.Tests.Harness;
using Slipway.Integration.Tests.Troubles;
using Slipway.Simulators;
using Slipway.Testing;

namespace Slipway.Integration.Tests.Runtimes;

/// <summary>A deployment that its namespace's quota or its queue of Kueue holds back, on an API with Kueue's definitions.</summary>
public sealed class QueuesAndQuotasTests(BareCluster cluster) : IClassFixture<BareCluster>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_quota_that_keeps_pods_from_being_made_is_told_until_it_is_raised()
    {
        await using var clock = new Ticking();
        await using var slipway = await cluster.StartSlipwayAsync(clock.Time);
        var deployed = await Deployed.ApplyAsync(cluster, Spec(null), Stage.OperatorGone);
        await QuotaAsync(deployed, 1);
        await deployed.UntilAsync(ConditionTypes.WithinQuota, "QuotaExceeded");
        Assert.Contains("quota team: 0 of 1 requests.nvidia.com/gpu used, this asks for 2", deployed.Last.Status!.Message, StringComparison.Ordinal);
        deployed.Take(Stage.Ready);
        await deployed.UntilAsync(DeploymentPhase.Running);
        await deployed.UntilAsync(static d => Deployed.Condition(d, ConditionTypes.WithinQuota) is null, "no word of a quota");
    }

    [Fact]
    public async Task What_Kueue_says_of_a_deployments_object_is_told_until_it_lets_it_in()
    {
        foreach (var file in Directory.GetFiles(Repository.Shared(Path.Combine("crds", "kueue")), "*.yaml")) await cluster.InstallAsync(Yaml.Read(file).Single());
        await using var clock = new Ticking();
        await using var slipway = await cluster.StartSlipwayAsync(clock.Time);
        var deployed = await Deployed.ApplyAsync(cluster, Spec("gpus"), Stage.OperatorGone);
        await deployed.UntilAsync(ConditionTypes.QueueAdmitted, "QueueMissing");
        await KueueAsync(deployed, "localqueues", "gpus", "LocalQueue", """{"clusterQueue":"team"}""");
        var main = (await deployed.ObjectAsync(ApiKinds.Deployments))!;
        Assert.Equal("gpus", main.Label("kueue.x-k8s.io/queue-name"));
        await KueueAsync(deployed, "workloads", "w", "Workload", """{"queueName":"gpus","podSets":[{"name":"main","count":1,"template":{"spec":{"containers":[{"name":"c","image":"i"}]}}}]}""", main.Identity.Uid);
        await ConditionAsync(deployed, "QuotaReserved", "False", "insufficient unused quota for nvidia.com/gpu in flavor h100, 2 more needed");
        await deployed.UntilAsync(static d => Deployed.Condition(d, ConditionTypes.QueueAdmitted)?.Message.Contains("2 more needed", StringComparison.Ordinal) == true, "Kueue's words");
        Assert.Contains("Kueue has it wait in queue gpus", deployed.Last.Status!.Message, StringComparison.Ordinal);
        await ConditionAsync(deployed, "Admitted", "True", "The workload is admitted");
        await deployed.UntilAsync(static d => Deployed.Condition(d, ConditionTypes.QueueAdmitted) is { Status: ConditionStatus.True }, "it to be let in");
    }

    private static JsonObject Spec(string? queue)
    {
        var spec = new JsonObject
        {
            ["model"] = new JsonObject { ["id"] = "Qwen/Qwen3-8B" },
            ["engine"] = new JsonObject { ["type"] = "vllm" },
            ["provider"] = new JsonObject { ["name"] = "vllm" },
            ["resources"] = new JsonObject { ["gpu"] = new JsonObject { ["count"] = 2 } },
        };
        if (queue is not null) spec["scheduling"] = new JsonObject { ["queueName"] = queue };
        return spec;
    }

    private Task QuotaAsync(Deployed deployed, int gpus) => ApplyAsync(
        $"api/v1/namespaces/{deployed.Key.Namespace}/resourcequotas/team",
        $$$"""{"apiVersion":"v1","kind":"ResourceQuota","metadata":{"name":"team"},"spec":{"hard":{"requests.nvidia.com/gpu":"{{{gpus}}}"} } }""",
        """{"apiVersion":"v1","kind":"ResourceQuota","metadata":{"name":"team"},"status":{"used":{"requests.nvidia.com/gpu":"0"}}}""");

    private Task KueueAsync(Deployed deployed, string plural, string name, string kind, string spec, string? owner = null)
    {
        var owners = owner is null ? "" : $$""","ownerReferences":[{"apiVersion":"apps/v1","kind":"Deployment","name":"{{deployed.Key.Name}}","uid":"{{owner}}"}]""";
        return ApplyAsync(
            $"apis/kueue.x-k8s.io/v1beta2/namespaces/{deployed.Key.Namespace}/{plural}/{name}",
            $$"""{"apiVersion":"kueue.x-k8s.io/v1beta2","kind":"{{kind}}","metadata":{"name":"{{name}}"{{owners}}},"spec":{{spec}}}""", null);
    }

    private Task ConditionAsync(Deployed deployed, string type, string status, string message) => ApplyAsync(
        $"apis/kueue.x-k8s.io/v1beta2/namespaces/{deployed.Key.Namespace}/workloads/w", null,
        $$"""{"apiVersion":"kueue.x-k8s.io/v1beta2","kind":"Workload","metadata":{"name":"w"},"status":{"conditions":[{"type":"{{type}}","status":"{{status}}","reason":"R","message":"{{message}}","lastTransitionTime":"2026-01-01T00:00:00Z"}]} }""");

    private async Task ApplyAsync(string path, string? value, string? status)
    {
        if (value is not null) await cluster.Client.ApplyRawAsync(path, Encoding.UTF8.GetBytes(value), "test", Token);
        if (status is not null) await cluster.Client.ApplyRawAsync($"{path}/status", Encoding.UTF8.GetBytes(status), "test-status", Token);
    }
}
