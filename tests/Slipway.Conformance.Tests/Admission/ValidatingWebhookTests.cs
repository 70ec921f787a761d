using System.Net;
using System.Text.Json.Nodes;
using Slipway.Conformance.Tests.Harness;

namespace Slipway.Conformance.Tests.Admission;

public sealed class ValidatingWebhookTests(TestServer server, WebhookServer webhooks) : IClassFixture<WebhookServer>
{
    [Fact]
    public async Task A_webhook_learns_who_wants_what()
    {
        var ns = await server.NamespaceAsync();
        var hook = webhooks.Allow();
        await using var _ = await Configured.WebhooksAsync(server, "Validating", ns, (hook.ClientConfig, ""));
        (await server.PostAsync($"{Maps(ns)}?fieldManager=m&fieldValidation=Strict", Map("a"))).Expect(HttpStatusCode.Created);
        var review = Assert.Single(hook.Reviews);
        Assert.Equal("AdmissionReview", (string?)review["kind"]);
        Assert.Equal("admission.k8s.io/v1", (string?)review["apiVersion"]);
        var request = review["request"]!;
        Assert.Equal("""{"group":"","version":"v1","kind":"ConfigMap"}""", request["kind"]!.ToJsonString());
        Assert.Equal("""{"group":"","version":"v1","resource":"configmaps"}""", request["resource"]!.ToJsonString());
        Assert.Equal("""{"group":"","version":"v1","kind":"ConfigMap"}""", request["requestKind"]!.ToJsonString());
        Assert.Equal("""{"group":"","version":"v1","resource":"configmaps"}""", request["requestResource"]!.ToJsonString());
        Assert.Null(request["subResource"]);
        Assert.Equal("a", (string?)request["name"]);
        Assert.Equal(ns, (string?)request["namespace"]);
        Assert.Equal("CREATE", (string?)request["operation"]);
        Assert.Contains("system:authenticated", request["userInfo"]!["groups"]!.AsArray().Select(g => (string?)g));
        Assert.NotEmpty((string?)request["userInfo"]!["username"] ?? "");
        Assert.Equal("1", (string?)request["object"]!["data"]!["x"]);
        Assert.NotNull(request["object"]!["metadata"]!["uid"]);
        Assert.Null(request["oldObject"]);
        Assert.False((bool)request["dryRun"]!);
        Assert.Equal("CreateOptions", (string?)request["options"]!["kind"]);
        Assert.Equal("meta.k8s.io/v1", (string?)request["options"]!["apiVersion"]);
        Assert.Equal("m", (string?)request["options"]!["fieldManager"]);
        Assert.Equal("Strict", (string?)request["options"]!["fieldValidation"]);
        Assert.True(Guid.TryParse((string?)request["uid"], out Guid _));
        Assert.Equal("?timeout=10s", Assert.Single(hook.Queries));
    }

    [Fact]
    public async Task Updates_and_patches_are_updates_and_deletions_have_only_the_old_object()
    {
        var ns = await server.NamespaceAsync();
        var made = (await server.PostAsync(Maps(ns), Map("a"))).Expect(HttpStatusCode.Created);
        var hook = webhooks.Allow();
        await using var _ = await Configured.WebhooksAsync(server, "Validating", ns, (hook.ClientConfig, ""));
        var next = made.Json;
        next["data"]!["x"] = "2";
        (await server.PutAsync(Maps(ns) + "/a", next)).Expect(HttpStatusCode.OK);
        (await server.MergeAsync(Maps(ns) + "/a?fieldManager=k", """{"data":{"x":"3"}}""")).Expect(HttpStatusCode.OK);
        (await server.ApplyAsync(Maps(ns) + "/a", "app", Map("a"), force: true)).Expect(HttpStatusCode.OK);
        (await server.DeleteAsync(Maps(ns) + "/a", """{"propagationPolicy":"Background"}""")).Expect(HttpStatusCode.OK);
        var requests = hook.Reviews.Select(r => r["request"]!).ToList();
        Assert.Equal(["UPDATE", "UPDATE", "UPDATE", "DELETE"], requests.Select(r => (string?)r["operation"]));
        Assert.Equal("1", (string?)requests[0]["oldObject"]!["data"]!["x"]);
        Assert.Equal("2", (string?)requests[0]["object"]!["data"]!["x"]);
        Assert.Equal("3", (string?)requests[1]["object"]!["data"]!["x"]);
        Assert.Equal("UpdateOptions", (string?)requests[1]["options"]!["kind"]);
        Assert.Equal("k", (string?)requests[1]["options"]!["fieldManager"]);
        Assert.Null(requests[3]["object"]);
        Assert.Equal("1", (string?)requests[3]["oldObject"]!["data"]!["x"]);
        Assert.Equal("DeleteOptions", (string?)requests[3]["options"]!["kind"]);
        Assert.Equal("Background", (string?)requests[3]["options"]!["propagationPolicy"]);
    }

