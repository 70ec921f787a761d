using System.Net;
using System.Text.Json.Nodes;
using Slipway.Conformance.Tests.Harness;

namespace Slipway.Conformance.Tests.Access;

public sealed class AccessReviewTests(TestServer server)
{
    private const string Group = "/apis/authorization.k8s.io/v1";

    [Fact]
    public async Task Everybody_may_ask_what_they_may_do()
    {
        var ns = await server.NamespaceAsync();
        await server.BindAsync(ns, Requesters.ClusterRole("view"), Requesters.User("kim-" + ns), "kims");
        var kim = server.As("kim-" + ns);
        async Task<Answer> AskAsync(string verb, string resource) => (await kim.PostAsync(Group + "/selfsubjectaccessreviews",
            Body("SelfSubjectAccessReview", Resource(ns, verb, resource)))).Expect(HttpStatusCode.Created);
        var yes = await AskAsync("list", "pods");
        Assert.Equal(("true", $"RBAC: allowed by RoleBinding \"kims/{ns}\" of ClusterRole \"view\" to User \"kim-{ns}\""), (yes.Text("status.allowed"), yes.Text("status.reason")));
        Assert.Equal(("SelfSubjectAccessReview", "list"), (yes.Text("kind"), yes.Text("spec.resourceAttributes.verb")));
        var no = await AskAsync("delete", "pods");
        Assert.Equal("""{"allowed":false}""", no.At("status")!.ToJsonString());
        var path = await kim.PostAsync(Group + "/selfsubjectaccessreviews", Body("SelfSubjectAccessReview", """ "nonResourceAttributes":{"path":"/metrics","verb":"get"} """));
        Assert.Equal("false", path.Text("status.allowed"));
        var admin = await server.PostAsync(Group + "/selfsubjectaccessreviews", Body("SelfSubjectAccessReview", Resource(ns, "*", "*")));
        Assert.Equal("true", admin.Text("status.allowed"));
    }

