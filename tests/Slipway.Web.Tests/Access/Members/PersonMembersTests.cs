using System.Text.Json.Nodes;
using Slipway.Kubernetes.Connection;
using Slipway.Web.Access;
using Slipway.Web.Access.Members;

namespace Slipway.Web.Tests.Access.Members;

/// <summary>Who may do what, read from roles, is what the API's authorizer answers for each of them.</summary>
public sealed class PersonMembersTests(Cluster cluster) : IClassFixture<Cluster>
{
    private const string Rbac = "apis/rbac.authorization.k8s.io/v1";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_roles_say_is_what_the_API_answers_for_everybody_in_them()
    {
        await cluster.SpaceAsync("team-a");
        await cluster.SpaceAsync("team-b");
        await cluster.AccountAsync("team-a", "alice");
        await cluster.AccountAsync("team-b", "bob");
        await cluster.GiveAsync("team-a", "alice", "get,list,patch", "airunway.ai", "modeldeployments");
        await cluster.GiveAsync("team-b", "bob", "*", "airunway.ai", "*");
        await PostAsync("clusterroles", "ClusterRole", "logs", """{"rules":[{"verbs":["get"],"apiGroups":[""],"resources":["*/log"]},{"verbs":["delete"],"apiGroups":["airunway.ai"],"resources":["modeldeployments"],"resourceNames":["one"]}]}""");
        await PostAsync("namespaces/team-a/rolebindings", "RoleBinding", "logs", """{"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"logs"},"subjects":[{"kind":"User","apiGroup":"rbac.authorization.k8s.io","name":"eve@example.org"},{"kind":"Group","apiGroup":"rbac.authorization.k8s.io","name":"readers"}]}""");
        await PostAsync("namespaces/team-a/rolebindings", "RoleBinding", "gone", """{"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"nobody-made-it"},"subjects":[{"kind":"User","apiGroup":"rbac.authorization.k8s.io","name":"mallory"}]}""");
        await PostAsync("clusterrolebindings", "ClusterRoleBinding", "all-of-it", """{"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"cluster-admin"},"subjects":[{"kind":"ServiceAccount","namespace":"team-b","name":"bob"}]}""");

        var found = await new PersonMembers(cluster.Admin).OfAsync("team-a", Token);

        Assert.Null(found.Gap);
        var people = found.All.Where(static m => m.Name is "team-a/alice" or "team-b/bob" or "eve@example.org" or "readers" or "mallory").ToDictionary(static m => m.Name);
        Assert.Equal(["eve@example.org", "readers", "team-a/alice", "team-b/bob"], people.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["clusterrolebinding/all-of-it"], people["team-b/bob"].By);
        Assert.Equal([Right.ReadLogs], people["readers"].May);
        foreach (var member in found.All)
        {
            foreach (var (_, right) in ModelRights.All) Assert.True(await MayAsync(member, right) == member.May.Contains(right), $"{member.Name}: {right}");
        }
    }

    [Fact]
    public async Task Whoever_may_read_no_roles_learns_of_nobody()
    {
        await cluster.SpaceAsync("team-c");
        var token = await cluster.AccountAsync("team-c", "carol");
        using var connection = cluster.Connect([new Bearer(token)]);
        var found = await new PersonMembers(new KubeClient(connection)).OfAsync("team-c", Token);
        Assert.Empty(found.All);
        Assert.Equal("You may not list roles in team-c, clusterroles, rolebindings in team-c, clusterrolebindings: there may be others.", found.Gap);
    }

    private async Task<bool> MayAsync(Member member, Right right)
    {
        var attributes = new JsonObject { ["namespace"] = "team-a", ["verb"] = right.Verb, ["group"] = right.Group, ["resource"] = right.Resource.Split('/')[0] };
        if (right.Resource.Split('/') is [_, var sub]) attributes["subresource"] = sub;
        var spec = new JsonObject { ["resourceAttributes"] = attributes, ["user"] = member.Kind switch { "User" => member.Name, "ServiceAccount" => $"system:serviceaccount:{member.Name.Replace('/', ':')}", _ => "somebody" } };
        if (member.Kind == "Group") spec["groups"] = new JsonArray(member.Name);
        var review = new JsonObject { ["apiVersion"] = "authorization.k8s.io/v1", ["kind"] = "SubjectAccessReview", ["spec"] = spec };
        return (bool)(await cluster.Admin.AskAsync("apis/authorization.k8s.io/v1/subjectaccessreviews", review, Token))["status"]!["allowed"]!;
    }

    private Task PostAsync(string path, string kind, string name, string body)
    {
        var value = JsonNode.Parse(body)!.AsObject();
        (value["apiVersion"], value["kind"], value["metadata"]) = ("rbac.authorization.k8s.io/v1", kind, new JsonObject { ["name"] = name });
        return cluster.Admin.PostAsync($"{Rbac}/{path}", value, Token);
    }

    private sealed class Bearer(string token) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Authorization = new System.Net.Http.Headers.AuthenticationHeaderValue("Bearer", token);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