    [Theory]
    [InlineData("""{"message":"too small"}""", 400, null, "admission webhook \"hook0.example.com\" denied the request: too small")]
    [InlineData("""{"code":403,"reason":"Forbidden","message":"no"}""", 403, "Forbidden", "admission webhook \"hook0.example.com\" denied the request: no")]
    [InlineData("""{"code":200,"reason":"Conflict"}""", 400, "Conflict", "admission webhook \"hook0.example.com\" denied the request: Conflict")]
    [InlineData("null", 400, null, "admission webhook \"hook0.example.com\" denied the request without explanation")]
    public async Task A_refusal_reaches_the_client_with_its_code_and_reason(string status, int code, string? reason, string message)
    {
        var ns = await server.NamespaceAsync();
        var hook = webhooks.Add(_ => new JsonObject { ["allowed"] = false, ["status"] = JsonNode.Parse(status), ["warnings"] = new JsonArray("look out") });
        await using var _ = await Configured.WebhooksAsync(server, "Validating", ns, (hook.ClientConfig, ""));
        var answer = await server.PostAsync(Maps(ns), Map("a"));
        Assert.Equal(code, (int)answer.Code);
        Assert.Equal(message, answer.Message);
        Assert.Equal(reason, answer.Text("reason"));
        Assert.Equal("Failure", answer.Text("status"));
        Assert.Equal("299 - \"look out\"", Assert.Single(answer.Warnings));
        (await server.GetAsync(Maps(ns) + "/a")).ExpectStatus(404, "NotFound");
    }

    [Fact]
    public async Task A_refused_deletion_leaves_the_object_alone_and_in_a_collection()
    {
        var ns = await server.NamespaceAsync();
        await server.PostAsync(Maps(ns), Map("a"));
        var hook = webhooks.Deny("it stays");
        await using var _ = await Configured.WebhooksAsync(server, "Validating", ns,
            (hook.ClientConfig, """{"rules":[{"apiGroups":[""],"apiVersions":["v1"],"resources":["configmaps"],"operations":["DELETE"]}]}"""));
        Assert.Equal("admission webhook \"hook0.example.com\" denied the request: it stays", (await server.DeleteAsync(Maps(ns) + "/a")).Message);
        Assert.Equal(HttpStatusCode.BadRequest, (await server.DeleteAsync(Maps(ns) + "?labelSelector=none%21%3Dx&fieldSelector=metadata.name%3Da")).Code);
        (await server.GetAsync(Maps(ns) + "/a")).Expect(HttpStatusCode.OK);
        Assert.Equal("a", (string?)hook.Reviews.First()["request"]!["name"]);
        Assert.Null(hook.Reviews.Last()["request"]!["name"]);
    }

    [Fact]
    public async Task A_dry_run_asks_only_webhooks_without_side_effects()
    {
        var ns = await server.NamespaceAsync();
        var hook = webhooks.Allow();
        await using var _ = await Configured.WebhooksAsync(server, "Validating", ns, (hook.ClientConfig, ""));
        (await server.PostAsync(Maps(ns) + "?dryRun=All", Map("a"))).Expect(HttpStatusCode.Created);
        Assert.True((bool)hook.Request["dryRun"]!);
        Assert.Equal("""["All"]""", hook.Request["options"]!["dryRun"]!.ToJsonString());
    }

