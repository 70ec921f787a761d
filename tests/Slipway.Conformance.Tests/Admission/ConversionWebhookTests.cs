using System.Net;
using System.Text.Json.Nodes;
using Slipway.Conformance.Tests.Harness;

namespace Slipway.Conformance.Tests.Admission;

/// <summary>A kind that says "size" in v1 and "width" in v2, the stored version.</summary>
public sealed class ConversionWebhookTests(TestServer server, WebhookServer webhooks) : IClassFixture<WebhookServer>
{
    private readonly string _group = $"g{Guid.NewGuid():N}"[..9] + ".example.com";

    [Fact]
    public async Task An_object_is_stored_in_one_version_and_shown_in_each()
    {
        var ns = await server.NamespaceAsync();
        var hook = Renaming();
        await using var _ = await DefineAsync(hook.ClientConfig);
        var made = (await server.PostAsync(Things("v1", ns), Thing("v1", "a", """{"size":3}"""))).Expect(HttpStatusCode.Created);
        Assert.Equal("""{"size":3}""", made.At("spec")!.ToJsonString());
        Assert.Equal(_group + "/v1", made.Text("apiVersion"));
        var second = (await server.GetAsync(Things("v2", ns) + "/a")).Expect(HttpStatusCode.OK);
        Assert.Equal("3", second.Text("spec.width"));
        Assert.Equal("square", second.Text("spec.shape"));
        Assert.Null(second.At("spec.size"));
        Assert.Equal(made.Text("metadata.uid"), second.Text("metadata.uid"));
        Assert.Equal(made.Text("metadata.resourceVersion"), second.Text("metadata.resourceVersion"));
        var first = hook.Reviews.First();
        Assert.Equal("ConversionReview", (string?)first["kind"]);
        Assert.Equal("apiextensions.k8s.io/v1", (string?)first["apiVersion"]);
        Assert.Equal(_group + "/v2", (string?)first["request"]!["desiredAPIVersion"]);
    }

    [Fact]
    public async Task Updates_patches_and_applies_work_in_the_version_that_is_not_stored()
    {
        var ns = await server.NamespaceAsync();
        await using var _ = await DefineAsync(Renaming().ClientConfig);
        var made = (await server.PostAsync(Things("v1", ns), Thing("v1", "a", """{"size":3}"""))).Expect(HttpStatusCode.Created);
        var next = made.Json;
        next["spec"]!["size"] = 4;
        Assert.Equal("4", (await server.PutAsync(Things("v1", ns) + "/a", next)).Expect(HttpStatusCode.OK).Text("spec.size"));
        Assert.Equal("5", (await server.MergeAsync(Things("v1", ns) + "/a", """{"spec":{"size":5}}""")).Expect(HttpStatusCode.OK).Text("spec.size"));
        Assert.Equal("5", (await server.GetAsync(Things("v2", ns) + "/a")).Text("spec.width"));
        (await server.DeleteAsync(Things("v1", ns) + "/a")).Expect(HttpStatusCode.OK);
        (await server.GetAsync(Things("v2", ns) + "/a")).ExpectStatus(404, "NotFound");
    }

    [Fact]
    public async Task The_objects_of_a_list_are_converted_once()
    {
        var ns = await server.NamespaceAsync();
        var hook = Renaming();
        await using var _ = await DefineAsync(hook.ClientConfig);
        foreach (var name in (string[])["a", "b", "c"]) (await server.PostAsync(Things("v2", ns), Thing("v2", name, """{"width":1}"""))).Expect(HttpStatusCode.Created);
        var list = (await server.GetAsync(Things("v1", ns))).Expect(HttpStatusCode.OK);
        Assert.Equal(["a", "b", "c"], list.At("items")!.AsArray().Select(i => (string?)i!["metadata"]!["name"]));
        Assert.All(list.At("items")!.AsArray(), i => Assert.Equal(1, (int)i!["spec"]!["size"]!));
        await server.GetAsync(Things("v1", ns));
        Assert.Equal(3, hook.Reviews.Sum(r => r["request"]!["objects"]!.AsArray().Count));
    }

