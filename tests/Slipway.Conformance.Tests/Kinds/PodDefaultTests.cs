using System.Net;
using Slipway.Conformance.Tests.Harness;

namespace Slipway.Conformance.Tests.Kinds;

/// <summary>What a server adds to pods.</summary>
public sealed class PodDefaultTests(TestServer server)
{
    [Theory]
    [InlineData("{}", "BestEffort")]
    [InlineData("""{"limits":{"nvidia.com/gpu":1}}""", "BestEffort")]
    [InlineData("""{"requests":{"cpu":"100m"}}""", "Burstable")]
    [InlineData("""{"limits":{"cpu":"1"}}""", "Burstable")]
    [InlineData("""{"limits":{"cpu":"1","memory":"1Gi"},"requests":{"cpu":"500m"}}""", "Burstable")]
    [InlineData("""{"limits":{"cpu":"1","memory":"1Gi"}}""", "Guaranteed")]
    [InlineData("""{"limits":{"cpu":1,"memory":"1Gi"},"requests":{"cpu":"1000m","memory":"1024Mi"}}""", "Guaranteed")]
    public async Task The_quality_of_service_follows_from_the_resources(string resources, string quality)
    {
        var made = await CreateAsync($$"""{"containers":[{"name":"c","image":"i:1","resources":{{resources}} }]}""");

        Assert.Equal(quality, made.Text("status.qosClass"));
        Assert.Equal("Pending", made.Text("status.phase"));
    }

    [Theory]
    [InlineData("cpu", "\"0.1\"", "100m")]
    [InlineData("cpu", "\"1.5\"", "1500m")]
    [InlineData("cpu", "\"1000m\"", "1")]
    [InlineData("cpu", "\"100u\"", "1m")]
    [InlineData("cpu", "2", "2")]
    [InlineData("memory", "\"2048Ki\"", "2Mi")]
    [InlineData("memory", "\"1.5Gi\"", "1536Mi")]
    [InlineData("memory", "\"0.5Ki\"", "512")]
    [InlineData("memory", "\"1000\"", "1k")]
    [InlineData("memory", "\"123456789\"", "123456789")]
    [InlineData("memory", "\"1e3\"", "1e3")]
    [InlineData("memory", "\"12e-1\"", "1200e-3")]
    public async Task Amounts_are_shown_in_one_form_and_limits_are_requested(string resource, string given, string shown)
    {
        var made = await CreateAsync($$$$"""{"containers":[{"name":"c","image":"i:1","resources":{"limits":{"{{{{resource}}}}":{{{{given}}}} }}}]}""");

        made.ExpectJson("spec.containers.0.resources", $$$"""{"limits":{"{{{resource}}}":"{{{shown}}}"},"requests":{"{{{resource}}}":"{{{shown}}}"}}""");
    }

    [Theory]
    [InlineData("i", "Always")]
    [InlineData("i:latest", "Always")]
    [InlineData("reg:5000/a/b", "Always")]
    [InlineData("i:1", "IfNotPresent")]
    [InlineData("a@sha256:0000000000000000000000000000000000000000000000000000000000000000", "IfNotPresent")]
    public async Task Images_that_may_have_changed_are_pulled(string image, string policy)
    {
        var made = await CreateAsync($$"""{"containers":[{"name":"c","image":"{{image}}"}]}""");

        Assert.Equal(policy, made.Text("spec.containers.0.imagePullPolicy"));
    }

    [Theory]
    [InlineData("""{"secret":{"secretName":"s"}}""", """{"secret":{"secretName":"s","defaultMode":420}}""")]
    [InlineData("""{"configMap":{"name":"s"}}""", """{"configMap":{"name":"s","defaultMode":420}}""")]
    [InlineData("""{"downwardAPI":{"items":[{"path":"p","fieldRef":{"fieldPath":"metadata.name"}}]}}""", """{"downwardAPI":{"items":[{"path":"p","fieldRef":{"apiVersion":"v1","fieldPath":"metadata.name"}}],"defaultMode":420}}""")]
    [InlineData("""{"projected":{"sources":[{"serviceAccountToken":{"path":"t"}}]}}""", """{"projected":{"sources":[{"serviceAccountToken":{"path":"t","expirationSeconds":3600}}],"defaultMode":420}}""")]
    [InlineData("""{"hostPath":{"path":"/x"}}""", """{"hostPath":{"path":"/x","type":""}}""")]
    [InlineData("{}", """{"emptyDir":{}}""")]
    [InlineData("""{"image":{"reference":"a/b"}}""", """{"image":{"reference":"a/b","pullPolicy":"Always"}}""")]
    [InlineData("""{"ephemeral":{"volumeClaimTemplate":{"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}}}""",
        """{"ephemeral":{"volumeClaimTemplate":{"metadata":{},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}},"volumeMode":"Filesystem"}}}}""")]
    public async Task Volumes_are_completed(string source, string expected)
    {
        var made = await CreateAsync($$"""{"volumes":[{"name":"v"{{(source == "{}" ? "" : ",")}}{{source[1..]}}]}""");

        made.ExpectJson("spec.volumes.0", $$"""{"name":"v",{{expected[1..]}}""");
    }

