using System.Net;
using Slipway.Conformance.Tests.Harness;

namespace Slipway.Conformance.Tests.Kinds;

/// <summary>Services: what they are given, what they are refused for, and what an update keeps.</summary>
public sealed class ServiceTests(TestServer server)
{
    [Theory]
    [InlineData("""{"ports":[{"port":1}]}""", """{"type":"ClusterIP","internalTrafficPolicy":"Cluster","ipFamilies":["IPv4"],"ipFamilyPolicy":"SingleStack","ports":[{"port":1,"protocol":"TCP","targetPort":1}],"sessionAffinity":"None"}""")]
    [InlineData("""{"clusterIP":"None","ports":[{"port":1}],"selector":{"a":"b"}}""", """{"type":"ClusterIP","clusterIP":"None","clusterIPs":["None"],"internalTrafficPolicy":"Cluster","ipFamilies":["IPv4"],"ipFamilyPolicy":"SingleStack","ports":[{"port":1,"protocol":"TCP","targetPort":1}],"selector":{"a":"b"},"sessionAffinity":"None"}""")]
    [InlineData("""{"clusterIP":"None"}""", """{"type":"ClusterIP","clusterIP":"None","clusterIPs":["None"],"internalTrafficPolicy":"Cluster","ipFamilies":["IPv4","IPv6"],"ipFamilyPolicy":"RequireDualStack","sessionAffinity":"None"}""")]
    [InlineData("""{"type":"ExternalName","externalName":"a.b"}""", """{"type":"ExternalName","externalName":"a.b","sessionAffinity":"None"}""")]
    [InlineData("""{"sessionAffinity":"ClientIP","ports":[{"port":1}]}""", """{"type":"ClusterIP","internalTrafficPolicy":"Cluster","ipFamilies":["IPv4"],"ipFamilyPolicy":"SingleStack","ports":[{"port":1,"protocol":"TCP","targetPort":1}],"sessionAffinity":"ClientIP","sessionAffinityConfig":{"clientIP":{"timeoutSeconds":10800}}}""")]
    public async Task A_service_is_completed(string spec, string expected)
    {
        var made = await CreateAsync(spec);

        var shown = made.At("spec")!.AsObject();
        if (shown["clusterIP"] is { } address && address.ToString() != "None")
        {
            Assert.True(IPAddress.TryParse(address.ToString(), out _));
            Assert.Equal(address.ToString(), shown["clusterIPs"]![0]!.ToString());
            shown.Remove("clusterIP");
            shown.Remove("clusterIPs");
        }

        Assert.True(System.Text.Json.Nodes.JsonNode.DeepEquals(System.Text.Json.Nodes.JsonNode.Parse(expected), shown), shown.ToJsonString());
        made.ExpectJson("status", """{"loadBalancer":{}}""");
    }

    [Fact]
    public async Task Node_ports_are_given_once_and_kept()
    {
        var ns = await server.NamespaceAsync();
        var services = Sample.Collection("services", ns);
        const string Ports = """{"spec":{"type":"NodePort","ports":[{"name":"a","port":80},{"name":"b","port":81}]}}""";

        var first = (await server.PostAsync(services, Sample.Object(Ports))).Expect(HttpStatusCode.Created);
        var second = (await server.PostAsync(services, Sample.Object(Ports, "other"))).Expect(HttpStatusCode.Created);
        var given = new[] { first, second }.SelectMany(s => new[] { int.Parse(s.Text("spec.ports.0.nodePort")!), int.Parse(s.Text("spec.ports.1.nodePort")!) }).ToList();
        var taken = await server.PostAsync(services, Sample.Object($$$"""{"spec":{"type":"NodePort","ports":[{"port":80,"nodePort":{{{given[0]}}} }] } }""", "third"));
        var kept = (await server.MergeAsync(services + "/sample", """{"spec":{"ports":[{"name":"a","port":80},{"name":"c","port":82}]}}""")).Expect(HttpStatusCode.OK);

        Assert.Equal(4, given.Distinct().Count());
        Assert.All(given, p => Assert.InRange(p, 30000, 32767));
        Assert.Equal("Cluster", first.Text("spec.externalTrafficPolicy"));
        taken.ExpectFault($"spec.ports[0].nodePort: Invalid value: {given[0]}: provided port is already allocated");
        Assert.Equal(given[0].ToString(), kept.Text("spec.ports.0.nodePort"));
    }

    [Fact]
    public async Task An_address_is_one_services_only()
    {
        var ns = await server.NamespaceAsync();
        var services = Sample.Collection("services", ns);
        var address = (await server.PostAsync(services, Sample.Object("""{"spec":{"ports":[{"port":1}]}}"""))).Expect(HttpStatusCode.Created).Text("spec.clusterIP")!;

        var taken = await server.PostAsync(services, Sample.Object($$"""{"spec":{"clusterIP":"{{address}}","ports":[{"port":1}]} }""", "other"));

        taken.ExpectFault($"spec.clusterIPs: Invalid value: [\"{address}\"]: failed to allocate IP {address}: provided IP is already allocated");
    }

