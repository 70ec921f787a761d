using System.Net;
using Slipway.Conformance.Tests.Harness;

namespace Slipway.Conformance.Tests.Definitions;

public sealed class CustomResourceTests(TestServer server)
{
    [Theory]
    [InlineData("""{"type":"integer"}""", "\"x\"", "spec.f: Invalid value: \"string\": spec.f in body must be of type integer: \"string\"")]
    [InlineData("""{"type":"string"}""", "1", "spec.f: Invalid value: \"integer\": spec.f in body must be of type string: \"integer\"")]
    [InlineData("""{"type":"integer","minimum":1}""", "0", "spec.f: Invalid value: 0: spec.f in body should be greater than or equal to 1")]
    [InlineData("""{"type":"integer","maximum":5,"exclusiveMaximum":true}""", "5", "spec.f: Invalid value: 5: spec.f in body should be less than 5")]
    [InlineData("""{"type":"string","enum":["a","b"]}""", "\"c\"", "spec.f: Unsupported value: \"c\": supported values: \"a\", \"b\"")]
    [InlineData("""{"type":"string","pattern":"^[a-z]+$"}""", "\"A\"", "spec.f: Invalid value: \"A\": spec.f in body should match '^[a-z]+$'")]
    [InlineData("""{"type":"string","maxLength":2}""", "\"abc\"", "spec.f: Too long: may not be more than 2 bytes")]
    [InlineData("""{"type":"string","minLength":2}""", "\"a\"", "spec.f: Invalid value: \"a\": spec.f in body should be at least 2 chars long")]
    [InlineData("""{"type":"array","items":{"type":"string"},"maxItems":1}""", """["a","b"]""", "spec.f: Too many: 2: must have at most 1 item")]
    [InlineData("""{"type":"array","items":{"type":"string"},"maxItems":2}""", """["a","b","c"]""", "spec.f: Too many: 3: must have at most 2 items")]
    [InlineData("""{"type":"array","items":{"type":"string"},"x-kubernetes-list-type":"set"}""", """["a","a"]""", "spec.f[1]: Duplicate value: \"a\"")]
    [InlineData("""{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["n"],"items":{"type":"object","required":["n"],"properties":{"n":{"type":"string"}}}}""",
        """[{"n":"a"},{"n":"a"}]""", "spec.f[1]: Duplicate value: {\"n\":\"a\"}")]
    [InlineData("""{"type":"object","required":["a"],"properties":{"a":{"type":"string"}}}""", "{}", "spec.f.a: Required value")]
    [InlineData("""{"x-kubernetes-int-or-string":true}""", "true", "spec.f: Invalid value: \"boolean\": spec.f in body must be of type integer,string: \"boolean\"")]
    [InlineData("""{"type":"string","format":"date-time"}""", "\"soon\"", "spec.f: Invalid value: \"soon\": spec.f in body must be of type date-time: \"soon\"")]
    [InlineData("""{"type":"object","oneOf":[{"required":["a"]},{"required":["b"]}],"properties":{"a":{"type":"string"},"b":{"type":"string"}}}""", """{"a":"","b":""}""",
        "<nil>: Invalid value: \"\": \"spec.f\" must validate one and only one schema (oneOf). Found 2 valid alternatives")]
    [InlineData("""{"type":"object","anyOf":[{"required":["a"]},{"required":["b"]}],"properties":{"a":{"type":"string"},"b":{"type":"string"}}}""", "{}",
        "[<nil>: Invalid value: \"\": \"spec.f\" must validate at least one schema (anyOf), spec.f.a: Required value]")]
    [InlineData("""{"type":"object","allOf":[{"required":["a"]},{"required":["b"]}],"properties":{"a":{"type":"string"},"b":{"type":"string"}}}""", "{}",
        "[spec.f.a: Required value, spec.f.b: Required value, <nil>: Invalid value: \"\": \"spec.f\" must validate all the schemas (allOf). None validated]")]
    [InlineData("""{"type":"object","not":{"required":["a"]},"properties":{"a":{"type":"string"}}}""", """{"a":""}""", "<nil>: Invalid value: \"\": \"spec.f\" must not validate the schema (not)")]
    [InlineData("""{"type":"integer"}""", "1.5",
        "[spec.f: Invalid value: \"number\": spec.f in body must be of type integer: \"number\", <nil>: Invalid value: \"\": Checked value must be of type integer (default format) in spec.f]")]
    [InlineData("""{"type":"integer","format":"int32"}""", "3000000000", "<nil>: Invalid value: \"\": Checked value must be of type integer with format int32 in spec.f")]
    [InlineData("""{"type":"object"}""", "[1]", "spec.f: Invalid value: \"array\": spec.f in body must be of type object: \"array\"")]
    [InlineData("""{"type":"number","multipleOf":2}""", "3", "spec.f: Invalid value: 3: spec.f in body should be a multiple of 2")]
    [InlineData("""{"type":"object","additionalProperties":{"type":"string"}}""", """{"k":1}""", "spec.f.k: Invalid value: \"integer\": spec.f.k in body must be of type string: \"integer\"")]
    [InlineData("""{"type":"object","additionalProperties":{"type":"string"},"minProperties":1}""", "{}", "spec.f: Invalid value: 0: spec.f in body should have at least 1 properties")]
    public async Task A_value_outside_its_schema_is_refused_with_its_path(string schema, string value, string expected)
    {
        var ns = await server.NamespaceAsync();
        var kind = await server.DefineAsync($$$"""{"type":"object","properties":{"f":{{{schema}}} }}""");
        var answer = await server.PostAsync(kind.Path(ns), kind.Json("x", $$$"""{"f":{{{value}}} }"""));
        answer.ExpectStatus(422, "Invalid");
        Assert.Equal($"{kind.Kind}.{kind.Group} \"x\" is invalid: {expected}", answer.Message);
        Assert.Equal(expected[..expected.IndexOf(": ", StringComparison.Ordinal)].TrimStart('['), answer.Text("details.causes.0.field"));
    }

