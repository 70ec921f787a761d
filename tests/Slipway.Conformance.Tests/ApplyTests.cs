using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Conformance.Tests.Harness;

namespace Slipway.Conformance.Tests;

public sealed class ApplyTests(TestServer server)
{
    [Fact]
    public async Task An_apply_owns_what_it_says_and_nothing_else()
    {
        var path = await DeploymentAsync();
        var made = (await server.ApplyAsync(path, "one", Deployment("""{"name":"c","image":"i","ports":[{"containerPort":80}]}"""))).Expect(HttpStatusCode.Created);
        Assert.Equal("""{"f:spec":{"f:selector":{},"f:template":{"f:metadata":{"f:labels":{"f:a":{}}},"f:spec":{"f:containers":{"k:{\"name\":\"c\"}":{".":{},"f:image":{},"f:name":{},"f:ports":{"k:{\"containerPort\":80,\"protocol\":\"TCP\"}":{".":{},"f:containerPort":{}}}}}}}}}""",
            made.At("metadata.managedFields.0.fieldsV1")!.ToJsonString(s_plain));
        Assert.Equal("Apply", made.Text("metadata.managedFields.0.operation"));
        Assert.Equal("TCP", made.Text("spec.template.spec.containers.0.ports.0.protocol"));
    }

    [Theory]
    [InlineData("""{"replicaz":3}""", ".spec.replicaz: field not declared in schema")]
    [InlineData("""{"template":{"spec":{"containers":[{"name":"a","foo":1}]}}}""", ".spec.template.spec.containers[name=\"a\"].foo: field not declared in schema")]
    [InlineData("""{"template":{"spec":{"containers":[{"name":"a"},{"name":"a"}]}}}""", ".spec.template.spec.containers: duplicate entries for key [name=\"a\"]")]
    [InlineData("""{"template":{"spec":{"containers":["a"]}}}""", ".spec.template.spec.containers: element 0: associative list with keys may not have non-map elements")]
    [InlineData("""{"template":{"spec":{"containers":[{"name":1}]}}}""", ".spec.template.spec.containers[name=1].name: expected string, got &value.valueUnstructured{Value:1}")]
    [InlineData("""{"template":{"spec":{"containers":"a"}}}""", ".spec.template.spec.containers: expected list, got &{a}")]
    [InlineData("""{"template":{"metadata":{"finalizers":["a","a"]}}}""", ".spec.template.metadata.finalizers: duplicate entries for key [=\"a\"]")]
    [InlineData("""{"template":[1]}""", ".spec.template: expected map, got &{[1]}")]
    [InlineData("""{"paused":1}""", ".spec.paused: expected boolean, got &{1}")]
    [InlineData("""{"replicas":"x"}""", ".spec.replicas: expected numeric (int or float), got string")]
    [InlineData("""{"replicas":true}""", ".spec.replicas: expected numeric (int or float), got bool")]
    [InlineData("""{"replicas":[1]}""", ".spec.replicas: expected numeric (int or float), got []interface {}")]
    [InlineData("""{"replicas":{"a":1}}""", ".spec.replicas: expected numeric (int or float), got map[string]interface {}")]
    [InlineData("\"x\"", ".spec: expected map, got &{x}")]
    public async Task What_cannot_be_given_to_a_field_is_refused_whatever_the_validation(string spec, string fault)
    {
        var path = await DeploymentAsync();
        var (ns, name) = (path.Split('/')[5], path.Split('/')[7]);
        foreach (var validation in (string[])["Strict", "Ignore"])
        {
            var refused = await server.ApplyAsync($"{path}?fieldValidation={validation}", "one", $$"""{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"{{name}}","namespace":"{{ns}}"},"spec":{{spec}} }""");
            refused.ExpectStatus(500, null);
            Assert.Equal($"failed to create typed patch object ({ns}/{name}; apps/v1, Kind=Deployment): {fault}", refused.Message);
        }
    }