    [Theory]
    [InlineData("{}", "spec.ports: Required value")]
    [InlineData("""{"ports":[{"port":1},{"port":2}]}""", "spec.ports[0].name: Required value")]
    [InlineData("""{"ports":[{"port":1,"name":"a"},{"port":2,"name":"a"}]}""", "spec.ports[1].name: Duplicate value: \"a\"")]
    [InlineData("""{"ports":[{"port":1,"name":"a"},{"port":1,"name":"b"}]}""", "spec.ports[1]: Duplicate value: {\"Name\":\"\",\"Protocol\":\"TCP\",\"AppProtocol\":null,\"Port\":1,\"TargetPort\":0,\"NodePort\":0}")]
    [InlineData("""{"ports":[{"port":0}]}""", "spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive")]
    [InlineData("""{"type":"Foo","ports":[{"port":1}]}""", "spec.type: Unsupported value: \"Foo\": supported values: \"ClusterIP\", \"ExternalName\", \"LoadBalancer\", \"NodePort\"")]
    [InlineData("""{"type":"ExternalName"}""", "spec.externalName: Required value")]
    [InlineData("""{"type":"ExternalName","externalName":"a.b","clusterIP":"10.0.0.7"}""", "spec.clusterIPs: Forbidden: may not be set for ExternalName services")]
    [InlineData("""{"type":"NodePort","clusterIP":"None","ports":[{"port":1}]}""", "spec.clusterIPs[0]: Invalid value: \"None\": may not be set to 'None' for NodePort services")]
    [InlineData("""{"type":"NodePort","ports":[{"port":80,"nodePort":80}]}""", "spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767")]
    [InlineData("""{"ports":[{"port":80,"nodePort":30080}]}""", "spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'")]
    [InlineData("""{"clusterIP":"x","ports":[{"port":1}]}""", "spec.clusterIPs[0]: Invalid value: \"x\": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)")]
    [InlineData("""{"clusterIP":"192.168.1.1","ports":[{"port":1}]}""", "spec.clusterIPs: Invalid value: [\"192.168.1.1\"]: failed to allocate IP 192.168.1.1: the provided network does not match the current range")]
    [InlineData("""{"sessionAffinity":"Foo","ports":[{"port":1}]}""", "spec.sessionAffinity: Unsupported value: \"Foo\": supported values: \"ClientIP\", \"None\"")]
    [InlineData("""{"externalTrafficPolicy":"Local","ports":[{"port":1}]}""", "spec.externalTrafficPolicy: Invalid value: \"Local\": may only be set for externally-accessible services")]
    [InlineData("""{"ipFamilies":["IPv9"],"ports":[{"port":1}]}""", "spec.ipFamilies[0]: Unsupported value: \"IPv9\": supported values: \"IPv4\", \"IPv6\"")]
    [InlineData("""{"loadBalancerClass":"a/b","ports":[{"port":1}]}""", "spec.loadBalancerClass: Forbidden: may only be used when `type` is 'LoadBalancer'")]
    [InlineData("""{"clusterIP":"None","clusterIPs":["10.0.0.9"],"ports":[{"port":1}]}""", "spec.clusterIPs: Invalid value: [\"10.0.0.9\"]: first value must match `clusterIP`")]
    public async Task A_service_must_keep_to_the_rules(string spec, string fault)
    {
        var answer = await server.PostAsync(Sample.Collection("services", await server.NamespaceAsync()), Sample.Object($$"""{"spec":{{spec}} }"""));

        answer.ExpectFault(fault);
    }

    [Theory]
    [InlineData("""{"clusterIP":"10.0.0.55"}""", "spec.clusterIPs[0]: Invalid value: [\"10.0.0.55\"]: may not change once set")]
    [InlineData("""{"clusterIP":"None"}""", "spec.clusterIPs[0]: Invalid value: [\"None\"]: may not change once set")]
    public async Task The_address_stays(string change, string fault)
    {
        var ns = await server.NamespaceAsync();
        (await server.PostAsync(Sample.Collection("services", ns), Sample.Object("""{"spec":{"ports":[{"port":1}]}}"""))).Expect(HttpStatusCode.Created);

        var answer = await server.MergeAsync(Sample.Collection("services", ns) + "/sample", $$"""{"spec":{{change}} }""");

        answer.ExpectFault(fault);
    }

    [Fact]
    public async Task A_service_of_another_type_loses_what_only_the_old_one_had()
    {
        var made = await CreateAsync("""{"type":"LoadBalancer","ports":[{"port":80}]}""");
        var path = $"{Sample.Collection("services", made.Text("metadata.namespace")!)}/sample";

        var inside = (await server.MergeAsync(path, """{"spec":{"type":"ClusterIP"}}""")).Expect(HttpStatusCode.OK);
        var outside = (await server.MergeAsync(path, """{"spec":{"type":"ExternalName","externalName":"a.b"}}""")).Expect(HttpStatusCode.OK);

        Assert.Equal("True", made.Text("spec.allocateLoadBalancerNodePorts"), ignoreCase: true);
        Assert.Equal(made.Text("spec.clusterIP"), inside.Text("spec.clusterIP"));
        foreach (var name in (string[])["allocateLoadBalancerNodePorts", "externalTrafficPolicy", "ports.0.nodePort"]) Assert.Null(inside.At("spec." + name));
        foreach (var name in (string[])["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "internalTrafficPolicy"]) Assert.Null(outside.At("spec." + name));
    }

    private async Task<Answer> CreateAsync(string spec) =>
        (await server.PostAsync(Sample.Collection("services", await server.NamespaceAsync()), Sample.Object($$"""{"spec":{{spec}} }"""))).Expect(HttpStatusCode.Created);
}
