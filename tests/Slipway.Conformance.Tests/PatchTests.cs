using System.Net;
using Slipway.Conformance.Tests.Harness;

namespace Slipway.Conformance.Tests;

public sealed class PatchTests(TestServer server)
{
    [Theory]
    [InlineData("""[{"op":"add","path":"/data/z","value":"9"}]""", """{"x":"1","y":"2","z":"9"}""")]
    [InlineData("""[{"op":"replace","path":"/data/x","value":"9"}]""", """{"x":"9","y":"2"}""")]
    [InlineData("""[{"op":"remove","path":"/data/x"}]""", """{"y":"2"}""")]
    [InlineData("""[{"op":"move","from":"/data/x","path":"/data/w"}]""", """{"y":"2","w":"1"}""")]
    [InlineData("""[{"op":"copy","from":"/data/x","path":"/data/w"}]""", """{"x":"1","y":"2","w":"1"}""")]
    [InlineData("""[{"op":"test","path":"/data/x","value":"1"},{"op":"add","path":"/data/a~1b","value":"c"},{"op":"remove","path":"/data/a~1b"}]""", """{"x":"1","y":"2"}""")]
    public async Task Json_patches_apply(string patch, string expected)
    {
        var path = await MapAsync();
        var answer = (await server.JsonPatchAsync(path, patch)).Expect(HttpStatusCode.OK);
        answer.ExpectJson("data", expected);
    }

    [Theory]
    [InlineData("""[{"op":"test","path":"/data/x","value":"2"}]""", 422)]
    [InlineData("""[{"op":"remove","path":"/data/none"}]""", 422)]
    [InlineData("""[{"op":"add","path":"/none/x","value":1}]""", 422)]
    [InlineData("""[{"op":"leap","path":"/data/x"}]""", 422)]
    [InlineData("""[1]""", 400)]
    [InlineData("""{"data":1}""", 400)]
    public async Task Json_patches_that_cannot_apply_change_nothing(string patch, int code)
    {
        var path = await MapAsync();
        var before = await server.GetAsync(path);
        Assert.Equal(code, (int)(await server.JsonPatchAsync(path, patch)).Code);
        Assert.Equal(before.Body, (await server.GetAsync(path)).Body);
    }

    [Fact]
    public async Task A_merge_patch_removes_by_null()
    {
        var answer = await server.MergeAsync(await MapAsync(), """{"data":{"x":null,"z":"3"}}""");
        answer.ExpectJson("data", """{"y":"2","z":"3"}""");
    }

    [Fact]
    public async Task A_merge_patch_with_an_old_version_conflicts() =>
        (await server.MergeAsync(await MapAsync(), """{"metadata":{"resourceVersion":"1"},"data":{"x":"3"}}""")).ExpectStatus(409, "Conflict");

    [Fact]
    public async Task A_strategic_patch_knows_list_keys()
    {
        var path = $"/apis/apps/v1/namespaces/{await server.NamespaceAsync()}/deployments";
        await server.PostAsync(path, """
            {"metadata":{"name":"d"},"spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},
             "spec":{"containers":[{"name":"c","image":"i","env":[{"name":"A","value":"1"},{"name":"B","value":"2"}]},{"name":"d","image":"i"}]}}}}
            """);
        var answer = (await server.StrategicAsync(path + "/d", """
            {"spec":{"template":{"spec":{"$setElementOrder/containers":[{"name":"d"},{"name":"c"}],
             "containers":[{"name":"d","image":"j"},{"name":"c","env":[{"name":"A","$patch":"delete"},{"name":"C","value":"3"}]}]}}}}
            """)).Expect(HttpStatusCode.OK);
        Assert.Equal("d", answer.Text("spec.template.spec.containers.0.name"));
        Assert.Equal("j", answer.Text("spec.template.spec.containers.0.image"));
        answer.ExpectJson("spec.template.spec.containers.1.env", """[{"name":"C","value":"3"},{"name":"B","value":"2"}]""");
    }

    [Fact]
    public async Task A_strategic_patch_of_a_custom_resource_is_refused()
    {
        var ns = await server.NamespaceAsync();
        var kind = await server.DefineAsync("""{"type":"object"}""");
        await server.PostAsync(kind.Path(ns), kind.Json("x", "{}"));
        (await server.StrategicAsync(kind.Path(ns, "x"), "{}")).ExpectStatus(415, "UnsupportedMediaType");
    }

    [Fact]
    public async Task Hundred_patches_at_once_are_all_applied()
    {
        var path = await MapAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => RetryAsync(path, $$"""{"data":{"k{{i}}":"v"} }""")));
        Assert.All(answers, a => Assert.Equal(HttpStatusCode.OK, a.Code));
        Assert.Equal(102, (await server.GetAsync(path)).At("data")!.AsObject().Count);
    }

    // A server tries a patch five times, as upstream; a client that meets a conflict tries again.
    private async Task<Answer> RetryAsync(string path, string patch)
    {
        while (true)
        {
            var answer = await server.MergeAsync(path, patch);
            if (answer.Code != HttpStatusCode.Conflict) return answer;
        }
    }

    private async Task<string> MapAsync()
    {
        var path = $"/api/v1/namespaces/{await server.NamespaceAsync()}/configmaps";
        (await server.PostAsync(path, """{"metadata":{"name":"a"},"data":{"x":"1","y":"2"}}""")).Expect(HttpStatusCode.Created);
        return path + "/a";
    }
}