    [Fact]
    public async Task Two_appliers_conflict_where_they_differ()
    {
        var path = await DeploymentAsync();
        await server.ApplyAsync(path, "one", Deployment("""{"name":"c","image":"i"}"""));
        var refused = await server.ApplyAsync(path, "two", Deployment("""{"name":"c","image":"j"}"""));
        refused.ExpectStatus(409, "Conflict");
        Assert.Equal("Apply failed with 1 conflict: conflict with \"one\": .spec.template.spec.containers[name=\"c\"].image", refused.Message);
        Assert.Equal("FieldManagerConflict", refused.Text("details.causes.0.reason"));
        Assert.Equal(".spec.template.spec.containers[name=\"c\"].image", refused.Text("details.causes.0.field"));
        var forced = (await server.ApplyAsync(path, "two", Deployment("""{"name":"c","image":"j"}"""), force: true)).Expect(HttpStatusCode.OK);
        Assert.Equal("j", forced.Text("spec.template.spec.containers.0.image"));
        Assert.DoesNotContain("f:image", Managed(forced, "one"), StringComparison.Ordinal);
        Assert.Contains("f:image", Managed(forced, "two"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_an_applier_leaves_out_is_removed_unless_another_owns_it()
    {
        var ns = await server.NamespaceAsync();
        var path = $"/api/v1/namespaces/{ns}/configmaps/a";
        await server.ApplyAsync(path, "one", Map("""{"x":"1","y":"2","z":"3"}"""));
        await server.ApplyAsync(path, "two", Map("""{"y":"2"}"""));
        var after = await server.ApplyAsync(path, "one", Map("""{"x":"1"}"""));
        Assert.Equal("""{"x":"1","y":"2"}""", after.At("data")!.ToJsonString());
    }

    [Fact]
    public async Task A_list_item_goes_with_its_last_owner()
    {
        var path = await DeploymentAsync();
        await server.ApplyAsync(path, "one", Deployment("""{"name":"c","image":"i"},{"name":"d","image":"i"}"""));
        var after = await server.ApplyAsync(path, "one", Deployment("""{"name":"c","image":"i"}"""));
        Assert.Single((JsonArray)after.At("spec.template.spec.containers")!);
    }

    [Fact]
    public async Task An_update_takes_the_fields_that_it_changes()
    {
        var ns = await server.NamespaceAsync();
        var path = $"/api/v1/namespaces/{ns}/configmaps/a";
        await server.ApplyAsync(path, "one", Map("""{"x":"1"}"""));
        await server.SendAsync(HttpMethod.Patch, path + "?fieldManager=editor", """{"data":{"x":"2"}}""", "application/merge-patch+json");
        var refused = await server.ApplyAsync(path, "one", Map("""{"x":"1"}"""));
        refused.ExpectStatus(409, "Conflict");
        Assert.Equal("Apply failed with 1 conflict: conflict with \"editor\" using v1: .data.x", refused.Message);
    }

    [Fact]
    public async Task The_same_apply_again_changes_nothing()
    {
        var ns = await server.NamespaceAsync();
        var path = $"/api/v1/namespaces/{ns}/configmaps/a";
        var first = await server.ApplyAsync(path, "one", Map("""{"x":"1"}"""));
        var second = await server.ApplyAsync(path, "one", Map("""{"x":"1"}"""));
        Assert.Equal(first.Body, second.Body);
    }

    [Fact]
    public async Task Status_has_its_own_owners()
    {
        var ns = await server.NamespaceAsync();
        var kind = await server.DefineAsync("""{"type":"object","properties":{"a":{"type":"integer"}}}""");
        var body = kind.Json("x", """{"a":1}""", ""","status":{"phase":"P"}""");
        var main = (await server.ApplyAsync(kind.Path(ns, "x"), "one", body)).Expect(HttpStatusCode.Created);
        Assert.DoesNotContain("f:status", Managed(main, "one"), StringComparison.Ordinal);
        var status = (await server.ApplyAsync(kind.Path(ns, "x") + "/status", "one", body)).Expect(HttpStatusCode.OK);
        Assert.Equal("P", status.Text("status.phase"));
        var entry = ((JsonArray)status.At("metadata.managedFields")!).Single(e => (string?)e!["subresource"] == "status")!;
        Assert.Equal("""{"f:status":{"f:phase":{}}}""", entry["fieldsV1"]!.ToJsonString());
    }

    [Fact]
    public async Task An_apply_needs_a_manager_and_may_not_give_managed_fields()
    {
        var body = Map("{}");
        (await server.SendAsync(HttpMethod.Patch, "/api/v1/namespaces/default/configmaps/a", body, "application/apply-patch+yaml")).ExpectStatus(422, "Invalid");
        (await server.ApplyAsync("/api/v1/namespaces/default/configmaps/a", "m",
            """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"managedFields":[]}}""")).ExpectStatus(400, "BadRequest");
    }

    private static readonly JsonSerializerOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private async Task<string> DeploymentAsync() => $"/apis/apps/v1/namespaces/{await server.NamespaceAsync()}/deployments/d";

    private static string Managed(Answer answer, string manager) =>
        string.Concat(((JsonArray)answer.At("metadata.managedFields")!).Where(e => (string?)e!["manager"] == manager).Select(e => e!["fieldsV1"]!.ToJsonString()));

    private static string Map(string data) => $$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{{data}}}""";

    private static string Deployment(string containers) => $$"""
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"d"},"spec":{"selector":{"matchLabels":{"a":"b"} },
         "template":{"metadata":{"labels":{"a":"b"} },"spec":{"containers":[{{containers}}]} } } }
        """;
}
