using Slipway.Conformance.Tests.Harness;

namespace Slipway.Conformance.Tests.Access;

/// <summary>What users type about who they are and what they may do.</summary>
public sealed class KubectlIdentityTests(TestServer server)
{
    [Fact]
    public async Task Kubectl_makes_tokens_and_acts_with_them()
    {
        var ns = await server.NamespaceAsync();
        var kubectl = server.Kubectl(ns);
        await kubectl.RunAsync("create serviceaccount bot");
        await kubectl.RunAsync("create secret generic s");
        var token = (await kubectl.RunAsync("create token bot --duration=20m --bound-object-kind=Secret --bound-object-name=s")).Trim();
        Assert.Equal("s", (string?)Requesters.Claims(token)["kubernetes.io"]!["secret"]!["name"]);
        Assert.Contains("may not specify a duration less than 10 minutes", await kubectl.RunAsync("create token bot --duration=1m", exit: 1), StringComparison.Ordinal);
        await kubectl.RunAsync($"create rolebinding view --clusterrole=view --serviceaccount={ns}:bot");
        (await server.WithToken(token).GetAsync($"/api/v1/namespaces/{ns}/pods")).Expect(System.Net.HttpStatusCode.OK);
    }

    [Fact]
    public async Task Kubectl_tells_what_one_may_do()
    {
        var ns = await server.NamespaceAsync();
        var kubectl = server.Kubectl(ns);
        await kubectl.RunAsync("create rolebinding eva --clusterrole=edit --user=eva");
        Assert.Equal("yes\n", await kubectl.RunAsync("auth can-i '*' '*' --all-namespaces"));
        Assert.Equal("yes\n", await kubectl.RunAsync("auth can-i create deployments.apps --as eva"));
        Assert.Equal("no\n", (await kubectl.TryAsync("auth can-i create roles.rbac.authorization.k8s.io --as eva")).Output);
        Assert.Equal("no\n", (await kubectl.TryAsync("auth can-i get /metrics --as eva")).Output);
        var list = await kubectl.RunAsync("auth can-i --list --as eva");
        Assert.Matches(@"configmaps +\[\] +\[\] +\[create delete deletecollection patch update get list watch\]", list);
        Assert.Matches(@"\[/healthz\] +\[\] +\[get\]", list);
    }

    [Fact]
    public async Task Kubectl_creates_reviews_from_files()
    {
        var kubectl = server.Kubectl("default");
        const string Access = "apiVersion: authorization.k8s.io/v1\nkind: SelfSubjectAccessReview\nspec:\n  resourceAttributes: {verb: get, resource: pods}\n";
        Assert.Equal("true", await kubectl.RunAsync("create -f - -o jsonpath={.status.allowed}", Access));
        const string Token = "apiVersion: authentication.k8s.io/v1\nkind: TokenReview\nspec: {token: x}\n";
        Assert.Equal("invalid bearer token", await kubectl.RunAsync("create -f - -o jsonpath={.status.error}", Token));
    }

    [Fact]
    public async Task Kubectl_tells_who_one_is()
    {
        var ns = await server.NamespaceAsync();
        var kubectl = server.Kubectl(ns);
        Assert.Matches(@"Groups +\[system:masters system:authenticated\]", await kubectl.RunAsync("auth whoami"));
        var other = await kubectl.RunAsync("auth whoami --as fay --as-group dev --as-group ops --as-uid 7");
        Assert.Matches(@"Username +fay", other);
        Assert.Matches(@"Groups +\[dev ops system:authenticated\]", other);
        Assert.Matches(@"UID +7", other);
        Assert.Contains("Error from server (Forbidden): pods is forbidden: User \"fay\" cannot list resource \"pods\" in API group \"\" in the namespace", await kubectl.RunAsync("get pods --as fay", exit: 1), StringComparison.Ordinal);
    }
}
