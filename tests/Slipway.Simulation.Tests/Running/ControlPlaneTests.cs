using System.Text.Json.Nodes;

namespace Slipway.Simulation.Tests.Running;

/// <summary>What becomes of objects in a simulated cluster, seen through its API.</summary>
public sealed class ControlPlaneTests(SimulatedCluster cluster) : IClassFixture<SimulatedCluster>
{
    private const string Template = """{"apiVersion":"resource.k8s.io/v1","kind":"ResourceClaimTemplate","metadata":{"name":"gpus"},"spec":{"spec":{"devices":{"requests":[{"name":"gpu","exactly":{"deviceClassName":"gpu.nvidia.com","count":COUNT}}]}}}}""";

    [Fact]
    public async Task A_deployment_comes_is_changed_pod_by_pod_and_goes_and_its_devices_with_it()
    {
        var ns = await cluster.NamespaceAsync();
        await TemplateAsync(ns, 2);
        await DeploymentAsync(ns, 2, "1");
        var first = await cluster.UntilAsync(Kinds.Pods, ns, static p => p.Count == 2 && p.All(IsReady));
        Assert.All(first, static p => Assert.StartsWith("h100-", (string?)p["spec"]!["nodeName"], StringComparison.Ordinal));
        await cluster.UntilAsync(Kinds.Deployments, ns, static d => (int?)d[0]["status"]?["availableReplicas"] == 2);
        await cluster.UntilAsync(Kinds.Claims, ns, static c => c.Count == 2 && c.All(IsAllocated));

        await DeploymentAsync(ns, 3, "2");
        await cluster.UntilAsync(Kinds.Pods, ns, p => p.Count == 3 && p.All(IsReady) && !p.Any(n => first.Any(f => Name(f) == Name(n))));
        await cluster.UntilAsync(Kinds.Claims, ns, static c => c.Count == 3 && c.All(IsAllocated));

        await cluster.Client.DeleteAsync(Kinds.Deployments, new(ns, "d"), CancellationToken.None);
        await cluster.UntilAsync(Kinds.Pods, ns, static p => p.Count == 0);
        await cluster.UntilAsync(Kinds.Claims, ns, static c => c.Count == 0);
    }

    [Fact]
    public async Task What_waits_says_why_in_its_condition_and_in_an_event()
    {
        var ns = await cluster.NamespaceAsync();
        await TemplateAsync(ns, 9);
        await DeploymentAsync(ns, 1, "1");
        var pods = await cluster.UntilAsync(Kinds.Pods, ns, static p => p.Count == 1 && Condition(p[0], "PodScheduled") is { } c && ((string?)c["message"])!.Contains("cannot allocate", StringComparison.Ordinal));
        Assert.Equal(("False", "Unschedulable", "0/12 nodes are available: 12 cannot allocate all claims."), ((string?)Condition(pods[0], "PodScheduled")!["status"], (string?)Condition(pods[0], "PodScheduled")!["reason"], (string?)Condition(pods[0], "PodScheduled")!["message"]));
        await cluster.UntilAsync(Kinds.Events, ns, static e => e.Any(static x => (string?)x["reason"] == "FailedScheduling"));
        Assert.Equal("ReplicaSetUpdated", (string?)Condition((await cluster.UntilAsync(Kinds.Deployments, ns, static d => d[0]["status"]?["conditions"] is not null))[0], "Progressing")!["reason"]);
    }

    [Fact]
    public async Task A_template_that_is_missing_is_told_and_waited_for()
    {
        var ns = await cluster.NamespaceAsync();
        await DeploymentAsync(ns, 1, "1");
        var events = await cluster.UntilAsync(Kinds.Events, ns, static e => e.Any(static x => (string?)x["reason"] == "FailedResourceClaimCreation"));
        Assert.Contains(events, static e => ((string?)e["message"])!.Contains("resource claim template \"gpus\"", StringComparison.Ordinal));
        await TemplateAsync(ns, 1);
        await cluster.UntilAsync(Kinds.Pods, ns, static p => p.Count == 1 && IsReady(p[0]));
    }

