using System.Net;
using System.Text.Json.Nodes;
using Slipway.Conformance.Tests.Harness;

namespace Slipway.Conformance.Tests.Kinds;

/// <summary>What a server adds to objects of built-in kinds, and what may not be changed later.</summary>
public sealed class DefaultTests(TestServer server)
{
    private const string Template = """{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i:1"}]}}""";

    private const string Whole = """
        {"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i:1","imagePullPolicy":"IfNotPresent","resources":{},"terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File"}],
         "dnsPolicy":"ClusterFirst","restartPolicy":"Always","schedulerName":"default-scheduler","securityContext":{},"terminationGracePeriodSeconds":30}}
        """;

    [Theory]
    [InlineData("apps/v1", "statefulsets", """{"serviceName":"s","selector":{"matchLabels":{"a":"b"}},"template":TEMPLATE}""",
        """{"persistentVolumeClaimRetentionPolicy":{"whenDeleted":"Retain","whenScaled":"Retain"},"podManagementPolicy":"OrderedReady","replicas":1,"revisionHistoryLimit":10,"selector":{"matchLabels":{"a":"b"}},"serviceName":"s","template":WHOLE,"updateStrategy":{"rollingUpdate":{"partition":0},"type":"RollingUpdate"}}""",
        """{"availableReplicas":0,"replicas":0}""")]
    [InlineData("apps/v1", "daemonsets", """{"selector":{"matchLabels":{"a":"b"}},"template":TEMPLATE}""",
        """{"revisionHistoryLimit":10,"selector":{"matchLabels":{"a":"b"}},"template":WHOLE,"updateStrategy":{"rollingUpdate":{"maxSurge":0,"maxUnavailable":1},"type":"RollingUpdate"}}""",
        """{"currentNumberScheduled":0,"desiredNumberScheduled":0,"numberMisscheduled":0,"numberReady":0}""")]
    [InlineData("apps/v1", "replicasets", """{"selector":{"matchLabels":{"a":"b"}},"template":TEMPLATE}""",
        """{"replicas":1,"selector":{"matchLabels":{"a":"b"}},"template":WHOLE}""", """{"replicas":0}""")]
    [InlineData("networking.k8s.io/v1", "ingresses", """{"rules":[{"host":"h.example.com","http":{"paths":[{"path":"/","pathType":"Prefix","backend":{"service":{"name":"s","port":{"number":1}}}}]}}]}""",
        """{"rules":[{"host":"h.example.com","http":{"paths":[{"path":"/","pathType":"Prefix","backend":{"service":{"name":"s","port":{"number":1}}}}]}}]}""", """{"loadBalancer":{}}""")]
    [InlineData("policy/v1", "poddisruptionbudgets", """{"minAvailable":1}""", """{"minAvailable":1}""", """{"currentHealthy":0,"desiredHealthy":0,"disruptionsAllowed":0,"expectedPods":0}""")]
    public async Task An_object_is_completed_as_by_a_real_cluster(string api, string plural, string spec, string expected, string status)
    {
        var ns = await server.NamespaceAsync();

        var made = (await server.PostAsync($"/apis/{api}/namespaces/{ns}/{plural}", Sample(spec))).Expect(HttpStatusCode.Created);

        made.ExpectJson("spec", expected.Replace("WHOLE", Whole, StringComparison.Ordinal));
        made.ExpectJson("status", status);
    }

    [Fact]
    public async Task A_job_is_counted_and_its_pods_carry_its_identity()
    {
        var ns = await server.NamespaceAsync();

        var made = (await server.PostAsync($"/apis/batch/v1/namespaces/{ns}/jobs",
            Sample("""{"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"c","image":"i:1"}]}}}"""))).Expect(HttpStatusCode.Created);

        var uid = made.Text("metadata.uid");
        var labels = $$"""{"batch.kubernetes.io/controller-uid":"{{uid}}","batch.kubernetes.io/job-name":"sample","controller-uid":"{{uid}}","job-name":"sample"}""";
        made.ExpectJson("metadata.labels", labels);
        made.ExpectJson("spec.template.metadata.labels", labels);
        Assert.Equal(uid, made.At("spec.selector.matchLabels")!["batch.kubernetes.io/controller-uid"]!.ToString());
        var spec = made.At("spec")!.AsObject();
        spec.Remove("template");
        spec.Remove("selector");
        var expected = JsonNode.Parse("""{"backoffLimit":6,"completionMode":"NonIndexed","completions":1,"manualSelector":false,"parallelism":1,"podReplacementPolicy":"TerminatingOrFailed","suspend":false}""");
        Assert.True(JsonNode.DeepEquals(expected, spec), spec.ToJsonString());
    }

    [Fact]
    public async Task A_statefulset_and_a_selector_stay_as_they_are()
    {
        var ns = await server.NamespaceAsync();
        foreach (var plural in (string[])["statefulsets", "daemonsets"])
            (await server.PostAsync($"/apis/apps/v1/namespaces/{ns}/{plural}", Sample("""{"selector":{"matchLabels":{"a":"b"}},"template":TEMPLATE}"""))).Expect(HttpStatusCode.Created);

        var named = await server.MergeAsync($"/apis/apps/v1/namespaces/{ns}/statefulsets/sample", """{"spec":{"serviceName":"other"}}""");
        var chosen = await server.MergeAsync($"/apis/apps/v1/namespaces/{ns}/daemonsets/sample", """{"spec":{"selector":{"matchLabels":{"c":"d"}},"template":{"metadata":{"labels":{"c":"d"}}}}}""");

        named.ExpectStatus(422, "Invalid");
        Assert.Contains("spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden", named.Message!);
        chosen.ExpectStatus(422, "Invalid");
        Assert.Contains("field is immutable", chosen.Message!);
    }

    [Fact]
    public async Task Both_versions_of_an_autoscaler_show_one_object()
    {
        var ns = await server.NamespaceAsync();
        (await server.PostAsync($"/apis/autoscaling/v1/namespaces/{ns}/horizontalpodautoscalers",
            Sample("""{"maxReplicas":2,"targetCPUUtilizationPercentage":70,"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"d"}}"""))).Expect(HttpStatusCode.Created);

        var newer = (await server.GetAsync($"/apis/autoscaling/v2/namespaces/{ns}/horizontalpodautoscalers/sample")).Expect(HttpStatusCode.OK);
        var older = (await server.GetAsync($"/apis/autoscaling/v1/namespaces/{ns}/horizontalpodautoscalers/sample")).Expect(HttpStatusCode.OK);

        newer.ExpectJson("spec.metrics", """[{"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":70}}}]""");
        Assert.Equal("70", older.Text("spec.targetCPUUtilizationPercentage"));
        Assert.Equal(newer.Text("metadata.resourceVersion"), older.Text("metadata.resourceVersion"));
    }

    private static string Sample(string spec) =>
        new JsonObject { ["metadata"] = new JsonObject { ["name"] = "sample" }, ["spec"] = JsonNode.Parse(spec.Replace("TEMPLATE", Template, StringComparison.Ordinal)) }.ToJsonString();
}