    [Fact]
    public async Task Probes_and_hooks_are_completed_also_where_zero_is_given()
    {
        var made = await CreateAsync("""
            {"containers":[{"name":"c","image":"i:1","livenessProbe":{"httpGet":{"port":80},"timeoutSeconds":0},"startupProbe":{"grpc":{"port":1}},"lifecycle":{"preStop":{"httpGet":{"port":1}}}}]}
            """);

        made.ExpectJson("spec.containers.0.livenessProbe", """{"httpGet":{"path":"/","port":80,"scheme":"HTTP"},"timeoutSeconds":1,"periodSeconds":10,"successThreshold":1,"failureThreshold":3}""");
        made.ExpectJson("spec.containers.0.startupProbe", """{"grpc":{"port":1,"service":""},"timeoutSeconds":1,"periodSeconds":10,"successThreshold":1,"failureThreshold":3}""");
        made.ExpectJson("spec.containers.0.lifecycle.preStop", """{"httpGet":{"path":"/","port":1,"scheme":"HTTP"}}""");
    }

    [Fact]
    public async Task Pods_tolerate_a_lost_node_for_five_minutes_unless_they_say_otherwise()
    {
        const string NotReady = """{"key":"node.kubernetes.io/not-ready","operator":"Exists","effect":"NoExecute","tolerationSeconds":5}""";
        const string Unreachable = """{"key":"node.kubernetes.io/unreachable","operator":"Exists","effect":"NoExecute","tolerationSeconds":300}""";

        var plain = await CreateAsync("{}");
        var own = await CreateAsync($$"""{"tolerations":[{{NotReady}}]}""");
        var all = await CreateAsync("""{"tolerations":[{"operator":"Exists"}]}""");

        plain.ExpectJson("spec.tolerations", $"[{NotReady.Replace(":5}", ":300}", StringComparison.Ordinal)},{Unreachable}]");
        own.ExpectJson("spec.tolerations", $"[{NotReady},{Unreachable}]");
        all.ExpectJson("spec.tolerations", """[{"operator":"Exists"}]""");
    }

    [Fact]
    public async Task The_priority_is_that_of_the_class()
    {
        var ns = await server.NamespaceAsync();

        var plain = await CreateAsync("{}");
        var system = await CreateAsync("""{"priorityClassName":"system-node-critical"}""");
        var unknown = await server.PostAsync(Sample.Collection("pods", ns), Sample.Pod("""{"priorityClassName":"none-such"}"""));

        Assert.Equal(("0", "PreemptLowerPriority"), (plain.Text("spec.priority"), plain.Text("spec.preemptionPolicy")));
        Assert.Equal("2000001000", system.Text("spec.priority"));
        unknown.ExpectStatus(403, "Forbidden");
        Assert.Equal("pods \"sample\" is forbidden: no PriorityClass with name none-such was found", unknown.Message);
    }

    [Fact]
    public async Task A_gated_pod_says_that_it_is_not_scheduled()
    {
        var made = await CreateAsync("""{"schedulingGates":[{"name":"a.b/c"}]}""");

        Assert.Equal(("PodScheduled", "False", "SchedulingGated"),
            (made.Text("status.conditions.0.type"), made.Text("status.conditions.0.status"), made.Text("status.conditions.0.reason")));
    }

    [Fact]
    public async Task What_cannot_be_told_from_absent_is_dropped_and_ports_of_the_host_follow()
    {
        var made = await CreateAsync("""{"hostNetwork":true,"hostPID":false,"nodeSelector":{},"containers":[{"name":"c","image":"i:1","env":[{"name":"A","value":""}],"ports":[{"containerPort":80}]}]}""");

        made.ExpectJson("spec.containers.0.env", """[{"name":"A"}]""");
        made.ExpectJson("spec.containers.0.ports", """[{"containerPort":80,"hostPort":80,"protocol":"TCP"}]""");
        Assert.Null(made.At("spec.hostPID"));
        Assert.Null(made.At("spec.nodeSelector"));
    }

    private async Task<Answer> CreateAsync(string spec) =>
        (await server.PostAsync(Sample.Collection("pods", await server.NamespaceAsync()), Sample.Pod(spec))).Expect(HttpStatusCode.Created);
}
