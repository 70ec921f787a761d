using System.Net;
using Slipway.Conformance.Tests.Harness;

namespace Slipway.Conformance.Tests.Kinds;

/// <summary>The rules and defaults of kinds that have few: events, networks, limits, classes and nodes.</summary>
public sealed class OtherRuleTests(TestServer server)
{
    private const string Events = "events.k8s.io/v1/events";

    [Theory]
    [InlineData("resourcequotas", """{"spec":{"hard":{"foo":"1"}}}""", "spec.hard[foo]: Invalid value: \"foo\": must be a standard resource for quota")]
    [InlineData("resourcequotas", """{"spec":{"hard":{"pods":"500m"}}}""", "spec.hard[pods]: Invalid value: \"500m\": must be an integer")]
    [InlineData("resourcequotas", """{"spec":{"hard":{"services":"1"},"scopes":["BestEffort"]}}""", "spec.scopes: Invalid value: [\"BestEffort\"]: unsupported scope applied to resource")]
    [InlineData("limitranges", """{"spec":{"limits":[{"type":"Container","max":{"cpu":"1"},"min":{"cpu":"2"}}]}}""", "spec.limits[0].min[cpu]: Invalid value: \"2\": min value 2 is greater than max value 1")]
    [InlineData("limitranges", """{"spec":{"limits":[{"type":"Container"},{"type":"Container"}]}}""", "spec.limits[1].type: Duplicate value: \"Container\"")]
    [InlineData("limitranges", """{"spec":{"limits":[{"type":"Pod","default":{"cpu":"2"}}]}}""", "spec.limits[0].default: Forbidden: may not be specified when `type` is 'Pod'")]
    [InlineData("endpoints", """{"subsets":[{"ports":[{"port":1}]}]}""", "subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`")]
    [InlineData("endpoints", """{"subsets":[{"addresses":[{"ip":"169.254.1.1"}]}]}""", "subsets[0].addresses[0].ip: Invalid value: \"169.254.1.1\": may not be in the link-local range (169.254.0.0/16, fe80::/10)")]
    [InlineData("discovery.k8s.io/v1/endpointslices", """{"addressType":"IPv4","endpoints":[{"addresses":["x"]}]}""", "endpoints[0].addresses[0]: Invalid value: \"x\": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)")]
    [InlineData("discovery.k8s.io/v1/endpointslices", """{"addressType":"x"}""", "addressType: Unsupported value: \"x\": supported values: \"FQDN\", \"IPv4\", \"IPv6\"")]
    [InlineData("networking.k8s.io/v1/ingresses", """{"spec":{}}""", "spec: Invalid value: null: either `defaultBackend` or `rules` must be specified")]
    [InlineData("networking.k8s.io/v1/ingresses", """{"spec":{"rules":[{"http":{"paths":[{"path":"/","backend":{"service":{"name":"s","port":{"number":1}}}}]}}]}}""", "spec.rules[0].http.paths[0].pathType: Required value: pathType must be specified")]
    [InlineData("networking.k8s.io/v1/ingresses", """{"spec":{"rules":[{"http":{"paths":[{"pathType":"Prefix","path":"/"}]}}]}}""", "spec.rules[0].http.paths[0].backend: Invalid value: \"\": resource or service backend is required")]
    [InlineData("networking.k8s.io/v1/networkpolicies", """{"spec":{"podSelector":{},"ingress":[{"from":[{}]}]}}""", "spec.ingress[0].from[0]: Required value: must specify a peer")]
    [InlineData("networking.k8s.io/v1/networkpolicies", """{"spec":{"podSelector":{},"egress":[{"to":[{"ipBlock":{"cidr":"10.0.0.0/8","except":["11.0.0.0/8"]}}]}]}}""", "spec.egress[0].to[0].ipBlock.except[0]: Invalid value: \"11.0.0.0/8\": must be a strict subset of `cidr`")]
    [InlineData("coordination.k8s.io/v1/leases", """{"spec":{"leaseDurationSeconds":0}}""", "spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0")]
    [InlineData("apps/v1/controllerrevisions", """{"revision":1}""", "data: Required value: data is mandatory")]
    [InlineData("+scheduling.k8s.io/v1/priorityclasses", """{"value":2000000000}""", "value: Forbidden: maximum allowed value of a user defined priority is 1000000000")]
    [InlineData("+node.k8s.io/v1/runtimeclasses", """{"handler":"A_"}""", "handler: Invalid value: \"A_\": a lowercase RFC 1123 label must consist of")]
    [InlineData("+nodes", """{"spec":{"taints":[{"key":"k","effect":"x"}]}}""", "metadata.taints[0].effect: Unsupported value: \"x\": supported values: \"NoSchedule\", \"PreferNoSchedule\", \"NoExecute\"")]
    public async Task An_object_must_keep_to_the_rules(string kind, string value, string fault)
    {
        var ns = kind[0] == '+' ? "" : await server.NamespaceAsync();

        var answer = await server.TryAsync(kind, ns, Sample.Object(value, "t-" + Guid.NewGuid().ToString("N")[..8]));

        answer.ExpectFault(fault);
    }

