using System.Net;
using Slipway.Conformance.Tests.Harness;

namespace Slipway.Conformance.Tests.Kinds;

/// <summary>What keeps pods must choose them, and may replace them in some ways only.</summary>
public sealed class WorkloadRuleTests(TestServer server)
{
    [Theory]
    [InlineData("deployments", "deployment", "ReplicaSet")]
    [InlineData("replicasets", "deployment", "ReplicaSet")]
    [InlineData("statefulsets", "statefulset", "StatefulSet")]
    [InlineData("daemonsets", "daemonset", "DaemonSet")]
    public async Task A_selector_chooses_the_template_and_the_pods_run_for_ever(string plural, string noun, string kind)
    {
        var kinds = "apps/v1/" + plural;
        var ns = await server.NamespaceAsync();
        Task<Answer> Try(string spec) => server.TryAsync(kinds, ns, Sample.Object($$"""{"spec":{{spec}} }"""));

        (await Try("""{"selector":{},"template":TEMPLATE}""")).ExpectFault($"spec.selector: Invalid value: {{}}: empty selector is invalid for {noun}");
        (await Try("""{"selector":{"matchLabels":{"x":"y"}},"template":TEMPLATE}""")).ExpectFault("spec.template.metadata.labels: Invalid value: {\"a\":\"b\"}: `selector` does not match template `labels`");
        (await Try("""{"selector":{"matchExpressions":[{"key":"a","operator":"NotIn","values":["b"]}]},"template":TEMPLATE}""")).ExpectFault("spec.template.metadata.labels: Invalid value: {\"a\":\"b\"}: `selector` does not match");
        (await Try("""{"selector":{"matchExpressions":[{"key":"a","operator":"In"}]},"template":TEMPLATE}""")).ExpectFault("spec.selector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'");
        (await Try("""{"selector":{"matchLabels":{"a":"b"}},"template":NEVER}""")).ExpectFault("spec.template.spec.restartPolicy: Unsupported value: \"Never\": supported values: \"Always\"");
        (await Try("""{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"activeDeadlineSeconds":5,"containers":[{"name":"c","image":"i"}]}}}"""))
            .ExpectFault($"spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in {kind} is not Supported");
        (await Try("""{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i","volumeMounts":[{"name":"v","mountPath":"/x"}]}]}}}"""))
            .ExpectFault("spec.template.spec.containers[0].volumeMounts[0].name: Not found: \"v\"");
        (await Try("""{"minReadySeconds":-1,"selector":{"matchLabels":{"a":"b"}},"template":TEMPLATE}""")).ExpectFault("spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0");
        (await Try("""{"selector":{"matchExpressions":[{"key":"a","operator":"Exists"}]},"template":TEMPLATE}""")).Expect(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("deployments", """{"strategy":{"rollingUpdate":{"maxSurge":0,"maxUnavailable":0}}}""", "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0")]
    [InlineData("deployments", """{"strategy":{"rollingUpdate":{"maxSurge":"0%","maxUnavailable":"0%"}}}""", "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: \"0%\": may not be 0 when `maxSurge` is 0")]
    [InlineData("deployments", """{"strategy":{"type":"Recreate","rollingUpdate":{"maxSurge":1}}}""", "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'")]
    [InlineData("deployments", """{"strategy":{"type":"Foo"}}""", "spec.strategy: Unsupported value: {\"Type\":\"Foo\",\"RollingUpdate\":null}: supported values: \"Recreate\", \"RollingUpdate\"")]
    [InlineData("deployments", """{"strategy":{"rollingUpdate":{"maxUnavailable":"101%"}}}""", "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: \"101%\": must not be greater than 100%")]
    [InlineData("deployments", """{"progressDeadlineSeconds":5,"minReadySeconds":10}""", "spec.progressDeadlineSeconds: Invalid value: 5: must be greater than minReadySeconds")]
    [InlineData("deployments", """{"replicas":-1}""", "spec.replicas: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData("daemonsets", """{"updateStrategy":{"rollingUpdate":{"maxSurge":0,"maxUnavailable":0}}}""", "spec.updateStrategy.rollingUpdate.maxUnavailable: Required value: cannot be 0 when maxSurge is 0")]
    [InlineData("daemonsets", """{"updateStrategy":{"rollingUpdate":{"maxSurge":1,"maxUnavailable":1}}}""", "spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: 1: may not be set when maxUnavailable is non-zero")]
    [InlineData("statefulsets", """{"podManagementPolicy":"x"}""", "spec.podManagementPolicy: Invalid value: \"x\": must be 'OrderedReady' or 'Parallel'")]
    [InlineData("statefulsets", """{"updateStrategy":{"rollingUpdate":{"partition":-1}}}""", "spec.updateStrategy.rollingUpdate.partition: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData("statefulsets", """{"volumeClaimTemplates":[{"metadata":{"name":"v"},"spec":{}}]}""", "spec.volumeClaimTemplates[0].spec.accessModes: Required value: at least 1 access mode is required")]
    public async Task A_workload_must_keep_to_the_rules(string plural, string spec, string fault)
    {
        var ns = await server.NamespaceAsync();

        var answer = await server.TryAsync("apps/v1/" + plural, ns, Sample.Object($$$"""{"spec":{"selector":{"matchLabels":{"a":"b"}},"template":TEMPLATE,{{{spec[1..]}}} }"""));

        answer.ExpectFault(fault);
    }

    [Fact]
    public async Task A_claim_template_is_a_volume_of_each_pod()
    {
        var answer = await server.TryAsync("apps/v1/statefulsets", await server.NamespaceAsync(), Sample.Object("""
            {"spec":{"selector":{"matchLabels":{"a":"b"}},
             "template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i","volumeMounts":[{"name":"v","mountPath":"/x"}]}]}},
             "volumeClaimTemplates":[{"metadata":{"name":"v"},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}]}}
            """));

        answer.Expect(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_daemon_set_counts_the_changes_of_its_template()
    {
        const string Annotation = "deprecated.daemonset.template.generation";
        var sets = Sample.Collection("apps/v1/daemonsets", await server.NamespaceAsync());

        var made = (await server.PostAsync(sets, Sample.Object("""{"spec":{"selector":{"matchLabels":{"a":"b"}},"template":TEMPLATE}}"""))).Expect(HttpStatusCode.Created);
        var slower = (await server.MergeAsync(sets + "/sample", """{"spec":{"minReadySeconds":5}}""")).Expect(HttpStatusCode.OK);
        var changed = (await server.MergeAsync(sets + "/sample", """{"spec":{"template":{"metadata":{"labels":{"c":"d"}}}}}""")).Expect(HttpStatusCode.OK);

        Assert.Equal(["1", "1", "2"], new[] { made, slower, changed }.Select(a => a.At("metadata.annotations")![Annotation]!.ToString()));
    }

    [Fact]
    public async Task A_replication_controller_chooses_by_the_labels_of_its_template()
    {
        var made = (await server.PostAsync(Sample.Collection("replicationcontrollers", await server.NamespaceAsync()), Sample.Object("""{"spec":{"template":TEMPLATE}}"""))).Expect(HttpStatusCode.Created);

        made.ExpectJson("spec.selector", """{"a":"b"}""");
        made.ExpectJson("metadata.labels", """{"a":"b"}""");
        made.ExpectJson("status", """{"replicas":0}""");
        Assert.Equal(("1", "1", "IfNotPresent"), (made.Text("spec.replicas"), made.Text("metadata.generation"), made.Text("spec.template.spec.containers.0.imagePullPolicy")));
    }

    [Theory]
    [InlineData("""{"minAvailable":1,"maxUnavailable":1}""", "spec: Invalid value: {\"MinAvailable\":1,\"Selector\":null,\"MaxUnavailable\":1,\"UnhealthyPodEvictionPolicy\":null}: minAvailable and maxUnavailable cannot be both set")]
    [InlineData("""{"minAvailable":"x"}""", "spec.minAvailable: Invalid value: \"x\": a valid percent string must be a numeric string followed by an ending '%'")]
    [InlineData("""{"maxUnavailable":"150%"}""", "spec.maxUnavailable: Invalid value: \"150%\": must not be greater than 100%")]
    [InlineData("""{"minAvailable":-1}""", "spec.minAvailable: Invalid value: -1: must be greater than or equal to 0")]
    public async Task A_disruption_budget_must_keep_to_the_rules(string spec, string fault)
    {
        var answer = await server.TryAsync("policy/v1/poddisruptionbudgets", await server.NamespaceAsync(), Sample.Object($$"""{"spec":{{spec}} }"""));

        answer.ExpectFault(fault);
    }
}
