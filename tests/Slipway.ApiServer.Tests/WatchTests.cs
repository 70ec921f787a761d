using System.IO.Compression;
using System.Net;
using System.Text.Json.Nodes;
using Slipway.ApiServer.Tests.Harness;

namespace Slipway.ApiServer.Tests;

public sealed class WatchTests(TestServer server)
{
    [Fact]
    public async Task A_watch_sees_what_is_there_and_what_comes()
    {
        var path = $"/api/v1/namespaces/{await server.NamespaceAsync()}/configmaps";
        await PostAsync(path, "a");
        await using var watch = await Watching.OpenAsync(server, path + "?watch=true");
        Assert.Equal("ADDED a", await watch.NextNameAsync());
        await PostAsync(path, "b");
        await server.MergeAsync(path + "/b", """{"data":{"x":"2"}}""");
        await server.DeleteAsync(path + "/b");
        Assert.Equal("ADDED b", await watch.NextNameAsync());
        Assert.Equal("MODIFIED b", await watch.NextNameAsync());
        Assert.Equal("DELETED b", await watch.NextNameAsync());
    }

    [Fact]
    public async Task A_watch_from_a_version_sees_every_change_after_it()
    {
        var path = $"/api/v1/namespaces/{await server.NamespaceAsync()}/configmaps";
        await PostAsync(path, "a");
        var version = (await server.GetAsync(path)).Text("metadata.resourceVersion");
        await PostAsync(path, "b");
        await PostAsync(path, "c");
        await using var watch = await Watching.OpenAsync(server, $"{path}?watch=true&resourceVersion={version}");
        Assert.Equal("ADDED b", await watch.NextNameAsync());
        Assert.Equal("ADDED c", await watch.NextNameAsync());
    }

    [Fact]
    public async Task Selectors_turn_updates_into_comings_and_goings()
    {
        var path = $"/api/v1/namespaces/{await server.NamespaceAsync()}/configmaps";
        await PostAsync(path, "a");
        await using var watch = await Watching.OpenAsync(server, path + "?watch=true&labelSelector=on%3Dyes");
        await server.MergeAsync(path + "/a", """{"metadata":{"labels":{"on":"yes"}}}""");
        Assert.Equal("ADDED a", await watch.NextNameAsync());
        await server.MergeAsync(path + "/a", """{"metadata":{"labels":{"on":"no"}}}""");
        Assert.Equal("DELETED a", await watch.NextNameAsync());
    }

    [Fact]
    public async Task A_version_from_before_the_history_is_gone()
    {
        await using var watch = await Watching.OpenAsync(server, "/api/v1/configmaps?watch=true&resourceVersion=1");
        await PostAsync($"/api/v1/namespaces/{await server.NamespaceAsync()}/configmaps", "a");
        await using var restarted = new TestServer();
        await restarted.StartAsync();
        await PostAsync("/api/v1/namespaces/default/configmaps", "gone", restarted);
        await restarted.StopAsync();
        await restarted.StartAsync();
        await using var late = await Watching.OpenAsync(restarted, "/api/v1/configmaps?watch=true&resourceVersion=1");
        var (type, status) = (await late.NextAsync()).GetValueOrDefault();
        Assert.Equal("ERROR", type);
        Assert.Equal(410, (int)status["code"]!);
        Assert.Equal("Expired", (string?)status["reason"]);
        Assert.Null(await late.NextAsync());
    }

    [Fact]
    public async Task A_watch_list_marks_the_end_of_the_present()
    {
        var path = $"/api/v1/namespaces/{await server.NamespaceAsync()}/configmaps";
        await PostAsync(path, "a");
        await using var watch = await Watching.OpenAsync(server,
            path + "?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true");
        Assert.Equal("ADDED a", await watch.NextNameAsync());
        var (type, mark) = (await watch.NextAsync()).GetValueOrDefault();
        Assert.Equal("BOOKMARK", type);
        Assert.Equal("true", (string?)mark["metadata"]!["annotations"]!["k8s.io/initial-events-end"]);
        await PostAsync(path, "b");
        Assert.Equal("ADDED b", await watch.NextNameAsync());
    }

    [Fact]
    public async Task A_watch_ends_when_its_time_is_over()
    {
        await using var watch = await Watching.OpenAsync(server, $"/api/v1/namespaces/{await server.NamespaceAsync()}/configmaps?watch=true&timeoutSeconds=1");
        Assert.Null(await watch.NextAsync());
    }

