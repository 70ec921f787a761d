using System.Net;
using System.Text.Json.Nodes;
using Slipway.Conformance.Tests.Harness;

namespace Slipway.Conformance.Tests;

public sealed class ObjectTests(TestServer server)
{
    [Fact]
    public async Task A_created_object_has_what_the_server_sets()
    {
        var ns = await server.NamespaceAsync();
        var made = (await server.PostAsync($"/api/v1/namespaces/{ns}/configmaps", Map("a"))).Expect(HttpStatusCode.Created);
        Assert.Equal(ns, made.Text("metadata.namespace"));
        Assert.True(Guid.TryParse(made.Text("metadata.uid"), out _));
        Assert.NotNull(made.Text("metadata.creationTimestamp"));
        Assert.NotNull(made.Text("metadata.resourceVersion"));
        var read = (await server.GetAsync($"/api/v1/namespaces/{ns}/configmaps/a")).Expect(HttpStatusCode.OK);
        Assert.Equal(made.Body, read.Body);
    }

    [Fact]
    public async Task The_same_name_twice_is_refused()
    {
        var ns = await server.NamespaceAsync();
        await server.PostAsync($"/api/v1/namespaces/{ns}/configmaps", Map("a"));
        var second = await server.PostAsync($"/api/v1/namespaces/{ns}/configmaps", Map("a"));
        second.ExpectStatus(409, "AlreadyExists");
        Assert.Equal("configmaps \"a\" already exists", second.Message);
    }

    [Fact]
    public async Task What_is_missing_is_said_in_the_known_words()
    {
        var answer = await server.GetAsync("/apis/apps/v1/namespaces/default/deployments/none");
        answer.ExpectStatus(404, "NotFound");
        Assert.Equal("deployments.apps \"none\" not found", answer.Message);
        Assert.Equal("deployments", answer.Text("details.kind"));
        var unknown = await server.GetAsync("/apis/nobody.example.com/v1/things");
        Assert.Equal((HttpStatusCode.NotFound, "404 page not found\n"), (unknown.Code, unknown.Body));
        var lost = await server.PostAsync("/api/v1/namespaces/nowhere/configmaps", Map("a"));
        lost.ExpectStatus(404, "NotFound");
        Assert.Equal("namespaces \"nowhere\" not found", lost.Message);
    }

    [Fact]
    public async Task A_generated_name_has_the_prefix_and_five_characters()
    {
        var ns = await server.NamespaceAsync();
        var made = await server.PostAsync($"/api/v1/namespaces/{ns}/configmaps", """{"metadata":{"generateName":"run-"}}""");
        Assert.Matches("^run-[a-z0-9]{5}$", made.Text("metadata.name"));
    }

    [Fact]
    public async Task An_update_of_an_old_version_conflicts()
    {
        var ns = await server.NamespaceAsync();
        var path = $"/api/v1/namespaces/{ns}/configmaps";
        var made = (await server.PostAsync(path, Map("a"))).Json;
        made["data"]!["x"] = "2";
        (await server.PutAsync(path + "/a", made)).Expect(HttpStatusCode.OK);
        made["data"]!["x"] = "3";
        var late = await server.PutAsync(path + "/a", made);
        late.ExpectStatus(409, "Conflict");
        Assert.Equal("Operation cannot be fulfilled on configmaps \"a\": the object has been modified; please apply your changes to the latest version and try again", late.Message);
    }

    [Fact]
    public async Task A_write_that_changes_nothing_keeps_the_version()
    {
        var ns = await server.NamespaceAsync();
        var path = $"/api/v1/namespaces/{ns}/configmaps";
        var made = await server.PostAsync(path + "?fieldManager=m", Map("a"));
        var same = await server.PutAsync(path + "/a?fieldManager=m", made.Json);
        Assert.Equal(made.Text("metadata.resourceVersion"), same.Text("metadata.resourceVersion"));
    }

    [Fact]
    public async Task A_dry_run_answers_but_stores_nothing()
    {
        var ns = await server.NamespaceAsync();
        var path = $"/api/v1/namespaces/{ns}/configmaps";
        (await server.PostAsync(path + "?dryRun=All", Map("a"))).Expect(HttpStatusCode.Created);
        (await server.GetAsync(path + "/a")).ExpectStatus(404, "NotFound");
        (await server.PostAsync(path + "?dryRun=Some", Map("a"))).ExpectStatus(422, "Invalid");
    }