    [Fact]
    public async Task A_watch_shows_its_own_version()
    {
        var ns = await server.NamespaceAsync();
        await using var _ = await DefineAsync(Renaming().ClientConfig);
        await server.PostAsync(Things("v2", ns), Thing("v2", "a", """{"width":1}"""));
        await using var watch = await Watching.OpenAsync(server, Things("v1", ns) + "?watch=true");
        Assert.Equal(1, (int)(await watch.NextAsync())!.Value.Object["spec"]!["size"]!);
        await server.MergeAsync(Things("v2", ns) + "/a", """{"spec":{"width":2}}""");
        var (type, changed) = (await watch.NextAsync())!.Value;
        Assert.Equal("MODIFIED", type);
        Assert.Equal(_group + "/v1", (string?)changed["apiVersion"]);
        Assert.Equal(2, (int)changed["spec"]!["size"]!);
    }

    [Fact]
    public async Task Of_metadata_labels_and_annotations_alone_may_change()
    {
        var ns = await server.NamespaceAsync();
        var hook = Converting(o =>
        {
            o["metadata"]!["labels"] = new JsonObject { ["converted"] = "yes" };
            o["metadata"]!["finalizers"] = new JsonArray("example.com/new");
            o["metadata"]!["generation"] = 99;
        });
        await using var _ = await DefineAsync(hook.ClientConfig);
        await server.PostAsync(Things("v2", ns), Thing("v2", "a", """{"width":1}"""));
        var shown = (await server.GetAsync(Things("v1", ns) + "/a")).Expect(HttpStatusCode.OK);
        Assert.Equal("yes", shown.Text("metadata.labels.converted"));
        Assert.Null(shown.At("metadata.finalizers"));
        Assert.Equal("1", shown.Text("metadata.generation"));
    }

