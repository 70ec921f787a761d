using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Dynamo;
using Slipway.Runtimes.Gangs;
using Slipway.Runtimes.Kaito;
using Slipway.Runtimes.KubeRay;
using Slipway.Runtimes.LlmD;
using Slipway.Runtimes.Tests.Harness;
using Slipway.Runtimes.Vllm;
using Slipway.Testing;

namespace Slipway.Runtimes.Tests.Gangs;

/// <summary>Replicas over several nodes start together or not at all, in each version of Kubernetes and each runtime's own way.</summary>
public sealed class GangTests(UpstreamCluster cluster)
{
    private const string TwoNodes = """{"model":{"id":"org/m"},"engine":{"type":"vllm"},"scaling":{"replicas":2},"resources":{"nodes":2,"gpu":{"count":8}}}""";

    private const string Split = """
        {"model":{"id":"org/m"},"engine":{"type":"vllm"},"serving":{"mode":"disaggregated"},
        "scaling":{"prefill":{"replicas":2,"nodes":2,"gpu":{"count":8}},"decode":{"replicas":1,"nodes":4,"gpu":{"count":8}}}}
        """;

    public static TheoryData<string> Dialects => ["v1alpha2", "v1alpha3", "v1beta1"];

    [Theory]
    [MemberData(nameof(Dialects))]
    public void A_dialect_says_it_in_its_own_words(string version)
    {
        var rendered = new VllmRuntime().Render(Manifest.Of(TwoNodes), In(version));
        Golden.Same(Path.Combine(Repository.Root, "tests", "Slipway.Runtimes.Tests", "Gangs", "Golden", $"vllm-{version}.rendered.yaml"), Yaml.Write(rendered));
    }

    [Theory]
    [InlineData(TwoNodes, "vllm", "LeaderWorkerSet a-group LeaderWorkerSet a-group-r1 Workload a-group PodGroup a-group PodGroup a-group-r1")]
    [InlineData(TwoNodes, "llmd", "LeaderWorkerSet a-group LeaderWorkerSet a-group-r1 Workload a-group PodGroup a-group PodGroup a-group-r1")]
    [InlineData(Split, "llmd", "LeaderWorkerSet a-group LeaderWorkerSet a-prefill Workload a-group PodGroup a-group LeaderWorkerSet a-prefill-r1 Workload a-prefill PodGroup a-prefill PodGroup a-prefill-r1")]
    public async Task Each_replica_has_a_gang_that_all_its_pods_name_and_a_cluster_takes_it(string spec, string runtime, string objects)
    {
        var rendered = Of(runtime).Render(Manifest.Of(spec), In("v1alpha2"));
        await cluster.TakesAsync(rendered);
        var gangs = rendered.Where(o => (string)o["kind"]! is "LeaderWorkerSet" or "Workload" or "PodGroup").ToList();
        Assert.Equal(objects, string.Join(' ', gangs.Select(o => $"{o["kind"]} {Bare((string)o["metadata"]!["name"]!)}")));

        foreach (var set in gangs.Where(o => (string?)o["kind"] == "LeaderWorkerSet"))
        {
            var template = set["spec"]!["leaderWorkerTemplate"]!;
            var groups = new[] { "leaderTemplate", "workerTemplate" }.Select(t => (string?)template[t]!["spec"]!["schedulingGroup"]!["podGroupName"]).Distinct();
            var group = gangs.Single(g => (string?)g["kind"] == "PodGroup" && (string?)g["metadata"]!["name"] == Assert.Single(groups));
            Assert.Equal((int)template["size"]!, (int)group["spec"]!["schedulingPolicy"]!["gang"]!["minCount"]!);
            Assert.Equal(1, (int)set["spec"]!["replicas"]!);
            // The leader does not wait for anything that would wait for it.
            Assert.Equal("LeaderCreated", (string?)set["spec"]!["startupPolicy"]);
            Assert.Contains((string?)group["spec"]!["podGroupTemplateRef"]!["workload"]!["workloadName"], gangs.Where(g => (string?)g["kind"] == "Workload").Select(g => (string?)g["metadata"]!["name"]));
        }
    }

