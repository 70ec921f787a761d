using System.Net;
using Slipway.Conformance.Tests.Harness;

namespace Slipway.Conformance.Tests.Definitions;

/// <summary>What an update leaves as it is, is not held against it (KEP-4008).</summary>
public sealed class RatchetingTests(TestServer server)
{
    [Fact]
    public async Task A_stored_fault_stays_until_its_place_changes()
    {
        var ns = await server.NamespaceAsync();
        var kind = await server.DefineAsync("""
            {"type":"object","properties":{"a":{"type":"string"},"other":{"type":"string"},"l":{"type":"array","items":{"type":"string"}},
             "ml":{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["k"],"items":{"type":"object","required":["k"],"properties":{"k":{"type":"string"},"v":{"type":"integer"}}}}}}
            """);
        (await server.PostAsync(kind.Path(ns), kind.Json("x", """{"a":"long","l":["long"],"ml":[{"k":"p","v":9},{"k":"q","v":1}]}"""))).Expect(HttpStatusCode.Created);
        const string Properties = "/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties";
        (await server.JsonPatchAsync($"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/{kind.Plural}.{kind.Group}", $$"""
            [{"op":"add","path":"{{Properties}}/a/maxLength","value":2},{"op":"add","path":"{{Properties}}/l/items/maxLength","value":2},
             {"op":"add","path":"{{Properties}}/ml/items/properties/v/maximum","value":5}]
            """)).Expect(HttpStatusCode.OK);
        await server.SettleAsync();
        var path = kind.Path(ns, "x");
        (await server.MergeAsync(path, """{"spec":{"other":"changed"}}""")).Expect(HttpStatusCode.OK);
        (await server.MergeAsync(path, """{"spec":{"ml":[{"k":"q","v":2},{"k":"p","v":9}]}}""")).Expect(HttpStatusCode.OK);
        Assert.EndsWith(": spec.ml[0].v: Invalid value: 8: spec.ml[0].v in body should be less than or equal to 5",
            (await server.MergeAsync(path, """{"spec":{"ml":[{"k":"p","v":8}]}}""")).Message, StringComparison.Ordinal);
        Assert.EndsWith(": spec.a: Too long: may not be more than 2 bytes", (await server.MergeAsync(path, """{"spec":{"a":"longer"}}""")).Message, StringComparison.Ordinal);
        Assert.EndsWith(": spec.l[0]: Too long: may not be more than 2 bytes", (await server.MergeAsync(path, """{"spec":{"l":["long","x"]}}""")).Message, StringComparison.Ordinal);
        (await server.MergeAsync(path, """{"spec":{"a":"ok"}}""")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_rule_that_was_broken_before_is_a_warning_while_its_value_stays()
    {
        var ns = await server.NamespaceAsync();
        var kind = await server.DefineAsync("""{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}}}""");
        (await server.PostAsync(kind.Path(ns), kind.Json("x", """{"a":"wrong"}"""))).Expect(HttpStatusCode.Created);
        (await server.JsonPatchAsync($"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/{kind.Plural}.{kind.Group}", """
            [{"op":"add","path":"/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/a/x-kubernetes-validations","value":[{"rule":"self == 'right'"}]}]
            """)).Expect(HttpStatusCode.OK);
        await server.SettleAsync();
        var answer = (await server.MergeAsync(kind.Path(ns, "x"), """{"spec":{"b":"changed"}}""")).Expect(HttpStatusCode.OK);
        Assert.Contains("spec.a: Invalid value: \\\"wrong\\\": failed rule: self == 'right'", Assert.Single(answer.Warnings), StringComparison.Ordinal);
        Assert.EndsWith(": spec.a: Invalid value: \"still\": failed rule: self == 'right'", (await server.MergeAsync(kind.Path(ns, "x"), """{"spec":{"a":"still"}}""")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_write_to_the_status_is_not_held_up_by_the_rest()
    {
        var ns = await server.NamespaceAsync();
        var kind = await server.DefineAsync("""{"type":"object","properties":{"a":{"type":"string"}}}""");
        (await server.PostAsync(kind.Path(ns), kind.Json("x", "{}"))).Expect(HttpStatusCode.Created);
        (await server.JsonPatchAsync($"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/{kind.Plural}.{kind.Group}",
            """[{"op":"add","path":"/spec/versions/0/schema/openAPIV3Schema/properties/spec/required","value":["a"]}]""")).Expect(HttpStatusCode.OK);
        await server.SettleAsync();
        (await server.MergeAsync(kind.Path(ns, "x") + "/status", """{"status":{"done":true}}""")).Expect(HttpStatusCode.OK);
    }
}
