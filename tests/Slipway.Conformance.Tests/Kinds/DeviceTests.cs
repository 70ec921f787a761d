using System.Net;
using Slipway.Conformance.Tests.Harness;

namespace Slipway.Conformance.Tests.Kinds;

/// <summary>Devices that drivers offer, and claims of them (resource.k8s.io/v1).</summary>
public sealed class DeviceTests(TestServer server)
{
    private const string Claims = "resource.k8s.io/v1/resourceclaims", Slices = "+resource.k8s.io/v1/resourceslices", Classes = "+resource.k8s.io/v1/deviceclasses";

    [Theory]
    [InlineData("""{"name":"r"}""", "spec.devices.requests[0]: Required value: exactly one of `exactly` or `firstAvailable` is required")]
    [InlineData("""{"name":"r","exactly":{"deviceClassName":"c"},"firstAvailable":[{"name":"a","deviceClassName":"c"}]}""", "spec.devices.requests[0]: Invalid value: null: exactly one of `exactly` or `firstAvailable` is required, but multiple fields are set")]
    [InlineData("""{"name":"A_","exactly":{"deviceClassName":"c"}}""", "spec.devices.requests[0].name: Invalid value: \"A_\": a lowercase RFC 1123 label must consist of")]
    [InlineData("""{"name":"r","exactly":{}}""", "spec.devices.requests[0].exactly.deviceClassName: Required value")]
    [InlineData("""{"name":"r","exactly":{"deviceClassName":"c","allocationMode":"x"}}""", "spec.devices.requests[0].exactly.allocationMode: Unsupported value: \"x\": supported values: \"All\", \"ExactCount\"")]
    [InlineData("""{"name":"r","exactly":{"deviceClassName":"c","count":-1}}""", "spec.devices.requests[0].exactly.count: Invalid value: -1: must be greater than zero")]
    [InlineData("""{"name":"r","exactly":{"deviceClassName":"c","allocationMode":"All","count":2}}""", "spec.devices.requests[0].exactly.count: Invalid value: 2: must not be specified when allocationMode is 'All'")]
    [InlineData("""{"name":"r","exactly":{"deviceClassName":"c","selectors":[{}]}}""", "spec.devices.requests[0].exactly.selectors[0].cel: Required value")]
    [InlineData("""{"name":"r","exactly":{"deviceClassName":"c","selectors":[{"cel":{"expression":"device.foo"}}]}}""", "spec.devices.requests[0].exactly.selectors[0].cel.expression: Invalid value: \"device.foo\": compilation failed: ERROR: <input>:1:7: undefined field 'foo'")]
    [InlineData("""{"name":"r","exactly":{"deviceClassName":"c","selectors":[{"cel":{"expression":"device.driver"}}]}}""", "spec.devices.requests[0].exactly.selectors[0].cel.expression: Invalid value: \"device.driver\": must evaluate to bool or the unknown type, not string")]
    [InlineData("""{"name":"r","firstAvailable":[{"name":"a","deviceClassName":"c"},{"name":"a","deviceClassName":"c"}]}""", "spec.devices.requests[0].firstAvailable[1]: Duplicate value: \"a\"")]
    [InlineData("""{"name":"r","exactly":{"deviceClassName":"c","tolerations":[{"operator":"x"}]}}""", "spec.devices.requests[0].exactly.tolerations[0].operator: Unsupported value: \"x\": supported values: \"Equal\", \"Exists\"")]
    public async Task A_request_must_keep_to_the_rules(string request, string fault)
    {
        var answer = await server.TryAsync(Claims, await server.NamespaceAsync(), Sample.Object($$$$"""{"spec":{"devices":{"requests":[{{{{request}}}}]}}}"""));

        answer.ExpectFault(fault);
    }

    [Fact]
    public async Task A_request_is_completed_and_may_choose_by_all_of_a_device()
    {
        var made = (await server.TryAsync(Claims, await server.NamespaceAsync(), Sample.Object("""
            {"spec":{"devices":{"requests":[{"name":"r","exactly":{"deviceClassName":"c","selectors":[{"cel":{"expression":
             "device.attributes['a.b'].c.matches('x') && device.capacity['a.b'].m.compareTo(quantity('1Gi')) >= 0 && device.driver == 'd' && device.allowMultipleAllocations == true"}}]}}]}}}
            """))).Expect(HttpStatusCode.Created);

        Assert.Equal(("ExactCount", "1"), (made.Text("spec.devices.requests.0.exactly.allocationMode"), made.Text("spec.devices.requests.0.exactly.count")));
        made.ExpectJson("status", "{}");
        Assert.Null(made.At("metadata.generation"));
    }