    [Theory]
    [InlineData("""{"objectSelector":{"matchLabels":{"l":"1"}}}""", true)]
    [InlineData("""{"objectSelector":{"matchLabels":{"l":"2"}}}""", false)]
    [InlineData("""{"objectSelector":{"matchExpressions":[{"key":"l","operator":"In","values":["0","1"]}]}}""", true)]
    [InlineData("""{"objectSelector":{"matchExpressions":[{"key":"l","operator":"DoesNotExist"}]}}""", false)]
    [InlineData("""{"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"elsewhere"}}}""", false)]
    [InlineData("""{"rules":[{"apiGroups":["*"],"apiVersions":["*"],"resources":["*"],"operations":["CREATE"]}]}""", true)]
    [InlineData("""{"rules":[{"apiGroups":[""],"apiVersions":["v1"],"resources":["*/status"],"operations":["*"]}]}""", false)]
    [InlineData("""{"rules":[{"apiGroups":[""],"apiVersions":["v1"],"resources":["configmaps"],"operations":["UPDATE","DELETE"]}]}""", false)]
    [InlineData("""{"rules":[{"apiGroups":["apps"],"apiVersions":["*"],"resources":["*"],"operations":["*"]}]}""", false)]
    [InlineData("""{"rules":[{"apiGroups":[""],"apiVersions":["v1"],"resources":["configmaps"],"operations":["*"],"scope":"Cluster"}]}""", false)]
    [InlineData("""{"rules":[{"apiGroups":[""],"apiVersions":["v1"],"resources":["configmaps/*"],"operations":["*"],"scope":"Namespaced"}]}""", true)]
    [InlineData("""{"matchConditions":[{"name":"c","expression":"object.metadata.name == 'a' && request.operation == 'CREATE' && request.namespace != '' && oldObject == null"}]}""", true)]
    [InlineData("""{"matchConditions":[{"name":"c","expression":"true"},{"name":"d","expression":"object.data.x == '2'"}]}""", false)]
    [InlineData("""{"matchConditions":[{"name":"c","expression":"object.data.none == ''"},{"name":"d","expression":"false"}]}""", false)]
    [InlineData("""{"failurePolicy":"Ignore","matchConditions":[{"name":"c","expression":"object.data.none == ''"}]}""", false)]
    public async Task A_webhook_is_asked_only_about_what_it_is_for(string rest, bool asked)
    {
        var ns = await server.NamespaceAsync();
        var hook = webhooks.Deny("asked");
        await using var _ = await Configured.WebhooksAsync(server, "Validating", ns, (hook.ClientConfig, rest));
        var answer = await server.PostAsync(Maps(ns), """{"metadata":{"name":"a","labels":{"l":"1"}},"data":{"x":"1"}}""");
        Assert.Equal(asked ? HttpStatusCode.BadRequest : HttpStatusCode.Created, answer.Code);
        // A cluster's controllers write into the new namespace too.
        Assert.Equal(asked ? 1 : 0, hook.Reviews.Count(r => (string?)r["request"]!["name"] == "a"));
    }

    [Fact]
    public async Task A_condition_that_fails_refuses_the_request()
    {
        var ns = await server.NamespaceAsync();
        var hook = webhooks.Allow();
        await using var _ = await Configured.WebhooksAsync(server, "Validating", ns, (hook.ClientConfig, """{"matchConditions":[{"name":"c","expression":"1 / int(object.data.zero) == 1"}]}"""));
        var answer = await server.PostAsync(Maps(ns), """{"metadata":{"name":"a"},"data":{"zero":"0"}}""");
        answer.ExpectStatus(403, "Forbidden");
        Assert.Equal("configmaps \"a\" is forbidden: expression '1 / int(object.data.zero) == 1' resulted in error: division by zero", answer.Message);
        Assert.Empty(hook.Reviews);
    }

    [Fact]
    public async Task All_are_asked_and_one_refusal_is_enough()
    {
        var ns = await server.NamespaceAsync();
        var (first, second) = (webhooks.Allow(), webhooks.Deny("second"));
        await using var _ = await Configured.WebhooksAsync(server, "Validating", ns, (first.ClientConfig, ""), (second.ClientConfig, ""));
        Assert.Equal("admission webhook \"hook1.example.com\" denied the request: second", (await server.PostAsync(Maps(ns), Map("a"))).Message);
        Assert.Single(first.Reviews);
    }

