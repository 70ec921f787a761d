using System.Net;
using System.Text.Json.Nodes;
using Slipway.Conformance.Tests.Harness;

namespace Slipway.Conformance.Tests.Kinds;

/// <summary>What pods are refused for, when they are made and when they are changed.</summary>
public sealed class PodRuleTests(TestServer server)
{
    private const string Container = """{"name":"c","image":"i:1"}""";

    [Theory]
    [InlineData("""{"name":"c","image":" x"}""", "image: Invalid value: \" x\": must not have leading or trailing whitespace")]
    [InlineData("""{"name":"c"}""", "image: Required value")]
    [InlineData("""{"name":"A_b","image":"i"}""", "name: Invalid value: \"A_b\": a lowercase RFC 1123 label must consist of")]
    [InlineData("""{"name":"c","image":"i","imagePullPolicy":"Maybe"}""", "imagePullPolicy: Unsupported value: \"Maybe\": supported values: \"Always\", \"IfNotPresent\", \"Never\"")]
    [InlineData("""{"name":"c","image":"i","ports":[{}]}""", "ports[0].containerPort: Required value")]
    [InlineData("""{"name":"c","image":"i","ports":[{"containerPort":70000}]}""", "ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive")]
    [InlineData("""{"name":"c","image":"i","ports":[{"containerPort":1,"name":"a"},{"containerPort":2,"name":"a"}]}""", "ports[1].name: Duplicate value: \"a\"")]
    [InlineData("""{"name":"c","image":"i","ports":[{"containerPort":1,"name":"abcdefghijklmnopq"}]}""", "ports[0].name: Invalid value: \"abcdefghijklmnopq\": must be no more than 15 characters")]
    [InlineData("""{"name":"c","image":"i","ports":[{"containerPort":1,"hostPort":5},{"containerPort":2,"hostPort":5}]}""", "ports[1].hostPort: Duplicate value: \"TCP//5\"")]
    [InlineData("""{"name":"c","image":"i","ports":[{"containerPort":1,"protocol":"X"}]}""", "ports[0].protocol: Unsupported value: \"X\": supported values: \"SCTP\", \"TCP\", \"UDP\"")]
    [InlineData("""{"name":"c","image":"i","volumeMounts":[{"name":"v","mountPath":"/x"}]}""", "volumeMounts[0].name: Not found: \"v\"")]
    [InlineData("""{"name":"c","image":"i","env":[{"name":"a=b"}]}""", "env[0].name: Invalid value: \"a=b\": a valid environment variable name must consist only of printable ASCII characters other than '='")]
    [InlineData("""{"name":"c","image":"i","env":[{"name":"A","value":"x","valueFrom":{"fieldRef":{"fieldPath":"metadata.name"}}}]}""", "env[0].valueFrom: Invalid value: \"\": may not be specified when `value` is not empty")]
    [InlineData("""{"name":"c","image":"i","env":[{"name":"A","valueFrom":{"fieldRef":{"fieldPath":"spec.foo"}}}]}""", "env[0].valueFrom.fieldRef.fieldPath: Invalid value: \"spec.foo\": error converting fieldPath: field label not supported: spec.foo")]
    [InlineData("""{"name":"c","image":"i","envFrom":[{"configMapRef":{}}]}""", "envFrom[0].configMapRef.name: Required value")]
    [InlineData("""{"name":"c","image":"i","resources":{"requests":{"cpu":"2"},"limits":{"cpu":"1"}}}""", "resources.requests: Invalid value: \"2\": must be less than or equal to cpu limit of 1")]
    [InlineData("""{"name":"c","image":"i","resources":{"requests":{"cpu":"-1"}}}""", "resources.requests[cpu]: Invalid value: \"-1\": must be greater than or equal to 0")]
    [InlineData("""{"name":"c","image":"i","resources":{"requests":{"foo":"1"}}}""", "resources.requests[foo]: Invalid value: \"foo\": must be a standard resource for containers")]
    [InlineData("""{"name":"c","image":"i","resources":{"requests":{"nvidia.com/gpu":1}}}""", "resources.limits: Required value: Limit must be set for non overcommitable resources")]
    [InlineData("""{"name":"c","image":"i","resources":{"limits":{"nvidia.com/gpu":"500m"}}}""", "resources.limits[nvidia.com/gpu]: Invalid value: \"500m\": must be an integer")]
    [InlineData("""{"name":"c","image":"i","resources":{"limits":{"nvidia.com/gpu":2},"requests":{"nvidia.com/gpu":1}}}""", "resources.requests: Invalid value: \"1\": must be equal to nvidia.com/gpu limit of 2")]
    [InlineData("""{"name":"c","image":"i","resources":{"limits":{"hugepages-2Mi":"1Gi"}}}""", "resources: Forbidden: HugePages require cpu or memory")]
    [InlineData("""{"name":"c","image":"i","resources":{"claims":[{"name":"g"}]}}""", "resources.claims[0]: Not found: \"g\": must be one of the names in pod.spec.resourceClaims which is empty")]
    [InlineData("""{"name":"c","image":"i","livenessProbe":{}}""", "livenessProbe: Required value: must specify a handler type")]
    [InlineData("""{"name":"c","image":"i","readinessProbe":{"httpGet":{"port":0}}}""", "readinessProbe.httpGet.port: Invalid value: 0: must be between 1 and 65535, inclusive")]
    [InlineData("""{"name":"c","image":"i","livenessProbe":{"httpGet":{"port":1},"tcpSocket":{"port":2}}}""", "livenessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type")]
    [InlineData("""{"name":"c","image":"i","livenessProbe":{"exec":{"command":["x"]},"successThreshold":2}}""", "livenessProbe.successThreshold: Invalid value: 2: must be 1")]
    public async Task A_container_must_keep_to_the_rules(string container, string fault)
    {
        var answer = await server.PostAsync(Sample.Collection("pods", await server.NamespaceAsync()), Sample.Pod($$"""{"containers":[{{container}}]}"""));

        answer.ExpectFault("spec.containers[0]." + fault);
    }