    [Theory]
    [InlineData("\"constraints\":[{\"requests\":[\"x\"],\"matchAttribute\":\"a.b/c\"}]", "spec.devices.constraints[0].requests[0]: Invalid value: \"x\": must be the name of a request in the claim")]
    [InlineData("\"constraints\":[{\"matchAttribute\":\"c\"}]", "spec.devices.constraints[0].matchAttribute: Invalid value: \"c\": a fully qualified name must be a domain and a name separated by a slash")]
    [InlineData("\"config\":[{}]", "spec.devices.config[0].opaque: Required value")]
    [InlineData("\"config\":[{\"opaque\":{\"driver\":\"d.e\"}}]", "spec.devices.config[0].opaque.parameters: Required value")]
    public async Task A_claim_must_keep_to_the_rules(string member, string fault)
    {
        var answer = await server.TryAsync(Claims, await server.NamespaceAsync(), Sample.Object($$$$"""{"spec":{"devices":{"requests":[{"name":"r","exactly":{"deviceClassName":"c"}}],{{{{member}}}} }}}"""));

        answer.ExpectFault(fault);
    }

    [Fact]
    public async Task What_was_claimed_and_given_stays()
    {
        var ns = await server.NamespaceAsync();
        var path = Sample.Collection(Claims, ns) + "/sample";
        (await server.PostAsync(Sample.Collection(Claims, ns), Sample.Object("""{"spec":{"devices":{"requests":[{"name":"r","exactly":{"deviceClassName":"c"}}]}}}"""))).Expect(HttpStatusCode.Created);

        var changed = await server.MergeAsync(path, """{"spec":{"devices":{"requests":[{"name":"z","exactly":{"deviceClassName":"c"}}]}}}""");
        var reserved = await server.MergeAsync(path + "/status", """{"status":{"reservedFor":[{"resource":"pods","name":"p","uid":"1"}]}}""");
        (await server.MergeAsync(path + "/status", """{"status":{"allocation":{"devices":{"results":[{"request":"r","driver":"d.e","pool":"p","device":"x"}]}}}}""")).Expect(HttpStatusCode.OK);
        var other = await server.MergeAsync(path + "/status", """{"status":{"allocation":{"devices":{"results":[{"request":"r","driver":"d.e","pool":"p","device":"y"}]}}}}""");

        changed.ExpectFault("spec: Invalid value:");
        reserved.ExpectFault("status.reservedFor: Forbidden: may not be specified when `allocated` is not set");
        other.ExpectFault("status.allocation: Invalid value:");
    }