    [Fact]
    public async Task Subresources_are_resources_of_their_own()
    {
        var ns = await server.NamespaceAsync();
        var path = $"/apis/apps/v1/namespaces/{ns}/deployments";
        const string Body = """
            {"metadata":{"name":"d"},"spec":{"replicas":1,"selector":{"matchLabels":{"a":"b"}},
             "template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}
            """;
        (await server.PostAsync(path, Body)).Expect(HttpStatusCode.Created);
        var (status, scale) = (webhooks.Allow(), webhooks.Allow());
        static string Rule(string resource) => $$"""{"rules":[{"apiGroups":["apps"],"apiVersions":["v1"],"resources":["{{resource}}"],"operations":["*"]}]}""";
        await using var _ = await Configured.WebhooksAsync(server, "Validating", ns,
            (status.ClientConfig, Rule("deployments/status")), (scale.ClientConfig, Rule("*/scale")));
        (await server.MergeAsync(path + "/d", """{"metadata":{"labels":{"l":"1"}}}""")).Expect(HttpStatusCode.OK);
        (await server.MergeAsync(path + "/d/status", """{"status":{"replicas":1}}""")).Expect(HttpStatusCode.OK);
        (await server.MergeAsync(path + "/d/scale", """{"spec":{"replicas":3}}""")).Expect(HttpStatusCode.OK);
        Assert.Equal("status", (string?)status.Request["subResource"]);
        Assert.Equal("Deployment", (string?)status.Request["kind"]!["kind"]);
        Assert.Equal("""{"group":"autoscaling","version":"v1","kind":"Scale"}""", scale.Request["kind"]!.ToJsonString());
        Assert.Equal("deployments", (string?)scale.Request["resource"]!["resource"]);
        Assert.Equal(3, (int)scale.Request["object"]!["spec"]!["replicas"]!);
        Assert.Equal(1, (int)scale.Request["oldObject"]!["spec"]!["replicas"]!);
    }

    [Fact]
    public async Task Configurations_themselves_are_out_of_reach()
    {
        var hook = webhooks.Deny("never");
        await using var one = await Configured.WebhooksAsync(server, "Validating", "", (hook.ClientConfig,
            """{"namespaceSelector":{},"rules":[{"apiGroups":["admissionregistration.k8s.io"],"apiVersions":["*"],"resources":["*"],"operations":["*"]}]}"""));
        await using var two = await Configured.WebhooksAsync(server, "Mutating", "nowhere", (hook.ClientConfig, ""));
        Assert.Empty(hook.Reviews);
    }

    [Fact]
    public async Task Another_version_of_a_resource_is_matched_unless_the_match_is_exact()
    {
        var ns = await server.NamespaceAsync();
        var group = $"g{Guid.NewGuid():N}"[..9] + ".example.com";
        const string Schema = """{"openAPIV3Schema":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}""";
        await using var crd = await Configured.CrdAsync(server, group, $$"""
            {"name":"v1","served":true,"storage":true,"schema":{{Schema}} },{"name":"v2","served":true,"storage":false,"schema":{{Schema}} }
            """);
        var (equivalent, exact) = (webhooks.Allow(), webhooks.Allow());
        var rule = $$"""{"rules":[{"apiGroups":["{{group}}"],"apiVersions":["v1"],"resources":["things"],"operations":["*"]}]}""";
        await using var _ = await Configured.WebhooksAsync(server, "Validating", ns, (equivalent.ClientConfig, rule), (exact.ClientConfig, rule.Replace("{\"rules\"", "{\"matchPolicy\":\"Exact\",\"rules\"", StringComparison.Ordinal)));
        (await server.PostAsync($"/apis/{group}/v2/namespaces/{ns}/things", $$"""{"apiVersion":"{{group}}/v2","kind":"Thing","metadata":{"name":"t"},"spec":1}""")).Expect(HttpStatusCode.Created);
        Assert.Empty(exact.Reviews);
        Assert.Equal("v1", (string?)equivalent.Request["kind"]!["version"]);
        Assert.Equal("v2", (string?)equivalent.Request["requestKind"]!["version"]);
        Assert.Equal("v1", (string?)equivalent.Request["resource"]!["version"]);
        Assert.Equal("v2", (string?)equivalent.Request["requestResource"]!["version"]);
        Assert.Equal(group + "/v1", (string?)equivalent.Request["object"]!["apiVersion"]);
    }

    private static string Maps(string ns) => $"/api/v1/namespaces/{ns}/configmaps";

    private static string Map(string name) => $$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{name}}"},"data":{"x":"1"} }""";
}