    [Fact]
    public async Task Tables_are_watched_as_tables()
    {
        var path = $"/api/v1/namespaces/{await server.NamespaceAsync()}/configmaps";
        await using var watch = await Watching.OpenAsync(server, path + "?watch=true", "application/json;as=Table;v=v1;g=meta.k8s.io");
        await PostAsync(path, "a");
        var (_, table) = (await watch.NextAsync()).GetValueOrDefault();
        Assert.Equal("Table", (string?)table["kind"]);
        Assert.Equal("a", (string?)table["rows"]![0]!["cells"]![0]);
    }

    [Fact]
    public async Task Pages_of_a_list_are_of_one_moment()
    {
        var path = $"/api/v1/namespaces/{await server.NamespaceAsync()}/configmaps";
        foreach (var name in (string[])["a", "b", "c", "d", "e"]) await PostAsync(path, name);
        var first = await server.GetAsync(path + "?limit=2");
        Assert.Equal("3", first.Text("metadata.remainingItemCount"));
        await server.DeleteAsync(path + "/d");
        await PostAsync(path, "c2");
        var second = await server.GetAsync($"{path}?limit=2&continue={Uri.EscapeDataString(first.Text("metadata.continue")!)}");
        var third = await server.GetAsync($"{path}?limit=2&continue={Uri.EscapeDataString(second.Text("metadata.continue")!)}");
        Assert.Equal(["a", "b", "c", "d", "e"], Names(first).Concat(Names(second)).Concat(Names(third)));
        Assert.Null(third.Text("metadata.continue"));
        Assert.Equal(first.Text("metadata.resourceVersion"), third.Text("metadata.resourceVersion"));
        (await server.GetAsync($"{path}?limit=2&continue=nonsense")).ExpectStatus(400, "BadRequest");
    }

    [Fact]
    public async Task Long_lists_are_compressed_for_those_who_ask()
    {
        var path = $"/api/v1/namespaces/{await server.NamespaceAsync()}/configmaps";
        var pad = new string('x', 100_000);
        foreach (var name in (string[])["a", "b"])
            await server.PostAsync(path, $$"""{"metadata":{"name":"{{name}}"},"data":{"pad":"{{pad}}"} }""");
        var plain = await server.GetAsync(path);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip");
        using var answer = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal("gzip", answer.Content.Headers.ContentEncoding.Single());
        await using var zipped = await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        using var text = new StreamReader(new GZipStream(zipped, CompressionMode.Decompress));
        // The items only: others write between the two lists, and the list's resource version counts for all.
        var unzipped = plain with { Body = await text.ReadToEndAsync(TestContext.Current.CancellationToken) };
        Assert.Equal(plain.At("items")!.ToJsonString(), unzipped.At("items")!.ToJsonString());
    }

    [Theory]
    [InlineData("app=web", "a,b")]
    [InlineData("app==web,tier!=back", "a")]
    [InlineData("app in (web, db)", "a,b,c")]
    [InlineData("app notin (web)", "c,d")]
    [InlineData("tier", "a,b")]
    [InlineData("!tier", "c,d")]
    public async Task Labels_select(string selector, string expected)
    {
        var path = $"/api/v1/namespaces/{await server.NamespaceAsync()}/configmaps";
        await PostAsync(path, "a", labels: """{"app":"web","tier":"front"}""");
        await PostAsync(path, "b", labels: """{"app":"web","tier":"back"}""");
        await PostAsync(path, "c", labels: """{"app":"db"}""");
        await PostAsync(path, "d");
        var list = (await server.GetAsync($"{path}?labelSelector={Uri.EscapeDataString(selector)}")).Expect(HttpStatusCode.OK);
        Assert.Equal(expected, string.Join(',', Names(list)));
    }

    [Fact]
    public async Task Selectors_that_make_no_sense_are_refused()
    {
        (await server.GetAsync("/api/v1/configmaps?labelSelector=a%3D%3D%3D")).ExpectStatus(400, "BadRequest");
        (await server.GetAsync("/api/v1/configmaps?fieldSelector=data.x%3D1")).ExpectStatus(400, "BadRequest");
        (await server.GetAsync("/api/v1/configmaps?resourceVersion=abc")).ExpectStatus(400, "BadRequest");
        (await server.GetAsync("/api/v1/configmaps?resourceVersion=99999999")).ExpectStatus(504, "Timeout");
    }

    private static IEnumerable<string> Names(Answer list) => ((JsonArray)list.At("items")!).Select(i => (string)i!["metadata"]!["name"]!);

    private async Task PostAsync(string path, string name, TestServer? at = null, string labels = "{}") =>
        (await (at ?? server).PostAsync(path, $$"""{"metadata":{"name":"{{name}}","labels":{{labels}} } }""")).Expect(HttpStatusCode.Created);
}