    [Fact]
    public async Task Generation_counts_changes_of_the_desired_state_only()
    {
        var ns = await server.NamespaceAsync();
        var kind = await server.DefineAsync("""{"type":"object","properties":{"a":{"type":"integer"}}}""");
        var made = (await server.PostAsync(kind.Path(ns), kind.Json("x", """{"a":1}""", ""","status":{"ignored":true}"""))).Expect(HttpStatusCode.Created);
        Assert.Equal("1", made.Text("metadata.generation"));
        Assert.Null(made.At("status"));
        var labelled = await server.MergeAsync(kind.Path(ns, "x"), """{"metadata":{"labels":{"l":"1"}}}""");
        Assert.Equal("1", labelled.Text("metadata.generation"));
        var status = await server.MergeAsync(kind.Path(ns, "x") + "/status", """{"spec":{"a":9},"status":{"phase":"Ready"}}""");
        Assert.Equal("1", status.Text("metadata.generation"));
        Assert.Equal("1", status.Text("spec.a"));
        Assert.Equal("Ready", status.Text("status.phase"));
        var changed = await server.MergeAsync(kind.Path(ns, "x"), """{"spec":{"a":2},"status":{"phase":"Lost"}}""");
        Assert.Equal("2", changed.Text("metadata.generation"));
        Assert.Equal("Ready", changed.Text("status.phase"));
    }

    [Fact]
    public async Task A_finalizer_holds_an_object_until_it_is_removed()
    {
        var ns = await server.NamespaceAsync();
        var path = $"/api/v1/namespaces/{ns}/configmaps";
        await server.PostAsync(path, """{"metadata":{"name":"a","finalizers":["example.com/hold"]}}""");
        var marked = (await server.DeleteAsync(path + "/a")).Expect(HttpStatusCode.OK);
        Assert.NotNull(marked.Text("metadata.deletionTimestamp"));
        (await server.GetAsync(path + "/a")).Expect(HttpStatusCode.OK);
        (await server.MergeAsync(path + "/a", """{"metadata":{"finalizers":["example.com/hold","example.com/more"]}}""")).ExpectStatus(422, "Invalid");
        (await server.MergeAsync(path + "/a", """{"metadata":{"finalizers":null}}""")).Expect(HttpStatusCode.OK);
        (await server.GetAsync(path + "/a")).ExpectStatus(404, "NotFound");
    }

    [Fact]
    public async Task A_delete_with_another_uid_is_refused()
    {
        var ns = await server.NamespaceAsync();
        var path = $"/api/v1/namespaces/{ns}/configmaps";
        await server.PostAsync(path, Map("a"));
        (await server.DeleteAsync(path + "/a", """{"preconditions":{"uid":"other"}}""")).ExpectStatus(409, "Conflict");
        var gone = (await server.DeleteAsync(path + "/a")).Expect(HttpStatusCode.OK);
        Assert.Equal("Success", gone.Text("status"));
        Assert.Equal("configmaps", gone.Text("details.kind"));
    }

    [Fact]
    public async Task Secrets_take_text_and_hold_bytes()
    {
        var ns = await server.NamespaceAsync();
        var path = $"/api/v1/namespaces/{ns}/secrets";
        var made = (await server.PostAsync(path, """{"metadata":{"name":"s"},"stringData":{"a":"hello"},"data":{"b":"eA=="}}""")).Expect(HttpStatusCode.Created);
        Assert.Equal("aGVsbG8=", made.Text("data.a"));
        Assert.Null(made.At("stringData"));
        Assert.Equal("Opaque", made.Text("type"));
        foreach (var (text, place) in new[] { ("not base64!", 3), ("abc", 0), ("QUJDRA=", 7), ("QUJDRA==x", 8), ("QUJD*", 4) })
        {
            var refused = await server.PostAsync(path, $$"""{"metadata":{"name":"t"},"data":{"b":"{{text}}"} }""");
            refused.ExpectStatus(400, "BadRequest");
            Assert.Equal($"Secret in version \"v1\" cannot be handled as a Secret: illegal base64 data at input byte {place}", refused.Message);
        }

        (await server.PostAsync(path, """{"metadata":{"name":"u"},"type":"kubernetes.io/tls","data":{"tls.crt":""}}""")).ExpectStatus(422, "Invalid");
    }