    [Fact]
    public async Task A_webhook_that_cannot_be_reached_fails_the_request()
    {
        var ns = await server.NamespaceAsync();
        await using var _ = await DefineAsync("""{"url":"https://127.0.0.1:1/convert"}""");
        (await server.PostAsync(Things("v2", ns), Thing("v2", "a", """{"width":1}"""))).Expect(HttpStatusCode.Created);
        var answer = await server.GetAsync(Things("v1", ns) + "/a");
        Assert.Equal(HttpStatusCode.InternalServerError, answer.Code);
        Assert.Equal($"conversion webhook for {_group}/v2, Kind=Thing failed: Post \"https://127.0.0.1:1/convert?timeout=30s\": dial tcp 127.0.0.1:1: connect: connection refused", answer.Message);
        Assert.Null(answer.Text("reason"));
        (await server.GetAsync(Things("v2", ns) + "/a")).Expect(HttpStatusCode.OK);
        (await server.DeleteAsync(Things("v2", ns) + "/a")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_wrong_uid_is_a_failure()
    {
        var hook = webhooks.Add(r => new JsonObject { ["uid"] = "other", ["result"] = new JsonObject { ["status"] = "Success" }, ["convertedObjects"] = r["objects"]!.DeepClone() });
        Assert.Matches("^conversion webhook for .*/v2, Kind=Thing failed: expected response.uid=\"[^\"]+\", got \"other\"$", await FailureAsync(hook));
    }

    [Theory]
    [InlineData("""{"status":"Failure","message":"cannot"}""", "cannot")]
    [InlineData("{}", "response.result.status was '', not 'Success'")]
    public async Task A_failure_is_told_in_the_webhooks_words(string result, string why)
    {
        var hook = webhooks.Add(_ => new JsonObject { ["result"] = JsonNode.Parse(result) });
        Assert.Equal($"conversion webhook for {_group}/v2, Kind=Thing failed: {why}", await FailureAsync(hook));
    }

    [Fact]
    public async Task Too_few_objects_are_a_failure()
    {
        var hook = webhooks.Add(_ => new JsonObject { ["result"] = new JsonObject { ["status"] = "Success" }, ["convertedObjects"] = new JsonArray() });
        Assert.Equal($"conversion webhook for {_group}/v2, Kind=Thing returned 0 objects, expected 1", await FailureAsync(hook));
    }

    [Fact]
    public async Task An_object_of_another_name_is_a_failure() =>
        Assert.Equal($"conversion webhook for {_group}/v2, Kind=Thing returned invalid object: must have the same name: a != b", await FailureAsync(Converting(o => o["metadata"]!["name"] = "b")));

    [Fact]
    public async Task An_object_without_metadata_is_a_failure() =>
        Assert.Equal($"conversion webhook for {_group}/v2, Kind=Thing returned invalid object: must have the same name: a != ", await FailureAsync(Converting(o => o.Remove("metadata"))));

    [Fact]
    public async Task An_object_of_another_version_is_a_failure()
    {
        var hook = webhooks.Add(r => new JsonObject { ["result"] = new JsonObject { ["status"] = "Success" }, ["convertedObjects"] = r["objects"]!.DeepClone() });
        Assert.Equal($"conversion webhook for {_group}/v2, Kind=Thing returned invalid object at index 0: invalid groupVersion (expected {_group}/v1, received {_group}/v2)", await FailureAsync(hook));
    }

    [Theory]
    [InlineData("""{"strategy":"Webhook"}""", "spec.conversion.webhookClientConfig: Required value: required when strategy is set to Webhook")]
    [InlineData("""{"strategy":"Webhook","webhook":{"clientConfig":{"url":"http://x"},"conversionReviewVersions":["v1"]}}""", "spec.conversion.webhookClientConfig.url: Invalid value: \"http\": 'https' is the only allowed URL scheme; desired format: https://host[/path]")]
    [InlineData("""{"strategy":"Webhook","webhook":{"clientConfig":{"url":"https://x"},"conversionReviewVersions":["v9"]}}""", "spec.conversion.conversionReviewVersions: Invalid value: [\"v9\"]: must include at least one of v1, v1beta1")]
    [InlineData("""{"strategy":"None","webhook":{"clientConfig":{"url":"https://x"},"conversionReviewVersions":["v1"]}}""", "spec.conversion.webhookClientConfig: Forbidden: should not be set when strategy is not set to Webhook")]
    public async Task A_conversion_that_could_not_work_is_refused(string conversion, string why)
    {
        var answer = await server.PostAsync("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", $$"""
            {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"things.{{_group}}"},
             "spec":{"group":"{{_group}}","scope":"Namespaced","names":{"plural":"things","kind":"Thing"},"conversion":{{conversion}},"versions":[{{Versions}}] } }
            """);
        answer.ExpectStatus(422, "Invalid");
        Assert.Contains(why, answer.Message, StringComparison.Ordinal);
    }

    private const string Versions = """
        {"name":"v1","served":true,"storage":false,"schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object","properties":{"size":{"type":"integer"}}}}}}},
        {"name":"v2","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object","properties":{"width":{"type":"integer"},"shape":{"type":"string","default":"square"}}}}}}}
        """;

    private async Task<string?> FailureAsync(Hook hook)
    {
        var ns = await server.NamespaceAsync();
        await using var _ = await DefineAsync(hook.ClientConfig);
        (await server.PostAsync(Things("v2", ns), Thing("v2", "a", """{"width":1}"""))).Expect(HttpStatusCode.Created);
        var answer = await server.GetAsync(Things("v1", ns) + "/a");
        Assert.Equal(HttpStatusCode.InternalServerError, answer.Code);
        (await server.DeleteAsync(Things("v2", ns) + "/a")).Expect(HttpStatusCode.OK);
        return answer.Message;
    }

    private Hook Renaming() => Converting(_ => { });

    private Hook Converting(Action<JsonObject> change) => webhooks.Add(request =>
    {
        var objects = new JsonArray();
        foreach (var item in request["objects"]!.AsArray())
        {
            var converted = item!.DeepClone().AsObject();
            converted["apiVersion"] = (string?)request["desiredAPIVersion"];
            var spec = converted["spec"]?.AsObject();
            var (from, to) = ((string?)request["desiredAPIVersion"])!.EndsWith("/v1", StringComparison.Ordinal) ? ("width", "size") : ("size", "width");
            if (spec is not null && spec.Remove(from, out var value)) spec[to] = value;
            if (to == "size") spec?.Remove("shape");
            change(converted);
            objects.Add(converted);
        }

        return new JsonObject { ["result"] = new JsonObject { ["status"] = "Success" }, ["convertedObjects"] = objects };
    });

    private Task<Configured> DefineAsync(string clientConfig) => Configured.CrdAsync(server, _group, Versions,
        $$"""{"strategy":"Webhook","webhook":{"clientConfig":{{clientConfig}},"conversionReviewVersions":["v1"]} }""");

    private string Things(string version, string ns) => $"/apis/{_group}/{version}/namespaces/{ns}/things";

    private string Thing(string version, string name, string spec) =>
        $$"""{"apiVersion":"{{_group}}/{{version}}","kind":"Thing","metadata":{"name":"{{name}}"},"spec":{{spec}} }""";
}
