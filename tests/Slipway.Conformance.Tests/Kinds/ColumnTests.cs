using System.Net;
using System.Text.Json.Nodes;
using Slipway.Conformance.Tests.Harness;

namespace Slipway.Conformance.Tests.Kinds;

/// <summary>The cells of built-in kinds that kubectl prints, those of <c>-o wide</c> included.</summary>
public sealed class ColumnTests(TestServer server)
{
    private const string Template = """{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i:1"},{"name":"d","image":"j:1"}]}}""";

    // Kind's path, object without its name, and the cells but for name and age: "name=cell; name=cell".
    [Theory]
    [InlineData("api/v1", "pods", """{"spec":{"containers":[{"name":"c","image":"i:1"}],"readinessGates":[{"conditionType":"example.com/x"}]}}""",
        "Ready=0/1; Status=Pending; Restarts=0; IP=<none>; Node=<none>; Nominated Node=<none>; Readiness Gates=0/1")]
    [InlineData("api/v1", "replicationcontrollers", """{"spec":{"replicas":2,"selector":{"a":"b"},"template":TEMPLATE}}""",
        "Desired=2; Current=0; Ready=0; Containers=c,d; Images=i:1,j:1; Selector=a=b")]
    [InlineData("api/v1", "persistentvolumeclaims", """{"spec":{"accessModes":["ReadWriteOnce"],"storageClassName":"s","resources":{"requests":{"storage":"1Gi"}}}}""",
        "Status=Pending; Volume=; Capacity=; Access Modes=; StorageClass=s; VolumeAttributesClass=<unset>; VolumeMode=Filesystem")]
    [InlineData("api/v1", "endpoints", """{"subsets":[{"addresses":[{"ip":"10.9.0.1"},{"ip":"10.9.0.2"}],"ports":[{"name":"a","port":1},{"name":"b","port":2}]}]}""",
        "Endpoints=10.9.0.1:1,10.9.0.2:1,10.9.0.1:2 + 1 more...")]
    [InlineData("api/v1", "configmaps", """{"data":{"a":"b"}}""", "Data=1")]
    [InlineData("api/v1", "podtemplates", """{"template":TEMPLATE}""", "Containers=c,d; Images=i:1,j:1; Pod Labels=a=b")]
    [InlineData("apis/apps/v1", "deployments", """{"spec":{"selector":{"matchLabels":{"a":"b"},"matchExpressions":[{"key":"a","operator":"In","values":["b","c"]}]},"template":TEMPLATE}}""",
        "Ready=0/1; Up-to-date=0; Available=0; Containers=c,d; Images=i:1,j:1; Selector=a=b,a in (b,c)")]
    [InlineData("apis/apps/v1", "replicasets", """{"spec":{"selector":{"matchLabels":{"a":"b"}},"template":TEMPLATE}}""",
        "Desired=1; Current=0; Ready=0; Containers=c,d; Images=i:1,j:1; Selector=a=b")]
    [InlineData("apis/apps/v1", "statefulsets", """{"spec":{"serviceName":"s","selector":{"matchLabels":{"a":"b"}},"template":TEMPLATE}}""",
        "Ready=0/1; Containers=c,d; Images=i:1,j:1")]
    [InlineData("apis/apps/v1", "daemonsets", """{"spec":{"selector":{"matchLabels":{"a":"b"}},"template":TEMPLATE}}""",
        "Desired=0; Current=0; Ready=0; Up-to-date=0; Available=0; Node Selector=<none>; Containers=c,d; Images=i:1,j:1; Selector=a=b")]
    [InlineData("apis/apps/v1", "controllerrevisions", """{"revision":3,"data":{}}""", "Controller=<none>; Revision=3")]
    [InlineData("apis/batch/v1", "jobs", """{"spec":{"parallelism":3,"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"c","image":"i:1"}]}}}}""",
        "Status=Running; Completions=0/1 of 3; Duration=; Containers=c; Images=i:1")]
    [InlineData("apis/batch/v1", "cronjobs", """{"spec":{"schedule":"1 2 * * *","jobTemplate":{"spec":{"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"c","image":"i:1"}]}}}}}}""",
        "Schedule=1 2 * * *; Timezone=<none>; Suspend=False; Active=0; Last Schedule=<none>; Containers=c; Images=i:1; Selector=<none>")]
    [InlineData("apis/policy/v1", "poddisruptionbudgets", """{"spec":{"maxUnavailable":"10%","selector":{"matchLabels":{"a":"b"}}}}""",
        "Min Available=N/A; Max Unavailable=10%; Allowed Disruptions=0")]
    [InlineData("apis/networking.k8s.io/v1", "networkpolicies", """{"spec":{"podSelector":{"matchLabels":{"a":"b"}}}}""", "Pod-Selector=a=b")]
    [InlineData("apis/networking.k8s.io/v1", "ingresses", """{"spec":{"tls":[{}],"rules":[{"host":"h.example.com","http":{"paths":[{"path":"/","pathType":"Prefix","backend":{"service":{"name":"s","port":{"number":1}}}}]}}]}}""",
        "Class=<none>; Hosts=h.example.com; Address=; Ports=80, 443")]
    [InlineData("apis/autoscaling/v2", "horizontalpodautoscalers", """{"spec":{"maxReplicas":2,"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"d"}}}""",
        "Reference=Deployment/d; Targets=cpu: <unknown>/80%; MinPods=1; MaxPods=2; Replicas=0")]
    [InlineData("apis/autoscaling/v1", "horizontalpodautoscalers", """{"spec":{"maxReplicas":2,"targetCPUUtilizationPercentage":70,"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"d"}}}""",
        "Reference=Deployment/d; Targets=cpu: <unknown>/70%; MinPods=1; MaxPods=2; Replicas=0")]
    [InlineData("apis/discovery.k8s.io/v1", "endpointslices", """{"addressType":"IPv4","endpoints":[{"addresses":["10.9.0.1"]}],"ports":[{"name":"a","port":80}]}""",
        "AddressType=IPv4; Ports=80; Endpoints=10.9.0.1")]
    [InlineData("apis/coordination.k8s.io/v1", "leases", """{"spec":{"holderIdentity":"me"}}""", "Holder=me")]
    [InlineData("apis/rbac.authorization.k8s.io/v1", "rolebindings", """{"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"view"},"subjects":[{"kind":"ServiceAccount","namespace":"x","name":"y"}]}""",
        "Role=ClusterRole/view; Users=; Groups=; ServiceAccounts=x/y")]
    public async Task Cells_are_those_of_a_real_cluster(string api, string plural, string body, string expected)
    {
        var ns = await server.NamespaceAsync();
        await TestServer.EventuallyAsync(async () => (await server.GetAsync($"/api/v1/namespaces/{ns}/serviceaccounts/default")).Code == HttpStatusCode.OK, "the namespace has its service account");
        var json = JsonNode.Parse(body.Replace("TEMPLATE", Template, StringComparison.Ordinal))!;
        json["metadata"] = new JsonObject { ["name"] = "sample" };
        (await server.PostAsync($"/{api}/namespaces/{ns}/{plural}", json.ToJsonString())).Expect(HttpStatusCode.Created);

        var table = (await server.GetAsync($"/{api}/namespaces/{ns}/{plural}/sample", "application/json;as=Table;v=v1;g=meta.k8s.io")).Expect(HttpStatusCode.OK);

        var names = table.At("columnDefinitions")!.AsArray().Select(c => c!["name"]!.ToString());
        var cells = table.At("rows.0.cells")!.AsArray().Select(c => c?.ToString());
        // A job's selector holds its identity.
        var shown = names.Zip(cells, (n, c) => $"{n}={c}").Where(t => !t.StartsWith("Name=") && !t.StartsWith("Age=") && !(plural == "jobs" && t.StartsWith("Selector=")));
        Assert.Equal(expected, string.Join("; ", shown));
    }
}