    [Theory]
    [InlineData("""{"containers":[]}""", "containers: Required value")]
    [InlineData("""{"containers":[{"name":"c","image":"i"},{"name":"c","image":"i"}]}""", "containers[1].name: Duplicate value: \"c\"")]
    [InlineData("""{"initContainers":[{"name":"c","image":"i"}]}""", "initContainers[0].name: Duplicate value: \"c\"")]
    [InlineData("""{"initContainers":[{"name":"i","image":"i","livenessProbe":{"exec":{"command":["x"]}}}]}""", "initContainers[0].livenessProbe: Forbidden: may not be set for init containers without restartPolicy=Always")]
    [InlineData("""{"restartPolicy":"Maybe"}""", "restartPolicy: Unsupported value: \"Maybe\": supported values: \"Always\", \"OnFailure\", \"Never\"")]
    [InlineData("""{"dnsPolicy":"None"}""", "dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None")]
    [InlineData("""{"activeDeadlineSeconds":0}""", "activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive")]
    [InlineData("""{"volumes":[{"name":"v"},{"name":"v"}]}""", "volumes[1].name: Duplicate value: \"v\"")]
    [InlineData("""{"volumes":[{"name":"v","emptyDir":{},"hostPath":{"path":"/x"}}]}""", "volumes[0].hostPath: Forbidden: may not specify more than 1 volume type")]
    [InlineData("""{"volumes":[{"name":"v","secret":{}}]}""", "volumes[0].secret.secretName: Required value")]
    [InlineData("""{"volumes":[{"name":"v","secret":{"secretName":"x","defaultMode":1000}}]}""", "volumes[0].secret.defaultMode: Invalid value: 1000: must be a number between 0 and 0777 (octal), both inclusive")]
    [InlineData("""{"volumes":[{"name":"v","configMap":{"name":"x","items":[{"key":"k","path":"../a"}]}}]}""", "volumes[0].configMap.items[0].path: Invalid value: \"../a\": must not contain '..'")]
    [InlineData("""{"volumes":[{"name":"v","ephemeral":{"volumeClaimTemplate":{"spec":{}}}}]}""", "volumes[0].ephemeral.volumeClaimTemplate.spec.accessModes: Required value: at least 1 access mode is required")]
    [InlineData("""{"tolerations":[{"key":"k","effect":"NoSchedule","tolerationSeconds":1}]}""", "tolerations[0].effect: Invalid value: \"NoSchedule\": effect must be 'NoExecute' when `tolerationSeconds` is set")]
    [InlineData("""{"affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[]}}}}""", "affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms: Required value: must have at least one node selector term")]
    [InlineData("""{"affinity":{"podAntiAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{}]}}}""", "affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Required value: can not be empty")]
    [InlineData("""{"topologySpreadConstraints":[{}]}""", "topologySpreadConstraints[0].whenUnsatisfiable: Unsupported value: \"\": supported values: \"DoNotSchedule\", \"ScheduleAnyway\"")]
    [InlineData("""{"schedulingGates":[{"name":"a/b"}],"nodeName":"n"}""", "nodeName: Forbidden: cannot be set until all schedulingGates have been cleared")]
    [InlineData("""{"resourceClaims":[{"name":"b"}]}""", "resourceClaims[0]: Invalid value: {\"Name\":\"b\",\"ResourceClaimName\":null,\"ResourceClaimTemplateName\":null}: must specify one of: `resourceClaimName`, `resourceClaimTemplateName`")]
    [InlineData("""{"ephemeralContainers":[{"name":"e","image":"x"}]}""", "ephemeralContainers: Forbidden: cannot be set on create")]
    [InlineData("""{"hostUsers":false,"hostNetwork":true}""", "hostNetwork: Forbidden: when `hostUsers` is false")]
    [InlineData("""{"hostname":"A.b"}""", "hostname: Invalid value: \"A.b\": a lowercase RFC 1123 label must consist of")]
    public async Task A_pod_must_keep_to_the_rules(string spec, string fault)
    {
        var answer = await server.PostAsync(Sample.Collection("pods", await server.NamespaceAsync()), Sample.Pod(spec));

        answer.ExpectFault("spec." + fault);
    }

