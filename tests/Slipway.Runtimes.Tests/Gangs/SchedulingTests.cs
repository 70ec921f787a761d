using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Dynamo;
using Slipway.Runtimes.Gangs;
using Slipway.Runtimes.Kaito;
using Slipway.Runtimes.KubeRay;
using Slipway.Runtimes.LlmD;
using Slipway.Runtimes.Local;
using Slipway.Runtimes.Tests.Harness;
using Slipway.Runtimes.Vllm;

namespace Slipway.Runtimes.Tests.Gangs;

/// <summary>What a manifest asks of gangs: whether there must be one, where, with which claim; where the cluster cannot, that is said.</summary>
public sealed class SchedulingTests
{
    private const string Rack = "topology.kubernetes.io/rack";
    private const string Exclusive = "leaderworkerset.sigs.k8s.io/exclusive-topology";

    private readonly VllmRuntime _runtime = new();

    [Fact]
    public void A_rack_is_the_gangs_own_where_the_cluster_keeps_it()
    {
        var rendered = _runtime.Render(Of(scheduling: Racks), In(GangFields.Topology));
        Assert.All(rendered.Where(static o => (string?)o["kind"] == "PodGroup"), static g => Assert.Equal(Rack, (string?)g["spec"]!["schedulingConstraints"]!["topology"]![0]!["key"]));
        Assert.Equal(Rack, (string?)rendered.Single(static o => (string?)o["kind"] == "Workload")["spec"]!["podGroupTemplates"]![0]!["schedulingConstraints"]!["topology"]![0]!["key"]);
        Assert.Null(rendered[0]["metadata"]!["annotations"]![Exclusive]);
        Says(Of(scheduling: Racks), In(GangFields.Topology), true, "PodGroup", $"start together or not at all, within one {Rack} (PodGroup");
    }

    [Theory]
    [InlineData("v1alpha2", "", "NoTopology", "turn on the feature gate TopologyAwareWorkloadScheduling")]
    [InlineData(null, "", "NotServed", "there are none")]
    [InlineData("v1alpha1", "", "NotServed", "upgrade the cluster to 1.36 or later")]
    [InlineData("v1alpha2", "\"gang\":\"Never\",", "NotWanted", "spec.scheduling.gang is Never")]
    public void Elsewhere_each_replica_has_a_rack_for_itself_and_the_status_says_so(string? version, string gang, string reason, string why)
    {
        var deployment = Of(scheduling: Racks.Replace("{", "{" + gang, StringComparison.Ordinal));
        var rendered = _runtime.Render(deployment, In(GangFields.None, version));
        Assert.Equal(Rack, (string?)rendered[0]["metadata"]!["annotations"]![Exclusive]);
        Assert.Equal(2, (int)rendered[0]["spec"]!["replicas"]!);
        Assert.DoesNotContain(rendered, static o => (string?)o["kind"] is "PodGroup" or "Workload");
        Says(deployment, In(GangFields.None, version), false, reason, why, $"Each replica has a {Rack} for itself");
        // LeaderWorkerSet makes no pod anew for it: it is made anew itself.
        Assert.NotEqual(rendered[0].Identity(), _runtime.Render(Of(), In(GangFields.None, version))[0].Identity());
    }

    [Fact]
    public void Another_rack_is_another_gang() => Assert.NotEqual(
        Group(_runtime.Render(Of(scheduling: Racks), In(GangFields.All))), Group(_runtime.Render(Of(scheduling: """{"topologyKey":"zone"}"""), In(GangFields.All))));