    [Fact]
    public async Task Who_may_review_asks_about_others()
    {
        var ns = await server.NamespaceAsync();
        await server.GrantAsync(ns, """[{"apiGroups":[""],"resources":["pods"],"verbs":["get"]}]""", """{"apiGroup":"rbac.authorization.k8s.io","kind":"Group","name":"dev"}""");
        var asked = await server.PostAsync(Group + "/subjectaccessreviews", Body("SubjectAccessReview", Resource(ns, "get", "pods") + """,  "user":"lea","groups":["dev"] """));
        Assert.Equal("true", asked.Expect(HttpStatusCode.Created).Text("status.allowed"));
        asked = await server.PostAsync(Group + "/subjectaccessreviews", Body("SubjectAccessReview", Resource(ns, "get", "pods") + """,  "user":"lea" """));
        Assert.Equal("false", asked.Text("status.allowed"));
        (await server.As("lea").PostAsync(Group + "/subjectaccessreviews", "{}")).ExpectStatus(403, "Forbidden");
        var local = $"{Group}/namespaces/{ns}/localsubjectaccessreviews";
        var there = await server.PostAsync(local, $$"""{"apiVersion":"authorization.k8s.io/v1","kind":"LocalSubjectAccessReview","metadata":{"namespace":"{{ns}}"},"spec":{ {{Resource(ns, "get", "pods")}},"user":"x","groups":["dev"]} }""");
        Assert.Equal("true", there.Expect(HttpStatusCode.Created).Text("status.allowed"));
        var elsewhere = await server.PostAsync(local, $$"""{"apiVersion":"authorization.k8s.io/v1","kind":"LocalSubjectAccessReview","metadata":{"namespace":"{{ns}}"},"spec":{ {{Resource("default", "get", "pods")}},"user":"x"} }""");
        elsewhere.ExpectStatus(422, "Invalid");
        Assert.Contains("must match metadata.namespace", elsewhere.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reviews_that_ask_nothing_are_refused()
    {
        var nothing = await server.PostAsync(Group + "/selfsubjectaccessreviews", Body("SelfSubjectAccessReview", ""));
        nothing.ExpectStatus(422, "Invalid");
        Assert.Equal(".authorization.k8s.io \"\" is invalid: spec.resourceAttributes: Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified", nothing.Message);
        var nobody = await server.PostAsync(Group + "/subjectaccessreviews", Body("SubjectAccessReview", Resource("default", "get", "pods")));
        nobody.ExpectStatus(422, "Invalid");
        Assert.Equal(".authorization.k8s.io \"\" is invalid: spec.user: Invalid value: \"\": at least one of user or group must be specified", nobody.Message);
    }

    [Fact]
    public async Task A_binding_to_a_missing_role_is_named_in_the_refusal()
    {
        var ns = await server.NamespaceAsync();
        await server.BindAsync(ns, Requesters.ClusterRole("gone-" + ns), Requesters.User("ned-" + ns));
        var refused = await server.As("ned-" + ns).GetAsync($"/api/v1/namespaces/{ns}/pods");
        refused.ExpectStatus(403, "Forbidden");
        Assert.EndsWith($"in the namespace \"{ns}\": RBAC: clusterrole.rbac.authorization.k8s.io \"gone-{ns}\" not found", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_rules_of_oneself_are_listed()
    {
        var ns = await server.NamespaceAsync();
        await server.GrantAsync(ns, """[{"apiGroups":["x.io"],"resources":["xs"],"resourceNames":["one"],"verbs":["get"]}]""", Requesters.User("ora-" + ns));
        var answer = (await server.As("ora-" + ns).PostAsync(Group + "/selfsubjectrulesreviews",
            $$"""{"apiVersion":"authorization.k8s.io/v1","kind":"SelfSubjectRulesReview","spec":{"namespace":"{{ns}}"} }""")).Expect(HttpStatusCode.Created);
        var rules = ((JsonArray)answer.At("status.resourceRules")!).Select(r => r!.ToJsonString()).ToList();
        Assert.Contains("""{"verbs":["get"],"apiGroups":["x.io"],"resources":["xs"],"resourceNames":["one"]}""", rules);
        Assert.Contains("selfsubjectaccessreviews", string.Concat(rules), StringComparison.Ordinal);
        Assert.Contains("/healthz", answer.At("status.nonResourceRules")!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("false", answer.Text("status.incomplete"));
        (await server.PostAsync(Group + "/selfsubjectrulesreviews", """{"apiVersion":"authorization.k8s.io/v1","kind":"SelfSubjectRulesReview","spec":{}}""")).ExpectStatus(400, "BadRequest");
    }

    [Fact]
    public async Task Reviews_are_discovered()
    {
        foreach (var (group, names) in ((string, string[])[])[
            ("authentication.k8s.io", ["selfsubjectreviews", "tokenreviews"]),
            ("authorization.k8s.io", ["localsubjectaccessreviews", "selfsubjectaccessreviews", "selfsubjectrulesreviews", "subjectaccessreviews"])])
        {
            var plain = ((JsonArray)(await server.GetAsync($"/apis/{group}/v1")).At("resources")!).Select(r => (string)r!["name"]!);
            Assert.Equal(names, plain.Order(StringComparer.Ordinal));
            Assert.Contains($"\"name\":\"{group}\"", (await server.GetAsync("/apis")).Body, StringComparison.Ordinal);
            var all = await server.GetAsync("/apis", "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList");
            foreach (var name in names) Assert.Contains($"\"resource\":\"{name}\"", all.Body, StringComparison.Ordinal);
        }

        var core = ((JsonArray)(await server.GetAsync("/api/v1")).At("resources")!).Single(r => (string)r!["name"]! == "serviceaccounts/token")!;
        Assert.Equal(("authentication.k8s.io", "TokenRequest"), ((string)core["group"]!, (string)core["kind"]!));
    }

    private static string Body(string kind, string spec) => $$"""{"apiVersion":"authorization.k8s.io/v1","kind":"{{kind}}","spec":{ {{spec}} } }""";

    private static string Resource(string ns, string verb, string resource) => $$""" "resourceAttributes":{"namespace":"{{ns}}","verb":"{{verb}}","resource":"{{resource}}"} """;
}