    [Fact]
    public async Task Replicas_over_several_nodes_start_together_and_are_replaced_as_wholes()
    {
        var ns = await cluster.NamespaceAsync();
        await TemplateAsync(ns, 8);
        await GroupAsync(ns, 2);
        await LeaderWorkerSetAsync(ns, 2);
        var pods = await cluster.UntilAsync(Kinds.Pods, ns, static p => p.Count == 2 && p.All(IsReady));
        Assert.Equal(["l-0", "l-0-1"], pods.Select(Name).Order());
        Assert.Equal(2, pods.Select(static p => (string?)p["spec"]!["nodeName"]).Distinct().Count());
        Assert.Equal("l-0.l." + ns, (string?)pods[0]["spec"]!["containers"]![0]!["env"]!.AsArray().Single(static v => (string?)v!["name"] == "LWS_LEADER_ADDRESS")!["value"]);
        await cluster.UntilAsync(Kinds.LeaderWorkerSets, ns, static l => (int?)l[0]["status"]?["readyReplicas"] == 1);
        Assert.Equal("True", (string?)Condition((await cluster.UntilAsync(Kinds.Groups, ns, static g => Condition(g[0], "PodGroupScheduled") is not null))[0], "PodGroupScheduled")!["status"]);

        await cluster.Client.DeleteAsync(Kinds.Pods, new(ns, "l-0-1"), CancellationToken.None);
        await cluster.UntilAsync(Kinds.Pods, ns, p => p.Count == 2 && p.All(IsReady) && !p.Any(n => pods.Any(o => (string?)o["metadata"]!["uid"] == (string?)n["metadata"]!["uid"])));
    }

    [Fact]
    public async Task An_ordered_set_and_a_gang_wait_for_each_other_and_a_parallel_one_starts()
    {
        var ns = await cluster.NamespaceAsync();
        await TemplateAsync(ns, 1);
        await GroupAsync(ns, 2);
        await StatefulSetAsync(ns, "OrderedReady", """,{"metadata":{"name":"v"},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}""");
        await cluster.UntilAsync(Kinds.Claims, ns, static c => c.Count == 1);
        Assert.Single(await cluster.UntilAsync(Kinds.Pods, ns, static p => p.Count == 1 && p[0]["spec"]!["nodeName"] is null));
        await cluster.Client.DeleteAsync(Kinds.StatefulSets, new(ns, "s"), CancellationToken.None);
        await cluster.UntilAsync(Kinds.Pods, ns, static p => p.Count == 0);
        await StatefulSetAsync(ns, "Parallel", """,{"metadata":{"name":"v"},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}""");
        await cluster.UntilAsync(Kinds.Pods, ns, static p => p.Count == 2 && p.All(IsReady));
        await cluster.UntilAsync(Kinds.Volumes, ns, static v => v.Count == 2 && v.All(static x => (string?)x["status"]!["phase"] == "Bound"));
    }

    [Fact]
    public async Task A_monitor_sees_all_devices_of_each_node_and_takes_none()
    {
        var ns = await cluster.NamespaceAsync("""{"resource.kubernetes.io/admin-access":"true"}""");
        await cluster.ApplyAsync($"apis/resource.k8s.io/v1/namespaces/{ns}/resourceclaimtemplates/gpus", Template.Replace("\"count\":COUNT", "\"allocationMode\":\"All\",\"adminAccess\":true", StringComparison.Ordinal));
        await cluster.ApplyAsync($"apis/apps/v1/namespaces/{ns}/daemonsets/m", $$$$$$"""{"apiVersion":"apps/v1","kind":"DaemonSet","metadata":{"name":"m"},"spec":{"selector":{"matchLabels":{"app":"x"}},"template":{{{{{{PodTemplate("1", "")}}}}}}}}""");
        var pods = await cluster.UntilAsync(Kinds.Pods, ns, static p => p.Count == 12 && p.All(IsReady));
        Assert.Equal(12, pods.Select(static p => (string?)p["spec"]!["nodeName"]).Distinct().Count());
        var claims = await cluster.UntilAsync(Kinds.Claims, ns, static c => c.Count == 12 && c.All(IsAllocated));
        Assert.All(claims, static c => Assert.Equal(8, c["status"]!["allocation"]!["devices"]!["results"]!.AsArray().Count));
        await cluster.UntilAsync(Kinds.DaemonSets, ns, static d => (int?)d[0]["status"]?["numberReady"] == 12);
    }

    [Fact]
    public async Task A_job_succeeds_and_gives_back_what_it_had()
    {
        var ns = await cluster.NamespaceAsync();
        await TemplateAsync(ns, 1);
        await cluster.ApplyAsync($"apis/batch/v1/namespaces/{ns}/jobs/j", $$$$$$"""{"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"j"},"spec":{"template":{{{{{{PodTemplate("1", "", ",\"restartPolicy\":\"Never\"").Replace("\"labels\":{\"app\":\"x\"}", "", StringComparison.Ordinal)}}}}}}}}""");
        var jobs = await cluster.UntilAsync(Kinds.Jobs, ns, static j => Condition(j[0], "Complete") is not null);
        Assert.Equal(1, (int?)jobs[0]["status"]!["succeeded"]);
        await cluster.UntilAsync(Kinds.Claims, ns, static c => c.Count == 0);
    }