    [Theory]
    [InlineData("resourcequotas", """{"spec":{"hard":{"cpu":"0.5"}}}""", "spec", """{"hard":{"cpu":"500m"}}""")]
    [InlineData("limitranges", """{"spec":{"limits":[{"type":"Container","max":{"cpu":"2"}}]}}""", "spec", """{"limits":[{"type":"Container","max":{"cpu":"2"},"default":{"cpu":"2"},"defaultRequest":{"cpu":"2"}}]}""")]
    [InlineData("podtemplates", """{"template":TEMPLATE}""", "template.spec.securityContext", "{}")]
    [InlineData("endpoints", """{"subsets":[{"addresses":[{"ip":"1.2.3.4"}],"ports":[{"port":1}]}]}""", "subsets.0.ports", """[{"port":1,"protocol":"TCP"}]""")]
    [InlineData("discovery.k8s.io/v1/endpointslices", """{"addressType":"IPv4","ports":[{"port":1}]}""", "", """{"addressType":"IPv4","endpoints":null,"ports":[{"name":"","port":1,"protocol":"TCP"}]}""")]
    [InlineData("rbac.authorization.k8s.io/v1/roles", "{}", "", """{"rules":null}""")]
    [InlineData("+storage.k8s.io/v1/csidrivers", "{}", "spec", """{"attachRequired":true,"fsGroupPolicy":"ReadWriteOnceWithFSType","podInfoOnMount":false,"requiresRepublish":false,"seLinuxMount":false,"storageCapacity":false,"volumeLifecycleModes":["Persistent"]}""")]
    [InlineData("+nodes", "{}", "status", """{"daemonEndpoints":{"kubeletEndpoint":{"Port":0}},"nodeInfo":{"architecture":"","bootID":"","containerRuntimeVersion":"","kernelVersion":"","kubeProxyVersion":"","kubeletVersion":"","machineID":"","operatingSystem":"","osImage":"","systemUUID":""}}""")]
    public async Task An_object_is_completed(string kind, string value, string path, string expected)
    {
        var ns = kind[0] == '+' ? "" : await server.NamespaceAsync();

        var made = (await server.TryAsync(kind, ns, Sample.Object(value, "t-" + Guid.NewGuid().ToString("N")[..8]))).Expect(HttpStatusCode.Created);

        if (path.Length > 0)
        {
            made.ExpectJson(path, expected);
            return;
        }

        var shown = made.Json.AsObject();
        foreach (var name in (string[])["apiVersion", "kind", "metadata"]) shown.Remove(name);
        Assert.True(System.Text.Json.Nodes.JsonNode.DeepEquals(System.Text.Json.Nodes.JsonNode.Parse(expected), shown), shown.ToJsonString());
    }

    [Fact]
    public async Task An_event_of_the_older_form_is_about_something_in_its_namespace()
    {
        var ns = await server.NamespaceAsync();

        var elsewhere = await server.TryAsync("events", ns, Sample.Object("""{"involvedObject":{"namespace":"other","kind":"Pod","name":"p"}}"""));
        var nowhere = await server.TryAsync("events", ns, Sample.Object("""{"involvedObject":{"kind":"Node","name":"n"}}"""));
        var made = (await server.PostAsync(Sample.Collection("events", ns), Sample.Object($$$"""{"involvedObject":{"namespace":"{{{ns}}}"}}"""))).Expect(HttpStatusCode.Created);
        var again = (await server.MergeAsync(Sample.Collection("events", ns) + "/sample", """{"message":"b","count":2}""")).Expect(HttpStatusCode.OK);

        elsewhere.ExpectFault("involvedObject.namespace: Invalid value: \"other\": does not match event.namespace");
        nowhere.ExpectFault("involvedObject.namespace: Invalid value: \"\": does not match event.namespace");
        foreach (var name in (string[])["firstTimestamp", "lastTimestamp", "eventTime"]) Assert.True(made.Json.AsObject().TryGetPropertyValue(name, out var time) && time is null, name);
        made.ExpectJson("source", "{}");
        Assert.Equal("2", again.Text("count"));
    }

    [Theory]
    [InlineData("action", null, "action: Required value")]
    [InlineData("type", "\"Foo\"", "type: Invalid value: \"\": has invalid value: Foo")]
    [InlineData("eventTime", null, "eventTime: Required value")]
    [InlineData("reportingController", null, "reportingController: Required value")]
    [InlineData("deprecatedCount", "3", "count: Invalid value: \"\": needs to be unset")]
    [InlineData("series", "{\"count\":1,\"lastObservedTime\":\"2026-01-01T00:00:00.000000Z\"}", "series.count: Invalid value: \"\": should be at least 2")]
    public async Task An_event_of_the_newer_form_says_who_did_what(string member, string? value, string fault)
    {
        var ns = await server.NamespaceAsync();
        var whole = System.Text.Json.Nodes.JsonNode.Parse(NewerEvent(ns))!.AsObject();
        if (value is null) whole.Remove(member);
        else whole[member] = System.Text.Json.Nodes.JsonNode.Parse(value);

        var answer = await server.TryAsync(Events, ns, whole.ToJsonString());

        answer.ExpectFault(fault);
    }

    [Fact]
    public async Task An_event_of_the_newer_form_may_repeat_but_not_change()
    {
        var ns = await server.NamespaceAsync();
        (await server.PostAsync(Sample.Collection(Events, ns), NewerEvent(ns))).Expect(HttpStatusCode.Created);

        var changed = await server.MergeAsync(Sample.Collection(Events, ns) + "/sample", """{"note":"z"}""");
        (await server.MergeAsync(Sample.Collection(Events, ns) + "/sample", """{"series":{"count":2,"lastObservedTime":"2026-01-01T00:00:01.000000Z"}}""")).Expect(HttpStatusCode.OK);

        changed.ExpectFault("message: Invalid value: \"z\": field is immutable");
    }

    private static string NewerEvent(string ns) => Sample.Object($$"""
        {"regarding":{"namespace":"{{ns}}","kind":"Pod","name":"p"},"eventTime":"2026-01-01T00:00:00.000000Z","reportingController":"a.b/c","reportingInstance":"i","action":"A","reason":"R","type":"Normal","note":"n"}
        """);
}