    [Fact]
    public async Task Unknown_fields_are_pruned_and_defaults_are_set()
    {
        var ns = await server.NamespaceAsync();
        var kind = await server.DefineAsync("""
            {"type":"object","properties":{"a":{"type":"integer","default":7},"n":{"type":"string","nullable":true},
             "o":{"type":"object","default":{},"properties":{"p":{"type":"string","default":"q"}}},
             "any":{"type":"object","x-kubernetes-preserve-unknown-fields":true},
             "list":{"type":"array","items":{"type":"object","properties":{"k":{"type":"string","default":"v"}}}}}}
            """);
        var made = (await server.PostAsync(kind.Path(ns), kind.Json("x", """{"n":null,"a":null,"unknown":1,"any":{"kept":{"deep":true}},"list":[{}]}""", ""","alsoUnknown":1"""))).Expect(HttpStatusCode.Created);
        made.ExpectJson("spec", """{"n":null,"any":{"kept":{"deep":true}},"list":[{"k":"v"}],"a":7,"o":{"p":"q"}}""");
        Assert.Null(made.At("alsoUnknown"));
        Assert.Equal(2, made.Warnings.Count);
    }

    [Fact]
    public async Task A_changed_schema_holds_for_what_is_already_stored()
    {
        var ns = await server.NamespaceAsync();
        var kind = await server.DefineAsync("""{"type":"object","properties":{"a":{"type":"integer"}}}""");
        await server.PostAsync(kind.Path(ns), kind.Json("x", "{}"));
        var crd = $"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/{kind.Plural}.{kind.Group}";
        (await server.JsonPatchAsync(crd, """[{"op":"add","path":"/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/b","value":{"type":"string","default":"new"}}]""")).Expect(HttpStatusCode.OK);
        await TestServer.EventuallyAsync(async () => (await server.GetAsync(kind.Path(ns, "x"))).Text("spec.b") == "new", "the new default is shown");
        Assert.Equal("new", (await server.GetAsync(kind.Path(ns))).Text("items.0.spec.b"));
    }

    [Fact]
    public async Task What_is_made_while_a_definition_goes_does_not_keep_it()
    {
        var ns = await server.NamespaceAsync();
        var kind = await server.DefineAsync("""{"type":"object"}""");
        // Its finalizer keeps the object, and the object the definition.
        (await server.PostAsync(kind.Path(ns), kind.Json("held", "{}"))).Expect(HttpStatusCode.Created);
        (await server.MergeAsync(kind.Path(ns, "held"), """{"metadata":{"finalizers":["example.com/held"]}}""")).Expect(HttpStatusCode.OK);
        var crd = $"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/{kind.Plural}.{kind.Group}";
        (await server.DeleteAsync(crd)).Expect(HttpStatusCode.OK);
        await TestServer.EventuallyAsync(async () => (await server.GetAsync(kind.Path(ns, "held"))).Text("metadata.deletionTimestamp") is not null, "the object is going");

        var refused = await server.PostAsync(kind.Path(ns), kind.Json("late", "{}"));
        refused.ExpectStatus(403, "Forbidden");
        Assert.Equal($"{kind.Plural}.{kind.Group} \"late\" is forbidden: create not allowed while custom resource definition is terminating", refused.Message);
        var applied = await server.ApplyAsync(kind.Path(ns, "applied"), "late", kind.Json("applied", "{}"));
        Assert.True(applied.Code is HttpStatusCode.Created or HttpStatusCode.Forbidden, $"{applied.Code}: {applied.Body}");

        (await server.MergeAsync(kind.Path(ns, "held"), """{"metadata":{"finalizers":null}}""")).Expect(HttpStatusCode.OK);
        await TestServer.EventuallyAsync(async () => (await server.GetAsync(crd)).Code == HttpStatusCode.NotFound, "the definition is gone");
    }

