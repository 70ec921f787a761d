using System.Net;
using Slipway.Conformance.Tests.Harness;

namespace Slipway.Conformance.Tests.Access;

public sealed class ImpersonationTests(TestServer server)
{
    private const string Self = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
    private const string Review = """{"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview"}""";

    [Fact]
    public async Task An_administrator_acts_as_a_user_with_groups_uid_and_extra()
    {
        var jane = new Requester(server.Client, ("Impersonate-User", "jane"), ("Impersonate-Group", "dev"), ("Impersonate-Uid", "u1"),
            ("Impersonate-Extra-example.com%2FScopes", "a"), ("Impersonate-Extra-example.com%2fteam", "b"));
        var me = (await jane.PostAsync(Self, Review)).Expect(HttpStatusCode.Created);
        Assert.Equal("""{"username":"jane","uid":"u1","groups":["dev","system:authenticated"],"extra":{"example.com/scopes":["a"],"example.com/team":["b"]}}""", me.At("status.userInfo")!.ToJsonString());
    }

    [Fact]
    public async Task A_service_account_and_nobody_get_their_groups()
    {
        var bot = (await server.As("system:serviceaccount:default:bot").PostAsync(Self, Review)).Expect(HttpStatusCode.Created);
        Assert.Equal("""["system:serviceaccounts","system:serviceaccounts:default","system:authenticated"]""", bot.At("status.userInfo.groups")!.ToJsonString());
        var nobody = await server.As("system:anonymous").PostAsync(Self, Review);
        nobody.ExpectStatus(403, "Forbidden");
        Assert.Equal("selfsubjectreviews.authentication.k8s.io is forbidden: User \"system:anonymous\" cannot create resource \"selfsubjectreviews\" in API group \"authentication.k8s.io\" at the cluster scope", nobody.Message);
    }

    [Fact]
    public async Task Groups_without_a_user_are_a_mistake()
    {
        var refused = await new Requester(server.Client, ("Impersonate-Group", "dev")).GetAsync("/api/v1/pods");
        refused.ExpectStatus(400, "BadRequest");
        Assert.Equal("requested &user.DefaultInfo{Name:\"\", UID:\"\", Groups:[]string{\"dev\"}, Extra:map[string][]string(nil)} without impersonating a user name", refused.Message);
    }

    [Fact]
    public async Task Who_may_not_impersonate_is_told_so()
    {
        var ns = await server.NamespaceAsync();
        await server.AccountAsync(ns, "bot");
        var token = await server.TokenAsync(ns, "bot");
        var refused = await new Requester(server.Stranger, ("Authorization", "Bearer " + token), ("Impersonate-User", "jane")).GetAsync("/api/v1/pods");
        refused.ExpectStatus(403, "Forbidden");
        Assert.Equal($"pods is forbidden: User \"system:serviceaccount:{ns}:bot\" cannot impersonate-on:user-info:list resource \"pods\" in API group \"\" at the cluster scope", refused.Message);
    }

    [Fact]
    public async Task The_right_to_one_user_is_no_right_to_groups_or_others()
    {
        var ns = await server.NamespaceAsync();
        await server.AccountAsync(ns, "bot");
        var (role, user) = ("impersonate-" + ns, "jane-" + ns);
        (await server.PostAsync(Requesters.Rbac + "/clusterroles", $$"""{"metadata":{"name":"{{role}}"},"rules":[{"apiGroups":[""],"resources":["users"],"resourceNames":["{{user}}"],"verbs":["impersonate"]}] }""")).Expect(HttpStatusCode.Created);
        (await server.PostAsync(Requesters.Rbac + "/clusterrolebindings", $$"""{"metadata":{"name":"{{role}}"},"roleRef":{{Requesters.ClusterRole(role)}},"subjects":[{"kind":"ServiceAccount","name":"bot","namespace":"{{ns}}"}] }""")).Expect(HttpStatusCode.Created);
        var token = ("Authorization", "Bearer " + await server.TokenAsync(ns, "bot"));
        try
        {
            var me = (await new Requester(server.Stranger, token, ("Impersonate-User", user)).PostAsync(Self, Review)).Expect(HttpStatusCode.Created);
            Assert.Equal(user, me.Text("status.userInfo.username"));
            (await new Requester(server.Stranger, token, ("Impersonate-User", "other")).PostAsync(Self, Review)).ExpectStatus(403, "Forbidden");
            (await new Requester(server.Stranger, token, ("Impersonate-User", user), ("Impersonate-Group", "system:masters")).PostAsync(Self, Review)).ExpectStatus(403, "Forbidden");
            (await new Requester(server.Stranger, token, ("Impersonate-User", user), ("Impersonate-Uid", "1")).PostAsync(Self, Review)).ExpectStatus(403, "Forbidden");
            (await new Requester(server.Stranger, token, ("Impersonate-User", user), ("Impersonate-Extra-a", "1")).PostAsync(Self, Review)).ExpectStatus(403, "Forbidden");
        }
        finally
        {
            await server.DeleteAsync($"{Requesters.Rbac}/clusterrolebindings/{role}");
            await server.DeleteAsync($"{Requesters.Rbac}/clusterroles/{role}");
        }
    }

    [Fact]
    public async Task A_constrained_right_holds_for_its_verb_alone()
    {
        var ns = await server.NamespaceAsync();
        await server.AccountAsync(ns, "bot");
        var (role, user) = ("constrained-" + ns, "joe-" + ns);
        await server.BindAsync(ns, Requesters.ClusterRole("view"), Requesters.User(user));
        (await server.PostAsync(Requesters.Rbac + "/clusterroles", $$"""{"metadata":{"name":"{{role}}"},"rules":[{"apiGroups":["authentication.k8s.io"],"resources":["users"],"resourceNames":["{{user}}"],"verbs":["impersonate:user-info"]},{"apiGroups":[""],"resources":["pods"],"verbs":["impersonate-on:user-info:list"]}] }""")).Expect(HttpStatusCode.Created);
        (await server.PostAsync(Requesters.Rbac + "/clusterrolebindings", $$"""{"metadata":{"name":"{{role}}"},"roleRef":{{Requesters.ClusterRole(role)}},"subjects":[{"kind":"ServiceAccount","name":"bot","namespace":"{{ns}}"}] }""")).Expect(HttpStatusCode.Created);
        var joe = new Requester(server.Stranger, ("Authorization", "Bearer " + await server.TokenAsync(ns, "bot")), ("Impersonate-User", user));
        try
        {
            (await joe.GetAsync($"/api/v1/namespaces/{ns}/pods")).Expect(HttpStatusCode.OK);
            (await joe.GetAsync($"/api/v1/namespaces/{ns}/pods/x")).ExpectStatus(403, "Forbidden");
            (await joe.GetAsync($"/api/v1/namespaces/{ns}/configmaps")).ExpectStatus(403, "Forbidden");
        }
        finally
        {
            await server.DeleteAsync($"{Requesters.Rbac}/clusterrolebindings/{role}");
            await server.DeleteAsync($"{Requesters.Rbac}/clusterroles/{role}");
        }
    }
}
