using System.Net;
using Slipway.Conformance.Tests.Harness;

namespace Slipway.Conformance.Tests.Access;

/// <summary>Nobody gives away what they do not have, and roles and bindings are of the shape that upstream demands.</summary>
public sealed class EscalationTests(TestServer server)
{
    private const string Manage = """{"apiGroups":["rbac.authorization.k8s.io"],"resources":["roles","rolebindings"],"verbs":["create","update","patch","get"]}""";

    [Fact]
    public async Task A_role_with_more_than_ones_own_rights_is_refused()
    {
        var (ns, user) = await ManagerAsync("");
        var roles = $"{Requesters.Rbac}/namespaces/{ns}/roles";
        (await server.As(user).PostAsync(roles, """{"metadata":{"name":"less"},"rules":[{"apiGroups":[""],"resources":["pods"],"verbs":["get"]}]}""")).Expect(HttpStatusCode.Created);
        var refused = await server.As(user).PostAsync(roles, """{"metadata":{"name":"more"},"rules":[{"apiGroups":[""],"resources":["pods","secrets"],"verbs":["get","delete"]}]}""");
        refused.ExpectStatus(403, "Forbidden");
        Assert.Equal($$"""
            roles.rbac.authorization.k8s.io "more" is forbidden: user "{{user}}" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:
            {APIGroups:[""], Resources:["pods"], Verbs:["delete"]}
            {APIGroups:[""], Resources:["secrets"], Verbs:["get" "delete"]}
            """, refused.Message);
        (await server.As(user).MergeAsync(roles + "/less", """{"rules":[{"apiGroups":[""],"resources":["*"],"verbs":["get"]}]}""")).ExpectStatus(403, "Forbidden");
        (await server.As(user).MergeAsync(roles + "/less", """{"metadata":{"labels":{"a":"b"}}}""")).Expect(HttpStatusCode.OK);
        (await server.As(user).ApplyAsync(roles + "/applied", """{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"Role","metadata":{"name":"applied"},"rules":[{"apiGroups":["apps"],"resources":["deployments"],"verbs":["get"]}]}""")).ExpectStatus(403, "Forbidden");
    }