    [Theory]
    [InlineData("""{"nodeName":"n","pool":{"name":"p","resourceSliceCount":1}}""", "spec.driver: Required value")]
    [InlineData("""{"driver":"d.e","nodeName":"n","pool":{"name":"p"}}""", "spec.pool.resourceSliceCount: Invalid value: 0: must be greater than zero")]
    [InlineData("""{"driver":"d.e","pool":{"name":"p","resourceSliceCount":1}}""", "spec: Required value: exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required")]
    [InlineData("""{"driver":"d.e","nodeName":"n","allNodes":true,"pool":{"name":"p","resourceSliceCount":1}}""", "spec: Invalid value: \"{`nodeName`, `allNodes`}\": exactly one of")]
    [InlineData("""{"driver":"d.e","nodeName":"n","pool":{"name":"p","resourceSliceCount":1},"devices":[{"name":"a"},{"name":"a"}]}""", "spec.devices[1]: Duplicate value: \"a\"")]
    [InlineData("""{"driver":"d.e","nodeName":"n","pool":{"name":"p","resourceSliceCount":1},"devices":[{"name":"a","attributes":{"x":{}}}]}""", "spec.devices[0].attributes[x]: Invalid value: \"\": exactly one value must be specified")]
    [InlineData("""{"driver":"d.e","nodeName":"n","pool":{"name":"p","resourceSliceCount":1},"devices":[{"name":"a","attributes":{"x":{"int":1,"bool":true}}}]}""", "spec.devices[0].attributes[x]: Invalid value: {\"IntValue\":1,\"BoolValue\":true,\"StringValue\":null")]
    [InlineData("""{"driver":"d.e","nodeName":"n","pool":{"name":"p","resourceSliceCount":1},"devices":[{"name":"a","attributes":{"1x":{"int":1}}}]}""", "spec.devices[0].attributes: Invalid value: \"1x\": a valid C identifier must start with")]
    [InlineData("""{"driver":"d.e","nodeName":"n","pool":{"name":"p","resourceSliceCount":1},"devices":[{"name":"a","attributes":{"x":{"version":"1.x"}}}]}""", "spec.devices[0].attributes[x].version: Invalid value: \"1.x\": must be a string compatible with semver.org spec 2.0.0")]
    [InlineData("""{"driver":"d.e","nodeName":"n","pool":{"name":"p","resourceSliceCount":1},"devices":[{"name":"a","taints":[{"key":"k"}]}]}""", "spec.devices[0].taints[0].effect: Required value")]
    [InlineData("""{"driver":"d.e","nodeName":"n","pool":{"name":"p","resourceSliceCount":1},"devices":[{"name":"a"}],"sharedCounters":[{"name":"c","counters":{"a":{"value":"1"}}}]}""", "spec: Invalid value: \"\": only one of `sharedCounters` or `devices` is allowed")]
    [InlineData("""{"driver":"d.e","perDeviceNodeSelection":true,"pool":{"name":"p","resourceSliceCount":1},"devices":[{"name":"a"}]}""", "spec.devices[0]: Required value: exactly one of `nodeName`, `nodeSelector`, or `allNodes` is required")]
    public async Task A_slice_must_keep_to_the_rules(string spec, string fault)
    {
        var answer = await server.TryAsync(Slices, "", Sample.Object($$"""{"spec":{{spec}} }""", "t-" + Guid.NewGuid().ToString("N")));

        answer.ExpectFault(fault);
    }

    [Fact]
    public async Task Devices_that_others_hold_are_claimed_only_in_namespaces_set_aside_for_it()
    {
        var ns = await server.NamespaceAsync();
        var claim = Sample.Object("""{"spec":{"devices":{"requests":[{"name":"r","exactly":{"deviceClassName":"c","allocationMode":"All","adminAccess":true}}]}}}""");
        (await server.TryAsync(Claims, ns, claim)).ExpectFault("spec.devices.requests[0].adminAccess: Forbidden: admin access to devices requires the `resource.kubernetes.io/admin-access: true` label on the containing namespace");
        (await server.MergeAsync("/api/v1/namespaces/" + ns, """{"metadata":{"labels":{"resource.kubernetes.io/admin-access":"true"}}}""")).Expect(HttpStatusCode.OK);
        (await server.TryAsync(Claims, ns, claim)).Expect(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_slice_is_completed()
    {
        var made = (await server.TryAsync(Slices, "", Sample.Object("""
            {"spec":{"driver":"d.e","nodeName":"n","pool":{"name":"p","resourceSliceCount":1},"devices":[{"name":"a","attributes":{"x":{"bool":false},"y":{"version":"1.2.3-a+b"}},"capacity":{"m":{"value":"1024Mi"}},"taints":[{"key":"k","effect":"NoSchedule"}]}]}}
            """, "t-" + Guid.NewGuid().ToString("N")))).Expect(HttpStatusCode.Created);

        made.ExpectJson("spec.devices.0.attributes", """{"x":{"bool":false},"y":{"version":"1.2.3-a+b"}}""");
        made.ExpectJson("spec.devices.0.capacity", """{"m":{"value":"1Gi"}}""");
        Assert.NotNull(made.Text("spec.devices.0.taints.0.timeAdded"));
        made.ExpectJson("spec.pool", """{"name":"p","generation":0,"resourceSliceCount":1}""");
    }

    [Theory]
    [InlineData("""{"selectors":[{"cel":{"expression":"x"}}]}""", "spec.selectors[0].cel.expression: Invalid value: \"x\": compilation failed: ERROR: <input>:1:1: undeclared reference to 'x'")]
    [InlineData("""{"config":[{}]}""", "spec.config[0].opaque: Required value")]
    [InlineData("""{"extendedResourceName":"foo"}""", "spec.extendedResourceName: Invalid value: \"foo\": must be a valid extended resource name")]
    public async Task A_class_must_keep_to_the_rules(string spec, string fault)
    {
        var answer = await server.TryAsync(Classes, "", Sample.Object($$"""{"spec":{{spec}} }""", "t-" + Guid.NewGuid().ToString("N")));

        answer.ExpectFault(fault);
    }
}
