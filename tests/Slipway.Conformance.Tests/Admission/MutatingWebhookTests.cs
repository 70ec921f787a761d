using System.Net;
using System.Text.Json.Nodes;
using Slipway.Conformance.Tests.Harness;

namespace Slipway.Conformance.Tests.Admission;

public sealed class MutatingWebhookTests(TestServer server, WebhookServer webhooks) : IClassFixture<WebhookServer>
{
    [Fact]
    public async Task A_patch_changes_what_is_stored()
    {
        var ns = await server.NamespaceAsync();
        var hook = webhooks.Patch(_ => """[{"op":"add","path":"/data/y","value":"2"},{"op":"add","path":"/metadata/labels","value":{"l":"1"}}]""");
        await using var _ = await Configured.WebhooksAsync(server, "Mutating", ns, (hook.ClientConfig, ""));
        var made = (await server.PostAsync(Maps(ns), Map("a"))).Expect(HttpStatusCode.Created);
        Assert.Equal("2", made.Text("data.y"));
        Assert.Equal("1", made.Text("metadata.labels.l"));
        var read = await server.GetAsync(Maps(ns) + "/a");
        Assert.Equal("""{"x":"1","y":"2"}""", read.At("data")!.ToJsonString());
        Assert.Null(hook.Request["object"]!["metadata"]!["uid"]);
        Assert.DoesNotContain("f:y", read.At("metadata.managedFields")!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Updates_patches_and_applies_are_changed_too()
    {
        var ns = await server.NamespaceAsync();
        var made = await server.PostAsync(Maps(ns), Map("a"));
        var hook = webhooks.Patch(r => $$"""[{"op":"add","path":"/data/seen","value":"{{r["object"]!["data"]!["x"]}}"}]""");
        await using var _ = await Configured.WebhooksAsync(server, "Mutating", ns, (hook.ClientConfig, ""));
        var next = made.Json;
        next["data"]!["x"] = "2";
        Assert.Equal("2", (await server.PutAsync(Maps(ns) + "/a", next)).Expect(HttpStatusCode.OK).Text("data.seen"));
        Assert.Equal("3", (await server.MergeAsync(Maps(ns) + "/a", """{"data":{"x":"3"}}""")).Expect(HttpStatusCode.OK).Text("data.seen"));
        Assert.Equal("1", (await server.ApplyAsync(Maps(ns) + "/a", "app", Map("a"), force: true)).Expect(HttpStatusCode.OK).Text("data.seen"));
        Assert.Equal("1", (await server.ApplyAsync(Maps(ns) + "/new", "app", Map("new"))).Expect(HttpStatusCode.Created).Text("data.seen"));
        Assert.Equal(["UPDATE", "UPDATE", "UPDATE", "CREATE"], hook.Reviews.Select(r => (string?)r["request"]!["operation"]));
    }

    [Fact]
    public async Task Webhooks_are_asked_in_the_order_of_their_configurations_names_each_about_what_the_others_left()
    {
        var ns = await server.NamespaceAsync();
        Hook Append(string letter) => webhooks.Patch(r => $$"""[{"op":"replace","path":"/data/x","value":"{{r["object"]!["data"]!["x"]}}{{letter}}"}]""");
        var id = Guid.NewGuid().ToString("N")[..8];
        await using var second = await Configured.NamedAsync(server, "Mutating", $"b-{id}", ns, (Append("c").ClientConfig, ""), (Append("d").ClientConfig, ""));
        await using var first = await Configured.NamedAsync(server, "Mutating", $"a-{id}", ns, (Append("b").ClientConfig, ""));
        Assert.Equal("1bcd", (await server.PostAsync(Maps(ns), Map("a"))).Expect(HttpStatusCode.Created).Text("data.x"));
    }

    [Fact]
    public async Task A_webhook_that_wants_to_is_asked_again_once_when_a_later_one_changed_something()
    {
        var ns = await server.NamespaceAsync();
        Hook Append(string letter) => webhooks.Patch(r => $$"""[{"op":"replace","path":"/data/x","value":"{{r["object"]!["data"]!["x"]}}{{letter}}"}]""");
        var (again, never, last) = (Append("a"), Append("n"), Append("z"));
        const string IfNeeded = """{"reinvocationPolicy":"IfNeeded"}""";
        await using var _ = await Configured.WebhooksAsync(server, "Mutating", ns, (again.ClientConfig, IfNeeded), (never.ClientConfig, ""), (last.ClientConfig, IfNeeded));
        Assert.Equal("1anzaz", (await server.PostAsync(Maps(ns), Map("a"))).Expect(HttpStatusCode.Created).Text("data.x"));
    }

    [Fact]
    public async Task Nobody_is_asked_again_when_nothing_changed()
    {
        var ns = await server.NamespaceAsync();
        var (before, hook, after) = (Replace("2"), webhooks.Allow(), Replace("2"));
        await using var _ = await Configured.WebhooksAsync(server, "Mutating", ns,
            (before.ClientConfig, ""), (hook.ClientConfig, """{"reinvocationPolicy":"IfNeeded"}"""), (after.ClientConfig, ""));
        (await server.PostAsync(Maps(ns), Map("a"))).Expect(HttpStatusCode.Created);
        Assert.Single(hook.Reviews);

        Hook Replace(string value) => webhooks.Patch(_ => $$"""[{"op":"replace","path":"/data/x","value":"{{value}}"}]""");
    }

    [Fact]
    public async Task What_webhooks_leave_is_held_against_the_rules()
    {
        var ns = await server.NamespaceAsync();
        var hook = webhooks.Patch(_ => """[{"op":"add","path":"/data/not~1a~1key","value":"2"}]""");
        await using var _ = await Configured.WebhooksAsync(server, "Mutating", ns, (hook.ClientConfig, ""));
        (await server.PostAsync(Maps(ns), Map("a"))).ExpectStatus(422, "Invalid");
    }

    [Fact]
    public async Task A_webhook_cannot_move_an_object_to_another_namespace()
    {
        var ns = await server.NamespaceAsync();
        var hook = webhooks.Patch(_ => """[{"op":"replace","path":"/metadata/namespace","value":"default"}]""");
        await using var _ = await Configured.WebhooksAsync(server, "Mutating", ns, (hook.ClientConfig, ""));
        var answer = await server.PostAsync(Maps(ns), Map("a"));
        answer.ExpectStatus(400, "BadRequest");
        Assert.Equal("the namespace of the provided object does not match the namespace sent on the request", answer.Message);
    }

    [Fact]
    public async Task Validating_webhooks_see_what_mutating_ones_left()
    {
        var ns = await server.NamespaceAsync();
        var (mutating, validating) = (webhooks.Patch(_ => """[{"op":"add","path":"/data/y","value":"2"}]"""), webhooks.Allow());
        await using var one = await Configured.WebhooksAsync(server, "Mutating", ns, (mutating.ClientConfig, ""));
        await using var two = await Configured.WebhooksAsync(server, "Validating", ns, (validating.ClientConfig, ""));
        (await server.PostAsync(Maps(ns), """{"metadata":{"generateName":"g-"},"data":{"x":"1"}}""")).Expect(HttpStatusCode.Created);
        Assert.Equal("2", (string?)validating.Request["object"]!["data"]!["y"]);
        Assert.Null(mutating.Request["name"]);
        Assert.StartsWith("g-", (string?)validating.Request["name"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_custom_resource_is_pruned_and_defaulted_after_a_patch()
    {
        var ns = await server.NamespaceAsync();
        var kind = await server.DefineAsync("""{"type":"object","properties":{"a":{"type":"integer"},"o":{"type":"object","properties":{"d":{"type":"string","default":"q"}}}}}""");
        var hook = webhooks.Patch(_ => """[{"op":"add","path":"/spec/o","value":{}},{"op":"add","path":"/spec/unknown","value":1}]""");
        await using var _ = await Configured.WebhooksAsync(server, "Mutating", ns,
            (hook.ClientConfig, $$"""{"rules":[{"apiGroups":["{{kind.Group}}"],"apiVersions":["*"],"resources":["*"],"operations":["CREATE"]}]}"""));
        var made = (await server.PostAsync(kind.Path(ns), kind.Json("x", """{"a":1}"""))).Expect(HttpStatusCode.Created);
        Assert.Equal("""{"a":1,"o":{"d":"q"}}""", made.At("spec")!.ToJsonString());
        Assert.Equal("1", made.Text("metadata.generation"));
    }

    [Fact]
    public async Task A_change_to_the_scale_changes_the_object()
    {
        var ns = await server.NamespaceAsync();
        var kind = await server.DefineAsync("""{"type":"object","properties":{"replicas":{"type":"integer"}}}""");
        await server.PostAsync(kind.Path(ns), kind.Json("x", """{"replicas":1}"""));
        var hook = webhooks.Patch(_ => """[{"op":"replace","path":"/spec/replicas","value":7}]""");
        await using var _ = await Configured.WebhooksAsync(server, "Mutating", ns,
            (hook.ClientConfig, $$"""{"rules":[{"apiGroups":["{{kind.Group}}"],"apiVersions":["*"],"resources":["*/scale"],"operations":["*"]}]}"""));
        (await server.MergeAsync(kind.Path(ns, "x") + "/scale", """{"spec":{"replicas":5}}""")).Expect(HttpStatusCode.OK);
        Assert.Equal("7", (await server.GetAsync(kind.Path(ns, "x"))).Text("spec.replicas"));
    }

    [Fact]
    public async Task A_refusal_ends_the_request()
    {
        var ns = await server.NamespaceAsync();
        var (first, second) = (webhooks.Deny("no"), webhooks.Allow());
        await using var _ = await Configured.WebhooksAsync(server, "Mutating", ns, (first.ClientConfig, ""), (second.ClientConfig, ""));
        Assert.Equal("admission webhook \"hook0.example.com\" denied the request: no", (await server.PostAsync(Maps(ns), Map("a"))).Message);
        Assert.Empty(second.Reviews);
    }

    [Fact]
    public async Task A_patch_that_lost_against_another_write_is_asked_about_again()
    {
        var ns = await server.NamespaceAsync();
        await server.PostAsync(Maps(ns), Map("a"));
        var interfered = false;
        var hook = webhooks.Raw(async (http, review) =>
        {
            if (!interfered)
            {
                interfered = true;
                // The other write comes while the webhook thinks about the first one, and is not asked about itself.
                (await server.MergeAsync(Maps(ns) + "/a", """{"data":{"other":"1"},"metadata":{"labels":{"skip":"1"}}}""")).Expect(HttpStatusCode.OK);
            }

            await WebhookServer.WriteAsync(http, new JsonObject
            {
                ["apiVersion"] = "admission.k8s.io/v1",
                ["kind"] = "AdmissionReview",
                ["response"] = new JsonObject { ["uid"] = (string?)review["request"]!["uid"], ["allowed"] = true },
            });
        });
        await using var _ = await Configured.WebhooksAsync(server, "Validating", ns,
            (hook.ClientConfig, """{"matchConditions":[{"name":"mine","expression":"request.userInfo.username != '' && 'mine' in object.data"}]}"""));
        var answer = (await server.MergeAsync(Maps(ns) + "/a", """{"data":{"mine":"1"}}""")).Expect(HttpStatusCode.OK);
        Assert.Equal("""{"mine":"1","other":"1","x":"1"}""", new JsonObject(answer.At("data")!.AsObject().OrderBy(p => p.Key, StringComparer.Ordinal)
            .Select(p => KeyValuePair.Create<string, JsonNode?>(p.Key, (string?)p.Value))).ToJsonString());
        Assert.Equal(2, hook.Reviews.Count);
        Assert.Equal("1", (string?)hook.Reviews.Last()["request"]!["oldObject"]!["data"]!["other"]);
    }

    private static string Maps(string ns) => $"/api/v1/namespaces/{ns}/configmaps";

    private static string Map(string name) => $$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{name}}"},"data":{"x":"1"} }""";
}