    [Fact]
    public void Another_revision_is_another_gang()
    {
        string Group(string spec) => (string)new VllmRuntime().Render(Manifest.Of(spec), In("v1alpha2")).First(o => (string?)o["kind"] == "PodGroup")["metadata"]!["name"]!;
        Assert.NotEqual(Group(TwoNodes), Group(TwoNodes.Replace("org/m", "org/n", StringComparison.Ordinal)));
        Assert.Equal(Group(TwoNodes), Group(TwoNodes.Replace("\"replicas\":2", "\"replicas\":5", StringComparison.Ordinal)));
    }

    [Fact]
    public void Where_there_are_none_all_is_as_before_and_the_status_says_why()
    {
        var (runtime, deployment) = (new VllmRuntime(), Manifest.Of(TwoNodes));
        var none = UpstreamCluster.Apis with { Gangs = new GangSupport(null, "the cluster serves no gangs") };
        Assert.Equal(Yaml.Write(runtime.Render(deployment, UpstreamCluster.Apis)), Yaml.Write(runtime.Render(deployment, none)));
        Assert.Equal(2, (int)runtime.Render(deployment, none)[0]["spec"]!["replicas"]!);
        Says(runtime, deployment, none, false, "NotServed", "The 2 pods of a replica are scheduled one by one, so that some may hold accelerators and wait for the others: the cluster serves no gangs");
        Says(runtime, deployment, In("v1alpha2"), true, "PodGroup", "The 2 pods of a replica start together or not at all (PodGroup, scheduling.k8s.io/v1alpha2)");
        Says(runtime, deployment, In("v1alpha1"), false, "NotServed", "by which pods name their group in Kubernetes 1.35; upgrade the cluster to 1.36 or later");
        Assert.DoesNotContain(runtime.Render(deployment, In("v1alpha1")), o => (string?)o["kind"] is "PodGroup" or "Workload");
    }