    [Fact]
    public async Task Who_may_escalate_may_give_anything()
    {
        var (ns, user) = await ManagerAsync(""",{"apiGroups":["rbac.authorization.k8s.io"],"resources":["roles"],"verbs":["escalate"]}""");
        (await server.As(user).PostAsync($"{Requesters.Rbac}/namespaces/{ns}/roles", """{"metadata":{"name":"more"},"rules":[{"apiGroups":["*"],"resources":["*"],"verbs":["*"]}]}""")).Expect(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_binding_takes_the_rights_of_its_role_or_the_right_to_bind_it()
    {
        var (ns, user) = await ManagerAsync(""",{"apiGroups":["rbac.authorization.k8s.io"],"resources":["clusterroles"],"resourceNames":["edit"],"verbs":["bind"]}""");
        var bindings = $"{Requesters.Rbac}/namespaces/{ns}/rolebindings";
        string Body(string name, string role) => $$"""{"metadata":{"name":"{{name}}"},"roleRef":{{role}},"subjects":[{{Requesters.User(user)}}] }""";
        (await server.As(user).PostAsync(bindings, Body("edit", Requesters.ClusterRole("edit")))).Expect(HttpStatusCode.Created);
        var (other, second) = await ManagerAsync("");
        bindings = $"{Requesters.Rbac}/namespaces/{other}/rolebindings";
        var refused = await server.As(second).PostAsync(bindings, Body("b", Requesters.ClusterRole("cluster-admin")));
        refused.ExpectStatus(403, "Forbidden");
        Assert.Equal($$"""
            rolebindings.rbac.authorization.k8s.io "b" is forbidden: user "{{second}}" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:
            {APIGroups:["*"], Resources:["*"], Verbs:["*"]}
            {NonResourceURLs:["*"], Verbs:["*"]}
            """, refused.Message);
        (await server.As(second).PostAsync(bindings, Body("b", Requesters.ClusterRole("no-such-role")))).ExpectStatus(404, "NotFound");
    }

    [Fact]
    public async Task An_apply_that_creates_takes_the_right_to_create()
    {
        var ns = await server.NamespaceAsync();
        var user = "pat-" + ns;
        await server.GrantAsync(ns, """[{"apiGroups":[""],"resources":["configmaps"],"verbs":["patch"]}]""", Requesters.User(user));
        var path = $"/api/v1/namespaces/{ns}/configmaps/a";
        const string Map = """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"x":"1"}}""";
        var refused = await server.As(user).ApplyAsync(path, Map);
        refused.ExpectStatus(403, "Forbidden");
        Assert.Equal($"configmaps \"a\" is forbidden: User \"{user}\" cannot create resource \"configmaps\" in API group \"\" in the namespace \"{ns}\"", refused.Message);
        (await server.ApplyAsync(path, "admin", Map)).Expect(HttpStatusCode.Created);
        (await server.As(user).ApplyAsync(path, Map)).Expect(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("""{"apiGroups":[""],"resources":["pods"]}""", "rules[0].verbs: Required value: verbs must contain at least one value")]
    [InlineData("""{"apiGroups":[""],"verbs":["get"]}""", "rules[0].resources: Required value: resource rules must supply at least one resource")]
    [InlineData("""{"resources":["pods"],"verbs":["get"]}""", "rules[0].apiGroups: Required value: resource rules must supply at least one api group")]
    [InlineData("""{"nonResourceURLs":["/x"],"verbs":["get"]}""", "rules[0].nonResourceURLs: Invalid value: [\"/x\"]: namespaced rules cannot apply to non-resource URLs")]
    public async Task Rules_that_say_nothing_are_refused(string rule, string fault)
    {
        var ns = await server.NamespaceAsync();
        var refused = await server.PostAsync($"{Requesters.Rbac}/namespaces/{ns}/roles", $$"""{"metadata":{"name":"r"},"rules":[{{rule}}] }""");
        refused.ExpectStatus(422, "Invalid");
        Assert.Equal($"Role.rbac.authorization.k8s.io \"r\" is invalid: {fault}", refused.Message);
    }

    [Theory]
    [InlineData("""{"kind":"User","name":"u"}""", null)]
    [InlineData("""{"kind":"ServiceAccount","name":"a"}""", null)]
    [InlineData("""{"kind":"Robot","name":"u"}""", "subjects[0].kind: Unsupported value: \"Robot\": supported values: \"ServiceAccount\", \"User\", \"Group\"")]
    [InlineData("""{"kind":"User","name":"u","apiGroup":"x"}""", "subjects[0].apiGroup: Unsupported value: \"x\": supported values: \"rbac.authorization.k8s.io\"")]
    [InlineData("""{"kind":"Group","name":""}""", "subjects[0].name: Required value")]
    public async Task Subjects_are_of_known_kinds(string subject, string? fault)
    {
        var ns = await server.NamespaceAsync();
        var answer = await server.PostAsync($"{Requesters.Rbac}/namespaces/{ns}/rolebindings", $$"""{"metadata":{"name":"b"},"roleRef":{"kind":"ClusterRole","name":"view"},"subjects":[{{subject}}] }""");
        if (fault is null) Assert.Equal("rbac.authorization.k8s.io", answer.Expect(HttpStatusCode.Created).Text("roleRef.apiGroup"));
        else
        {
            answer.ExpectStatus(422, "Invalid");
            Assert.Equal($"RoleBinding.rbac.authorization.k8s.io \"b\" is invalid: {fault}", answer.Message);
        }
    }

    [Fact]
    public async Task A_bindings_role_never_changes()
    {
        var ns = await server.NamespaceAsync();
        await server.BindAsync(ns, Requesters.ClusterRole("view"), Requesters.User("u"), "b");
        var refused = await server.MergeAsync($"{Requesters.Rbac}/namespaces/{ns}/rolebindings/b", """{"roleRef":{"name":"edit"}}""");
        refused.ExpectStatus(422, "Invalid");
        Assert.Equal("RoleBinding.rbac.authorization.k8s.io \"b\" is invalid: roleRef: Invalid value: " +
            "{\"APIGroup\":\"rbac.authorization.k8s.io\",\"Kind\":\"ClusterRole\",\"Name\":\"edit\"}: cannot change roleRef", refused.Message);
        var cluster = await server.PostAsync(Requesters.Rbac + "/clusterrolebindings", """{"metadata":{"name":"b"},"roleRef":{"kind":"Role","name":"view"},"subjects":[{"kind":"ServiceAccount","name":"a"}]}""");
        cluster.ExpectStatus(422, "Invalid");
        Assert.Contains("roleRef.kind: Unsupported value: \"Role\": supported values: \"ClusterRole\"", cluster.Message, StringComparison.Ordinal);
        Assert.Contains("subjects[0].namespace: Required value", cluster.Message, StringComparison.Ordinal);
    }

    // A namespace, and a user who may make roles and bindings there and read pods.
    private async Task<(string Namespace, string User)> ManagerAsync(string more)
    {
        var ns = await server.NamespaceAsync();
        await server.GrantAsync(ns, $$"""[{{Manage}},{"apiGroups":[""],"resources":["pods"],"verbs":["get","list"]}{{more}}]""", Requesters.User("mia-" + ns));
        return (ns, "mia-" + ns);
    }
}
