using System.Net;
using Slipway.Conformance.Tests.Harness;

namespace Slipway.Conformance.Tests;

public sealed class LifecycleTests(TestServer server)
{
    [Fact]
    public async Task Dependents_go_after_their_owner()
    {
        var path = $"/apis/coordination.k8s.io/v1/namespaces/{await server.NamespaceAsync()}/leases";
        var uid = await MakeAsync(path, "owner");
        await MakeAsync(path, "child", uid);
        await using var watch = await Watching.OpenAsync(server, path + "?watch=true&fieldSelector=metadata.name%3Dchild");
        Assert.Equal("ADDED child", await watch.NextNameAsync());
        await server.DeleteAsync(path + "/owner");
        Assert.Equal("DELETED child", await watch.NextNameAsync());
    }

    [Fact]
    public async Task In_the_foreground_dependents_go_first()
    {
        var path = $"/apis/coordination.k8s.io/v1/namespaces/{await server.NamespaceAsync()}/leases";
        var uid = await MakeAsync(path, "owner");
        await MakeAsync(path, "child", uid);
        await using var watch = await Watching.OpenAsync(server, path + "?watch=true&labelSelector=of%3Dtest");
        Assert.Equal("ADDED child", await watch.NextNameAsync());
        Assert.Equal("ADDED owner", await watch.NextNameAsync());
        await server.DeleteAsync(path + "/owner?propagationPolicy=Foreground");
        Assert.Equal("MODIFIED owner", await watch.NextNameAsync());
        await watch.UntilAsync("DELETED child");
        await watch.UntilAsync("DELETED owner");
    }

    [Fact]
    public async Task Orphans_stay_without_their_owner()
    {
        var path = $"/apis/coordination.k8s.io/v1/namespaces/{await server.NamespaceAsync()}/leases";
        var uid = await MakeAsync(path, "owner");
        await MakeAsync(path, "child", uid);
        await using var watch = await Watching.OpenAsync(server, path + "?watch=true&fieldSelector=metadata.name%3Downer");
        Assert.Equal("ADDED owner", await watch.NextNameAsync());
        await server.DeleteAsync(path + "/owner?propagationPolicy=Orphan");
        await watch.UntilAsync("DELETED owner");
        var child = (await server.GetAsync(path + "/child")).Expect(HttpStatusCode.OK);
        Assert.Null(child.At("metadata.ownerReferences"));
    }

    [Fact]
    public async Task A_dependent_of_an_owner_that_never_was_goes()
    {
        var path = $"/apis/coordination.k8s.io/v1/namespaces/{await server.NamespaceAsync()}/leases";
        await using var watch = await Watching.OpenAsync(server, path + "?watch=true&fieldSelector=metadata.name%3Dchild");
        await MakeAsync(path, "child", Guid.NewGuid().ToString());
        Assert.Equal("ADDED child", await watch.NextNameAsync());
        Assert.Equal("DELETED child", await watch.NextNameAsync());
    }

    [Fact]
    public async Task A_namespace_takes_its_content_with_it_but_waits_for_finalizers()
    {
        var ns = await server.NamespaceAsync();
        var path = $"/api/v1/namespaces/{ns}/configmaps";
        await server.PostAsync(path, """{"metadata":{"name":"a","finalizers":["example.com/hold"]}}""");
        await server.PostAsync($"/api/v1/namespaces/{ns}/secrets", """{"metadata":{"name":"s"}}""");
        await using var watch = await Watching.OpenAsync(server, $"/api/v1/namespaces?watch=true&fieldSelector=metadata.name%3D{ns}");
        Assert.Equal("ADDED " + ns, await watch.NextNameAsync());
        await using var maps = await Watching.OpenAsync(server, path + "?watch=true&fieldSelector=metadata.name%3Da");
        Assert.Equal("ADDED a", await maps.NextNameAsync());
        var marked = await server.DeleteAsync($"/api/v1/namespaces/{ns}");
        Assert.Equal("Terminating", marked.Text("status.phase"));
        Assert.Equal("MODIFIED a", await maps.NextNameAsync());
        var refused = await server.PostAsync(path, """{"metadata":{"name":"late"}}""");
        refused.ExpectStatus(403, "Forbidden");
        Assert.Equal("NamespaceTerminating", refused.Text("details.causes.0.reason"));
        (await server.GetAsync($"/api/v1/namespaces/{ns}")).Expect(HttpStatusCode.OK);
        await server.MergeAsync(path + "/a", """{"metadata":{"finalizers":null}}""");
        await watch.UntilAsync("DELETED " + ns);
    }

    private async Task<string> MakeAsync(string path, string name, string? owner = null)
    {
        var owners = owner is null ? "[]" : $$"""[{"apiVersion":"coordination.k8s.io/v1","kind":"Lease","name":"owner","uid":"{{owner}}","blockOwnerDeletion":true}]""";
        var answer = await server.PostAsync(path, $$$"""{"metadata":{"name":"{{{name}}}","labels":{"of":"test"},"ownerReferences":{{{owners}}} }}""");
        return answer.Expect(HttpStatusCode.Created).Text("metadata.uid")!;
    }
}