    // Why there is none in 1.35: what makes pods of several nodes has no such field, so that a server refuses it or leaves it out.
    [Theory]
    [InlineData("vllm", "spec leaderWorkerTemplate workerTemplate spec")]
    [InlineData("kuberay", "spec rayClusterConfig headGroupSpec template spec")]
    public async Task Nothing_that_makes_pods_of_several_nodes_hands_on_the_group_of_1_35(string runtime, string path)
    {
        var workload = (runtime == "vllm" ? (IRuntime)new VllmRuntime() : new KubeRayRuntime()).Rendered(Manifest.Of(TwoNodes));
        path.Split(' ').Aggregate((JsonNode)workload, static (at, step) => at[step]!)["workloadRef"] = new JsonObject { ["name"] = "w", ["podGroup"] = "replica" };
        Assert.Contains("workloadRef", (await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(() => cluster.TakesAsync([workload]))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"spec":{"startupPolicy":"LeaderReady"}}""", false, "LeaderReady")]
    [InlineData("""{"metadata":{"annotations":{"leaderworkerset.sigs.k8s.io/exclusive-topology":"topology.kubernetes.io/rack"}}}""", false, "ExclusiveTopology")]
    [InlineData("""{"metadata":{"labels":{"kueue.x-k8s.io/queue-name":"gpus"}}}""", true, "Kueue")]
    public void What_would_wait_for_its_own_gang_or_has_another_has_none(string overrides, bool together, string reason)
    {
        var deployment = Manifest.Of(TwoNodes.Replace("\"engine\"", "\"provider\":{\"overrides\":" + overrides + "},\"engine\"", StringComparison.Ordinal));
        Assert.Equal((together, reason), new VllmRuntime().Gang(deployment, In("v1alpha2")) is { } state ? (state.Together, state.Reason) : default);
        Assert.DoesNotContain(new VllmRuntime().Render(deployment, In("v1alpha2")), o => (string?)o["kind"] == "PodGroup");
    }

    [Fact]
    public void Replicas_that_come_and_go_with_the_load_have_no_gang()
    {
        var deployment = Manifest.Of(TwoNodes.Replace("\"replicas\":2", "\"autoscaling\":{\"maxReplicas\":4}", StringComparison.Ordinal));
        Says(new VllmRuntime(), deployment, In("v1alpha2"), false, "Autoscaled", "set spec.scaling.replicas in place of spec.scaling.autoscaling");
    }

    // The cluster was downgraded: the pods that run stay, and nothing is made that nobody serves.
    [Fact]
    public void What_was_made_a_gang_keeps_its_pods_where_there_are_gangs_no_longer()
    {
        var (runtime, deployment) = (new VllmRuntime(), Manifest.Of(TwoNodes));
        var lost = runtime.Render(deployment, UpstreamCluster.Apis with { Gangs = new GangSupport(null, "gone") { Made = "PodGroup" } });
        Assert.DoesNotContain(lost, o => (string?)o["kind"] is "PodGroup" or "Workload");
        var before = runtime.Render(deployment, In("v1alpha2"));
        Assert.Equal(Sets(before), Sets(lost));
        static string Sets(IEnumerable<JsonObject> objects) => Yaml.Write([.. objects.Where(o => (string?)o["kind"] == "LeaderWorkerSet")]);
    }

    [Theory]
    [InlineData("""{"model":{"id":"org/m"},"engine":{"type":"vllm"},"resources":{"nodes":2,"gpu":{"count":8}}}""", null, "KubeRay", true)]
    [InlineData(TwoNodes, false, "SeveralReplicas", false)]
    public void KubeRay_is_asked_by_its_own_label(string spec, bool? together, string reason, bool label)
    {
        var (runtime, deployment) = ((IRuntime)new KubeRayRuntime(), Manifest.Of(spec));
        Assert.Equal((together, reason), runtime.Gang(deployment, In("v1alpha2")) is { } state ? (state.Together, state.Reason) : default);
        Assert.Equal(label, runtime.Rendered(deployment)["metadata"]!["labels"]!["ray.io/gang-scheduling-enabled"] is not null);
    }

    [Fact]
    public void Dynamo_leaves_it_to_Grove_others_say_that_they_do_not_and_one_pod_is_no_gang()
    {
        var one = Manifest.Of("""{"model":{"id":"org/m"},"engine":{"type":"vllm"},"resources":{"gpu":{"count":8}}}""");
        foreach (var runtime in new IRuntime[] { new VllmRuntime(), new LlmDRuntime(), new KubeRayRuntime(), new DynamoRuntime(), new KaitoRuntime(new KaitoOptions()) }) Assert.Null(runtime.Gang(one, In("v1beta1")));
        Says(new DynamoRuntime(), Manifest.Of(TwoNodes), In("v1beta1"), null, "Grove", "Dynamo leaves it to Grove");
        Says(new KaitoRuntime(new KaitoOptions()), Manifest.Of(TwoNodes), In("v1beta1"), false, "NotSupported", "one by one");
    }

    [Fact]
    public void The_state_of_replicas_that_are_sets_of_their_own_is_that_of_all()
    {
        var (runtime, deployment) = (new VllmRuntime(), Manifest.Of(TwoNodes));
        var objects = runtime.Render(deployment, In("v1alpha2")).Select(o => o.DeepClone()).ToList();
        var sets = objects.Where(o => (string?)o["kind"] == "LeaderWorkerSet").ToList();
        foreach (var set in sets) set["status"] = new JsonObject { ["observedGeneration"] = 1, ["replicas"] = 1, ["readyReplicas"] = 0 };
        sets[1]["status"]!["readyReplicas"] = 1;
        var state = runtime.Read(deployment, Golden.Observe(objects));
        Assert.Equal((DeploymentPhase.Running, 2, 1), (state.Phase, state.Replicas.Desired, state.Replicas.Ready));
        Assert.Contains("1 of 2 replicas", state.Message, StringComparison.Ordinal);
    }

    private static ClusterApis In(string version) => UpstreamCluster.Apis with { Gangs = new GangSupport(GangDialect.All.Single(d => d.Version == version), "") };

    private static void Says(IRuntime runtime, ModelDeployment deployment, ClusterApis apis, bool? together, string reason, string words)
    {
        var state = runtime.Gang(deployment, apis)!;
        Assert.Equal((together, reason), (state.Together, state.Reason));
        Assert.Contains(words, state.Message, StringComparison.Ordinal);
    }

    private static IRuntime Of(string name) => name == "llmd" ? new LlmDRuntime() : new VllmRuntime();

    // Without the digests: of the deployment's name, and of the revision.
    private static string Bare(string name) => System.Text.RegularExpressions.Regex.Replace(name, "-[0-9a-f]{5,8}(?=-|$)", "", System.Text.RegularExpressions.RegexOptions.ExplicitCapture);
}