    [Fact]
    public async Task Events_are_the_same_objects_in_both_groups()
    {
        var ns = await server.NamespaceAsync();
        (await server.PostAsync($"/apis/events.k8s.io/v1/namespaces/{ns}/events",
            $$$"""
            {"metadata":{"name":"e"},"note":"done","reason":"Done","action":"Do","type":"Normal","eventTime":"2026-01-01T00:00:00.000000Z",
             "regarding":{"kind":"Pod","namespace":"{{{ns}}}","name":"p"},"reportingController":"example.com/c","reportingInstance":"c-1"}
            """)).Expect(HttpStatusCode.Created);
        var core = (await server.GetAsync($"/api/v1/namespaces/{ns}/events/e")).Expect(HttpStatusCode.OK);
        Assert.Equal("done", core.Text("message"));
        Assert.Equal("p", core.Text("involvedObject.name"));
        Assert.Equal("v1", core.Text("apiVersion"));
        var view = (await server.GetAsync($"/apis/events.k8s.io/v1/namespaces/{ns}/events")).Expect(HttpStatusCode.OK);
        Assert.Equal("done", view.Text("items.0.note"));
        var chosen = await server.GetAsync($"/api/v1/namespaces/{ns}/events?fieldSelector=involvedObject.name=other");
        Assert.Empty((JsonArray)chosen.At("items")!);
    }

    [Theory]
    [InlineData("{", "application/json", 400, "BadRequest")]
    [InlineData("[]", "application/json", 400, "BadRequest")]
    [InlineData("""{"kind":"Secret","apiVersion":"v1"}""", "application/json", 400, "BadRequest")]
    [InlineData("""{"metadata":{}}""", "application/json", 422, "Invalid")]
    [InlineData("""{"metadata":{"name":"Not A Name"}}""", "application/json", 422, "Invalid")]
    [InlineData("""{"metadata":{"name":"a"},"data":{"x":1}}""", "application/json", 400, "BadRequest")]
    [InlineData("x", "text/plain", 415, "UnsupportedMediaType")]
    [InlineData("k8s", "application/vnd.kubernetes.protobuf", 400, "BadRequest")]
    public async Task A_bad_body_is_refused_with_a_status(string body, string type, int code, string reason) =>
        (await server.PostAsync("/api/v1/namespaces/default/configmaps", body, type)).ExpectStatus(code, reason);

    [Fact]
    public async Task A_body_of_more_than_three_megabytes_is_refused() =>
        (await server.PostAsync("/api/v1/namespaces/default/configmaps", $$"""{"data":{"x":"{{new string('x', 3 * 1024 * 1024)}}"} }""")).ExpectStatus(413, "RequestEntityTooLarge");

    [Fact]
    public async Task Yaml_is_a_body_like_json()
    {
        var ns = await server.NamespaceAsync();
        var made = await server.PostAsync($"/api/v1/namespaces/{ns}/configmaps", "metadata:\n  name: a\ndata:\n  a: \"1\"\n", "application/yaml");
        Assert.Equal("1", made.Expect(HttpStatusCode.Created).Text("data.a"));
    }

    [Fact]
    public async Task Unknown_fields_are_an_error_a_warning_or_nothing()
    {
        var ns = await server.NamespaceAsync();
        var path = $"/apis/apps/v1/namespaces/{ns}/deployments";
        const string Body = """
            {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"d"},"spec":{"replcas":1,"selector":{"matchLabels":{"a":"b"}},
             "template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i","imag":"x"}]}}}}
            """;
        var strict = await server.PostAsync(path + "?fieldValidation=Strict", Body);
        strict.ExpectStatus(400, "BadRequest");
        Assert.Equal("Deployment in version \"v1\" cannot be handled as a Deployment: strict decoding error: " +
            "unknown field \"spec.replcas\", unknown field \"spec.template.spec.containers[0].imag\"", strict.Message);
        var warned = (await server.PostAsync(path, Body)).Expect(HttpStatusCode.Created);
        Assert.Contains("299 - \"unknown field \\\"spec.replcas\\\"\"", warned.Warnings);
        Assert.Null(warned.At("spec.replcas"));
        Assert.Equal("1", warned.Text("spec.replicas"));
        await server.DeleteAsync(path + "/d");
        Assert.Empty((await server.PostAsync(path + "?fieldValidation=Ignore", Body)).Warnings);
    }

    [Fact]
    public async Task A_stranger_sees_only_health_and_version()
    {
        using var answer = await server.Stranger.GetAsync("/api/v1/namespaces", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        var status = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.Equal("Forbidden", (string?)status["reason"]);
        foreach (var open in (string[])["/healthz", "/livez", "/readyz", "/version"])
        {
            using var health = await server.Stranger.GetAsync(open, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        }
    }

    private static string Map(string name) => $$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{name}}"},"data":{"x":"1"} }""";
}