    [Fact]
    public async Task An_extended_resource_becomes_a_claim_of_the_scheduler()
    {
        var ns = await cluster.NamespaceAsync();
        await cluster.ApplyAsync($"api/v1/namespaces/{ns}/pods/p", """{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"x","resources":{"limits":{"nvidia.com/gpu":"2"}}}]}}""");
        var pod = (await cluster.UntilAsync(Kinds.Pods, ns, static p => IsReady(p[0])))[0];
        var claim = Assert.Single(await cluster.UntilAsync(Kinds.Claims, ns, static c => c.Count == 1 && IsAllocated(c[0])));
        Assert.StartsWith("p-extended-resources-", Name(claim), StringComparison.Ordinal);
        Assert.Equal(Name(claim), (string?)pod["status"]!["extendedResourceClaimStatus"]!["resourceClaimName"]);
        await cluster.Client.DeleteAsync(Kinds.Pods, new(ns, "p"), CancellationToken.None);
        await cluster.UntilAsync(Kinds.Claims, ns, static c => c.Count == 0);
    }

    private Task TemplateAsync(string ns, int count) =>
        cluster.ApplyAsync($"apis/resource.k8s.io/v1/namespaces/{ns}/resourceclaimtemplates/gpus", Template.Replace("COUNT", $"{count}", StringComparison.Ordinal));

    private Task GroupAsync(string ns, int least) =>
        cluster.ApplyAsync($"apis/scheduling.k8s.io/v1alpha2/namespaces/{ns}/podgroups/g", $$$$$$"""{"apiVersion":"scheduling.k8s.io/v1alpha2","kind":"PodGroup","metadata":{"name":"g"},"spec":{"schedulingPolicy":{"gang":{"minCount":{{{{{{least}}}}}}}}}}""");

    private Task DeploymentAsync(string ns, int replicas, string revision) =>
        cluster.ApplyAsync($"apis/apps/v1/namespaces/{ns}/deployments/d", $$$$$$"""{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"d"},"spec":{"replicas":{{{{{{replicas}}}}}},"selector":{"matchLabels":{"app":"x"}},"template":{{{{{{PodTemplate(revision, "")}}}}}}}}""");

    private Task StatefulSetAsync(string ns, string policy, string volumes) => cluster.ApplyAsync(
        $"apis/apps/v1/namespaces/{ns}/statefulsets/s",
        $$$$$$"""{"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"s"},"spec":{"serviceName":"s","replicas":2,"podManagementPolicy":"{{{{{{policy}}}}}}","selector":{"matchLabels":{"app":"x"}},"volumeClaimTemplates":[{{{{{{volumes.TrimStart(',')}}}}}}],"template":{{{{{{PodTemplate("1", ",\"schedulingGroup\":{\"podGroupName\":\"g\"}")}}}}}}}}""");

    private Task LeaderWorkerSetAsync(string ns, int size) => cluster.ApplyAsync(
        $"apis/leaderworkerset.x-k8s.io/v1/namespaces/{ns}/leaderworkersets/l",
        $$$$$$"""{"apiVersion":"leaderworkerset.x-k8s.io/v1","kind":"LeaderWorkerSet","metadata":{"name":"l"},"spec":{"replicas":1,"leaderWorkerTemplate":{"restartPolicy":"RecreateGroupOnPodRestart","size":{{{{{{size}}}}}},"workerTemplate":{{{{{{PodTemplate("1", ",\"schedulingGroup\":{\"podGroupName\":\"g\"}")}}}}}}}}}""");

    private static string PodTemplate(string revision, string spec, string more = "") =>
        $$$$$$"""{"metadata":{"labels":{"app":"x"}},"spec":{"containers":[{"name":"c","image":"x","env":[{"name":"REVISION","value":"{{{{{{revision}}}}}}"}],"resources":{"requests":{"cpu":"1"},"claims":[{"name":"gpus"}]}}],"resourceClaims":[{"name":"gpus","resourceClaimTemplateName":"gpus"}]{{{{{{spec}}}}}}{{{{{{more}}}}}}}}""";

    private static bool IsReady(JsonNode pod) => (string?)Condition(pod, "Ready")?["status"] == "True";

    private static bool IsAllocated(JsonNode claim) => claim["status"]?["allocation"] is not null;

    private static JsonNode? Condition(JsonNode value, string type) => value["status"]?["conditions"]?.AsArray().FirstOrDefault(c => (string?)c!["type"] == type);

    private static string Name(JsonNode value) => (string)value["metadata"]!["name"]!;
}
