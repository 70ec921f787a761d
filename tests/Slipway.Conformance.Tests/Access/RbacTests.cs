using System.Net;
using System.Text.Json.Nodes;
using Slipway.Conformance.Tests.Harness;

namespace Slipway.Conformance.Tests.Access;

public sealed class RbacTests(TestServer server)
{
    [Fact]
    public async Task A_refusal_says_what_was_wanted_and_by_whom()
    {
        var ns = await server.NamespaceAsync();
        var jane = server.As("jane");
        async Task Refused(HttpMethod method, string path, string message)
        {
            var answer = await jane.SendAsync(method, path, method == HttpMethod.Post ? "{}" : null);
            answer.ExpectStatus(403, "Forbidden");
            Assert.Equal(message, answer.Message);
        }

        await Refused(HttpMethod.Get, $"/api/v1/namespaces/{ns}/pods", $"pods is forbidden: User \"jane\" cannot list resource \"pods\" in API group \"\" in the namespace \"{ns}\"");
        await Refused(HttpMethod.Get, "/api/v1/pods?watch=true", "pods is forbidden: User \"jane\" cannot watch resource \"pods\" in API group \"\" at the cluster scope");
        await Refused(HttpMethod.Get, $"/apis/apps/v1/namespaces/{ns}/deployments/d/scale", $"deployments.apps \"d\" is forbidden: User \"jane\" cannot get resource \"deployments/scale\" in API group \"apps\" in the namespace \"{ns}\"");
        await Refused(HttpMethod.Post, $"/apis/apps/v1/namespaces/{ns}/deployments", $"deployments.apps is forbidden: User \"jane\" cannot create resource \"deployments\" in API group \"apps\" in the namespace \"{ns}\"");
        await Refused(HttpMethod.Delete, $"/api/v1/namespaces/{ns}/pods", $"pods is forbidden: User \"jane\" cannot deletecollection resource \"pods\" in API group \"\" in the namespace \"{ns}\"");
        await Refused(HttpMethod.Delete, $"/api/v1/namespaces/{ns}", $"namespaces \"{ns}\" is forbidden: User \"jane\" cannot delete resource \"namespaces\" in API group \"\" in the namespace \"{ns}\"");
        await Refused(HttpMethod.Get, "/apis/no.such.group/v1/things/x", "things.no.such.group \"x\" is forbidden: User \"jane\" cannot get resource \"things\" in API group \"no.such.group\" at the cluster scope");
        await Refused(HttpMethod.Get, $"/api/v1/namespaces/{ns}/services/s/proxy/a/b", $"services \"s\" is forbidden: User \"jane\" cannot get resource \"services/proxy\" in API group \"\" in the namespace \"{ns}\"");
        await Refused(HttpMethod.Get, "/metrics", "forbidden: User \"jane\" cannot get path \"/metrics\"");
        var details = (await jane.GetAsync($"/apis/apps/v1/namespaces/{ns}/deployments/d")).At("details")!;
        Assert.Equal("""{"name":"d","group":"apps","kind":"deployments"}""", details.ToJsonString());
        foreach (var open in (string[])["/api", "/apis", "/apis/apps/v1", "/version", "/healthz", "/openapi/v3"]) (await jane.GetAsync(open)).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Names_subresources_and_wildcards_of_rules_are_honoured()
    {
        var ns = await server.NamespaceAsync();
        foreach (var name in (string[])["a", "b"]) await server.PostAsync($"/api/v1/namespaces/{ns}/configmaps", $$"""{"metadata":{"name":"{{name}}"} }""");
        await server.GrantAsync(ns, """
            [{"apiGroups":[""],"resources":["configmaps"],"resourceNames":["a"],"verbs":["get","list","update","delete"]},
             {"apiGroups":["*"],"resources":["*/scale"],"verbs":["get"]},
             {"apiGroups":["batch"],"resources":["*"],"verbs":["*"]}]
            """, Requesters.User("joe"));
        var joe = server.As("joe");
        (await joe.GetAsync($"/api/v1/namespaces/{ns}/configmaps/a")).Expect(HttpStatusCode.OK);
        (await joe.GetAsync($"/api/v1/namespaces/{ns}/configmaps/b")).ExpectStatus(403, "Forbidden");
        (await joe.GetAsync($"/api/v1/namespaces/{ns}/configmaps")).ExpectStatus(403, "Forbidden");
        (await joe.GetAsync($"/api/v1/namespaces/{ns}/configmaps?fieldSelector=metadata.name%3Da")).Expect(HttpStatusCode.OK);
        (await joe.GetAsync($"/api/v1/namespaces/{ns}/configmaps?fieldSelector=metadata.name%3Db")).ExpectStatus(403, "Forbidden");
        (await joe.MergeAsync($"/api/v1/namespaces/{ns}/configmaps/a", "{}")).ExpectStatus(403, "Forbidden");
        (await joe.GetAsync($"/apis/apps/v1/namespaces/{ns}/deployments/d/scale")).ExpectStatus(404, "NotFound");
        (await joe.GetAsync($"/apis/apps/v1/namespaces/{ns}/deployments/d")).ExpectStatus(403, "Forbidden");
        (await joe.GetAsync($"/apis/batch/v1/namespaces/{ns}/jobs")).Expect(HttpStatusCode.OK);
        (await joe.GetAsync("/apis/batch/v1/jobs")).ExpectStatus(403, "Forbidden");
        (await joe.DeleteAsync($"/api/v1/namespaces/{ns}/configmaps/a")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_roles_for_people_give_what_they_are_known_for()
    {
        var ns = await server.NamespaceAsync();
        foreach (var role in (string[])["view", "edit", "admin"]) await server.BindAsync(ns, Requesters.ClusterRole(role), Requesters.User($"{role}er"));
        var secret = $"/api/v1/namespaces/{ns}/secrets";
        (await server.As("viewer").GetAsync($"/api/v1/namespaces/{ns}")).Expect(HttpStatusCode.OK);
        (await server.As("viewer").GetAsync($"/api/v1/namespaces/{ns}/pods")).Expect(HttpStatusCode.OK);
        (await server.As("viewer").GetAsync(secret)).ExpectStatus(403, "Forbidden");
        (await server.As("editer").PostAsync(secret, """{"metadata":{"name":"s"}}""")).Expect(HttpStatusCode.Created);
        (await server.As("editer").GetAsync($"{Requesters.Rbac}/namespaces/{ns}/roles")).ExpectStatus(403, "Forbidden");
        (await server.As("adminer").GetAsync($"{Requesters.Rbac}/namespaces/{ns}/roles")).Expect(HttpStatusCode.OK);
        (await server.As("adminer").GetAsync("/api/v1/namespaces")).ExpectStatus(403, "Forbidden");
        (await server.As("boss", "system:masters").GetAsync("/api/v1/secrets")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_role_gathers_the_rules_of_others_by_their_labels()
    {
        var id = Guid.NewGuid().ToString("N")[..8];
        var path = Requesters.Rbac + "/clusterroles";
        (await server.PostAsync(path, $$$"""{"metadata":{"name":"sum-{{{id}}}"},"aggregationRule":{"clusterRoleSelectors":[{"matchLabels":{"sum":"{{{id}}}"}}]} }""")).Expect(HttpStatusCode.Created);
        (await server.PostAsync(path, $$$"""{"metadata":{"name":"part-{{{id}}}","labels":{"sum":"{{{id}}}"} },"rules":[{"apiGroups":["x.io"],"resources":["xs"],"verbs":["get"]}]}""")).Expect(HttpStatusCode.Created);
        var sum = await server.UntilAsync($"{path}/sum-{id}", a => a.At("rules") is JsonArray { Count: 1 });
        Assert.Equal("xs", sum.Text("rules.0.resources.0"));
        await server.DeleteAsync($"{path}/part-{id}");
        await server.UntilAsync($"{path}/sum-{id}", a => a.At("rules") is null or JsonArray { Count: 0 });
        await server.DeleteAsync($"{path}/sum-{id}");
    }
}