    [Fact]
    public async Task Several_versions_show_the_same_objects()
    {
        var ns = await server.NamespaceAsync();
        const string Schema = """{"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}}}""";
        await server.InstallAsync($$$"""
            {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"things.multi.example.com"},
             "spec":{"group":"multi.example.com","scope":"Namespaced","names":{"plural":"things","kind":"Thing","shortNames":["tg"]},"versions":[
              {"name":"v1alpha1","served":true,"storage":false,"deprecated":true,"schema":{{{Schema}}} },{"name":"v1","served":true,"storage":true,"schema":{{{Schema}}} }]}}
            """, "/apis/multi.example.com/v1/things");
        var old = await server.PostAsync($"/apis/multi.example.com/v1alpha1/namespaces/{ns}/things", """{"apiVersion":"multi.example.com/v1alpha1","kind":"Thing","metadata":{"name":"t"},"spec":{"a":1}}""");
        Assert.Equal("multi.example.com/v1alpha1", old.Expect(HttpStatusCode.Created).Text("apiVersion"));
        Assert.Contains("deprecated", old.Warnings.Single(), StringComparison.Ordinal);
        Assert.Equal("multi.example.com/v1", (await server.GetAsync($"/apis/multi.example.com/v1/namespaces/{ns}/things/t")).Text("apiVersion"));
        var group = await server.GetAsync("/apis/multi.example.com");
        Assert.Equal("v1", group.Text("preferredVersion.version"));
    }

    [Fact]
    public async Task Scale_is_one_number_of_the_object()
    {
        var ns = await server.NamespaceAsync();
        var kind = await server.DefineAsync("""{"type":"object","properties":{"replicas":{"type":"integer"}}}""");
        await server.PostAsync(kind.Path(ns), kind.Json("x", """{"replicas":1}"""));
        var scale = (await server.GetAsync(kind.Path(ns, "x") + "/scale")).Expect(HttpStatusCode.OK);
        Assert.Equal("Scale", scale.Text("kind"));
        (await server.MergeAsync(kind.Path(ns, "x") + "/scale", """{"spec":{"replicas":5}}""")).Expect(HttpStatusCode.OK);
        var after = await server.GetAsync(kind.Path(ns, "x"));
        Assert.Equal("5", after.Text("spec.replicas"));
        Assert.Equal("2", after.Text("metadata.generation"));
    }

    [Theory]
    [InlineData("""{"type":"object","properties":{"a":{}}}""", "spec.validation.openAPIV3Schema.properties[spec].properties[a].type: Required value: must not be empty for specified object fields")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"array"}}}""", "spec.validation.openAPIV3Schema.properties[spec].properties[a].items: Required value: must be specified")]
    public async Task A_schema_that_is_not_structural_is_refused(string spec, string expected)
    {
        var body = $$$"""
            {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"bads.example.com"},
             "spec":{"group":"example.com","scope":"Namespaced","names":{"plural":"bads","kind":"Bad"},
              "versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{{{spec}}} }} } }]}}
            """;
        var answer = await server.PostAsync("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", body);
        answer.ExpectStatus(422, "Invalid");
        Assert.Contains(expected, answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deleting_a_definition_deletes_its_objects()
    {
        var ns = await server.NamespaceAsync();
        var kind = await server.DefineAsync("""{"type":"object"}""");
        await server.PostAsync(kind.Path(ns), kind.Json("x", "{}"));
        await using var watch = await Watching.OpenAsync(server, kind.Path(ns) + "?watch=true");
        Assert.Equal("ADDED x", await watch.NextNameAsync());
        var crds = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
        var name = $"{kind.Plural}.{kind.Group}";
        await using var definitions = await Watching.OpenAsync(server, $"{crds}?watch=true&fieldSelector=metadata.name%3D{name}");
        Assert.Equal("ADDED " + name, await definitions.NextNameAsync());
        (await server.DeleteAsync($"{crds}/{name}")).Expect(HttpStatusCode.OK);
        Assert.Equal("DELETED x", await watch.NextNameAsync());
        await definitions.UntilAsync("DELETED " + name);
        if (TestServer.Cluster is null) Assert.Equal(HttpStatusCode.NotFound, (await server.GetAsync(kind.Path(ns))).Code);
        else await TestServer.EventuallyAsync(async () => (await server.GetAsync(kind.Path(ns))).Code == HttpStatusCode.NotFound, "the resource is gone");
    }
}