    [Fact]
    public async Task What_is_no_amount_cannot_be_read()
    {
        var answer = await server.PostAsync(Sample.Collection("pods", await server.NamespaceAsync()),
            Sample.Pod("""{"containers":[{"name":"c","image":"i:1","resources":{"limits":{"cpu":"1x"}}}]}"""));

        answer.ExpectStatus(400, "BadRequest");
        Assert.Equal("Pod in version \"v1\" cannot be handled as a Pod: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'", answer.Message);
    }

    [Theory]
    [InlineData("""{"restartPolicy":"Never"}""", "spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)")]
    [InlineData("""{"containers":[{"name":"c","image":"i:1","env":[{"name":"A","value":"b"}]}]}""", "spec: Forbidden: pod updates may not change fields")]
    [InlineData("""{"serviceAccountName":"other"}""", "spec: Forbidden: pod updates may not change fields")]
    [InlineData("""{"containers":[{"name":"c","image":"i:1"},{"name":"d","image":"x"}]}""", "spec.containers: Forbidden: pod updates may not add or remove containers")]
    [InlineData("""{"activeDeadlineSeconds":200}""", "spec.activeDeadlineSeconds: Invalid value: 200: must be less than or equal to previous value")]
    [InlineData("""{"activeDeadlineSeconds":null}""", "spec.activeDeadlineSeconds: Invalid value: null: must not update from a positive integer to nil value")]
    [InlineData("""{"tolerations":[]}""", "spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds")]
    [InlineData("""{"schedulingGates":[{"name":"x/y"}]}""", "spec.schedulingGates[0].name: Forbidden: only deletion is allowed, but found new scheduling gate 'x/y'")]
    [InlineData("""{"nodeSelector":{"a":"x"}}""", "spec.nodeSelector: Invalid value: {\"a\":\"x\"}: only additions to spec.nodeSelector are allowed (no mutations or deletions)")]
    public async Task Little_of_a_pod_may_change(string change, string fault)
    {
        var path = await GatedAsync();

        var answer = await server.MergeAsync(path, $$"""{"spec":{{change}} }""");

        answer.ExpectFault(fault);
    }

    [Theory]
    [InlineData("""{"containers":[{"name":"c","image":"j:2"}]}""")]
    [InlineData("""{"activeDeadlineSeconds":50}""")]
    [InlineData("""{"tolerations":[{"key":"k","operator":"Exists"},{"key":"z","operator":"Exists"}]}""")]
    [InlineData("""{"schedulingGates":[]}""")]
    [InlineData("""{"nodeSelector":{"a":"b","c":"d"}}""")]
    public async Task Some_of_a_pod_may_change(string change)
    {
        var path = await GatedAsync();

        var answer = (await server.MergeAsync(path, $$"""{"spec":{{change}} }""")).Expect(HttpStatusCode.OK);

        Assert.Equal("2", answer.Text("metadata.generation"));
    }

    [Fact]
    public async Task The_quality_of_service_stays()
    {
        var path = await GatedAsync();

        var answer = await server.MergeAsync(path + "/status", """{"status":{"qosClass":"Guaranteed"}}""");

        answer.ExpectFault("status.qosClass: Invalid value: \"Guaranteed\": field is immutable");
    }

    private async Task<string> GatedAsync()
    {
        var pods = Sample.Collection("pods", await server.NamespaceAsync());
        var spec = new JsonObject
        {
            ["containers"] = new JsonArray(JsonNode.Parse(Container)),
            ["activeDeadlineSeconds"] = 100,
            ["tolerations"] = JsonNode.Parse("""[{"key":"k","operator":"Exists"}]"""),
            ["schedulingGates"] = JsonNode.Parse("""[{"name":"a/b"},{"name":"c/d"}]"""),
            ["nodeSelector"] = JsonNode.Parse("""{"a":"b"}"""),
        };
        (await server.PostAsync(pods, Sample.Pod(spec.ToJsonString()))).Expect(HttpStatusCode.Created);
        return pods + "/sample";
    }
}