    [Theory]
    [InlineData("""{"metadata":{"labels":{"kueue.x-k8s.io/queue-name":"q"}}}""", "podset-required-topology")]
    [InlineData("""{"metadata":{"annotations":{"leaderworkerset.sigs.k8s.io/exclusive-topology":"zone"}}}""", "two things of one place")]
    public void A_place_is_said_once(string overrides, string why)
    {
        var deployment = Of(Racks, ",\"provider\":{\"overrides\":" + overrides + "}");
        var refused = _runtime.Refusal(deployment, "spec.scheduling.topologyKey");
        Assert.True(refused?.Blocking);
        Assert.Contains(why, refused!.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Never_is_no_gang()
    {
        var deployment = Of(scheduling: """{"gang":"Never"}""");
        Assert.DoesNotContain(_runtime.Render(deployment, In(GangFields.All)), static o => (string?)o["kind"] is "PodGroup" or "Workload");
        Says(deployment, In(GangFields.All), false, "NotWanted", "spec.scheduling.gang is Never");
    }

    [Fact]
    public void Required_waits_where_there_are_none_and_only_there()
    {
        var deployment = Of(scheduling: """{"gang":"Required"}""");
        Assert.Null(_runtime.Gang(deployment, In(GangFields.None))!.Waits);
        Assert.EndsWith("there are none. It waits, since spec.scheduling.gang is Required", _runtime.Gang(deployment, In(GangFields.None, null))!.Waits, StringComparison.Ordinal);
        Assert.Null(_runtime.Gang(Of(), In(GangFields.None, null))!.Waits);
    }

    [Fact]
    public void Pods_give_way_together_and_are_as_important_as_their_gang_where_the_cluster_keeps_it()
    {
        JsonNode Spec(string version, GangFields kept) => _runtime.Render(Of(further: ""","priorityClassName":"high" """), In(kept, version)).First(static o => (string?)o["kind"] == "PodGroup")["spec"]!;
        Assert.Equal("PodGroup", (string?)Spec("v1alpha2", GangFields.All)["disruptionMode"]);
        Assert.Equal("""{"all":{}}""", Spec("v1beta1", GangFields.All)["disruptionMode"]!.ToJsonString());
        Assert.Equal("high", (string?)Spec("v1beta1", GangFields.Priority)["priorityClassName"]);
        Assert.Null(Spec("v1beta1", GangFields.Priority)["disruptionMode"]);
        Assert.Null(Spec("v1beta1", GangFields.Disruption)["priorityClassName"]);
    }

    [Fact]
    public void The_pods_of_a_replica_share_a_claim_of_their_gang()
    {
        var rendered = _runtime.Render(Shared, In(GangFields.Claims));
        var entry = """{"name":"replica","resourceClaimTemplateName":"fabric"}""";
        Assert.All(rendered.Where(static o => (string?)o["kind"] == "PodGroup"), g => Assert.Equal(entry, Assert.Single(g["spec"]!["resourceClaims"]!.AsArray())!.ToJsonString()));
        foreach (var template in (string[])["leaderTemplate", "workerTemplate"])
        {
            var pod = rendered[0]["spec"]!["leaderWorkerTemplate"]![template]!["spec"]!;
            // The same entry, or a claim is made for the pod alone.
            Assert.Equal(entry, pod["resourceClaims"]!.AsArray().Last()!.ToJsonString());
            Assert.Equal(["accelerators", "replica"], pod["containers"]![0]!["resources"]!["claims"]!.AsArray().Select(static c => (string?)c!["name"]));
        }

        Assert.Null(_runtime.Gang(Shared, In(GangFields.Claims))!.Waits);
    }

    [Theory]
    [InlineData("v1alpha2", "turn on the feature gate DRAWorkloadResourceClaims")]
    [InlineData(null, "there are none")]
    public void It_waits_where_each_pod_would_have_a_claim_of_its_own(string? version, string why)
    {
        var waits = _runtime.Gang(Shared, In(GangFields.Topology, version))!.Waits!;
        Assert.StartsWith("A claim by the template fabric cannot be shared by the pods of a replica, as spec.resources.accelerators.replicaClaimTemplateName asks", waits, StringComparison.Ordinal);
        Assert.Contains(why, waits, StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_of_devices_may_stand_beside_a_shared_claim()
    {
        var deployment = Manifest.Of("""{"model":{"id":"org/m"},"engine":{"type":"vllm"},"resources":{"nodes":2,"accelerators":{"count":8,"replicaClaimTemplateName":"fabric"}}}""");
        var container = _runtime.Render(deployment, In(GangFields.Claims))[0]["spec"]!["leaderWorkerTemplate"]!["workerTemplate"]!["spec"]!["containers"]![0]!;
        Assert.Equal("8", (string?)container["resources"]!["limits"]!["nvidia.com/gpu"]);
        Assert.Equal("replica", (string?)Assert.Single(container["resources"]!["claims"]!.AsArray())!["name"]);
    }

    public static TheoryData<string, string, bool?> Others => new()
    {
        // True: refused. False: named. Null: honoured.
        { "kuberay", "\"scheduling\":{\"gang\":\"Required\"}", true },
        { "kuberay", "\"scheduling\":{\"gang\":\"Never\"}", null },
        { "kuberay", "\"scheduling\":{\"topologyKey\":\"rack\"}", true },
        { "dynamo", "\"scheduling\":{\"gang\":\"Required\"}", true },
        { "dynamo", "\"scheduling\":{\"gang\":\"Never\"}", true },
        { "dynamo", "\"scheduling\":{\"topologyKey\":\"rack\"}", true },
        { "kaito", "\"scheduling\":{\"gang\":\"Required\"}", true },
        { "kaito", "\"scheduling\":{\"gang\":\"Never\"}", false },
        { "kaito", "\"scheduling\":{\"topologyKey\":\"rack\"}", true },
        { "local", "\"scheduling\":{\"gang\":\"Required\"}", false },
        { "local", "\"scheduling\":{\"topologyKey\":\"rack\"}", false },
    };

    [Theory]
    [MemberData(nameof(Others))]
    public void Other_runtimes_honour_it_or_name_it(string name, string scheduling, bool? refused)
    {
        IRuntime runtime = name switch { "kuberay" => new KubeRayRuntime(), "dynamo" => new DynamoRuntime(), "kaito" => new KaitoRuntime(), _ => new LocalRuntime() };
        var deployment = Manifest.Of("""{"model":{"id":"org/m"},"engine":{"type":"vllm"},"resources":{"nodes":2,"gpu":{"count":8}},""" + scheduling + "}");
        Assert.Equal(refused, runtime.Unsupported(deployment).FirstOrDefault(static f => f.Path.StartsWith("spec.scheduling", StringComparison.Ordinal))?.Blocking);
        if (name == "kuberay" && refused is null) Assert.Null(runtime.Rendered(deployment)["metadata"]!["labels"]!["ray.io/gang-scheduling-enabled"]);
    }

    // Prefill and decode are independent: one that runs is of use to the others, whichever comes first.
    [Fact]
    public void Each_role_has_gangs_of_its_own_and_one_pod_replicas_have_none()
    {
        var deployment = Manifest.Of("""
            {"model":{"id":"org/m"},"engine":{"type":"vllm"},"serving":{"mode":"disaggregated"},"scheduling":{"topologyKey":"topology.kubernetes.io/rack"},
            "scaling":{"prefill":{"replicas":2,"nodes":2,"gpu":{"count":8}},"decode":{"replicas":2,"nodes":4,"accelerators":{"count":8,"replicaClaimTemplateName":"fabric"}}}}
            """);
        var rendered = new LlmDRuntime().Render(deployment, In(GangFields.All));
        var groups = rendered.Where(static o => (string?)o["kind"] == "PodGroup").ToList();
        Assert.Equal([4, 4, 2, 2], groups.Select(static g => (int)g["spec"]!["schedulingPolicy"]!["gang"]!["minCount"]!));
        Assert.Equal(2, groups.Select(static g => (string?)g["spec"]!["podGroupTemplateRef"]!["workload"]!["workloadName"]).Distinct().Count());
        Assert.Equal([true, true, false, false], groups.Select(static g => g["spec"]!["resourceClaims"] is not null));
        Assert.All(groups, static g => Assert.Equal(Rack, (string?)g["spec"]!["schedulingConstraints"]!["topology"]![0]!["key"]));

        var one = Manifest.Of("""
            {"model":{"id":"org/m"},"engine":{"type":"vllm"},"serving":{"mode":"disaggregated"},"scheduling":{"gang":"Required"},
            "scaling":{"prefill":{"replicas":2,"gpu":{"count":8}},"decode":{"replicas":1,"nodes":2,"gpu":{"count":8}}}}
            """);
        Assert.Single(new LlmDRuntime().Render(one, In(GangFields.None)), static o => (string?)o["kind"] == "PodGroup");
        Assert.Null(new LlmDRuntime().Gang(one, In(GangFields.None))!.Waits);
        Assert.NotNull(new LlmDRuntime().Gang(one, In(GangFields.None, null))!.Waits);
    }

    private const string Racks = "{\"topologyKey\":\"topology.kubernetes.io/rack\"}";

    private static ModelDeployment Shared => Manifest.Of("""
        {"model":{"id":"org/m"},"engine":{"type":"vllm"},"scaling":{"replicas":2},"resources":{"nodes":2,"accelerators":{"count":8,"minMemory":"140G","replicaClaimTemplateName":"fabric"}}}
        """);

    private static ModelDeployment Of(string scheduling = "{}", string further = "") =>
        Manifest.Of("""{"model":{"id":"org/m"},"engine":{"type":"vllm"},"scaling":{"replicas":2},"resources":{"nodes":2,"gpu":{"count":8}},"scheduling":""" + scheduling + further + "}");

    private static ClusterApis In(GangFields kept, string? version = "v1alpha2") =>
        UpstreamCluster.Apis with { Gangs = new GangSupport(GangDialect.All.FirstOrDefault(d => d.Version == version), version is null ? "there are none" : "") { Fields = kept } };

    private static string Group(IEnumerable<JsonObject> rendered) => (string)rendered.First(static o => (string?)o["kind"] == "PodGroup")["metadata"]!["name"]!;

    private void Says(ModelDeployment deployment, ClusterApis apis, bool? together, string reason, params string[] words)
    {
        var state = _runtime.Gang(deployment, apis)!;
        Assert.Equal((together, reason), (state.Together, state.Reason));
        Assert.All(words, w => Assert.Contains(w, state.Message, StringComparison.Ordinal));
    }
}
