using System.Net;
using System.Text.Json.Nodes;
using Slipway.Conformance.Tests.Harness;

namespace Slipway.Conformance.Tests;

public sealed class DiscoveryTests(TestServer server)
{
    [Fact]
    public async Task Groups_are_listed_plain_and_aggregated()
    {
        Assert.Equal("v1", (await server.GetAsync("/api")).Text("versions.0"));
        Assert.Contains("\"name\":\"apps\"", (await server.GetAsync("/apis")).Body, StringComparison.Ordinal);
        const string Aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
        var all = await server.GetAsync("/apis", Aggregated + ",application/json");
        Assert.Equal("APIGroupDiscoveryList", all.Text("kind"));
        Assert.Equal(Aggregated, all.ContentType.Replace(" ", "", StringComparison.Ordinal));
        var resources = (await server.GetAsync("/apis/apps/v1")).Expect(HttpStatusCode.OK);
        var names = ((JsonArray)resources.At("resources")!).Select(r => (string)r!["name"]!).ToList();
        Assert.Contains("deployments", names);
        Assert.Contains("deployments/scale", names);
        Assert.Contains("deployments/status", names);
    }

    [Fact]
    public async Task A_defined_resource_is_discovered_at_once()
    {
        var kind = await server.DefineAsync("""{"type":"object"}""");
        var list = (await server.GetAsync($"/apis/{kind.Group}/v1")).Expect(HttpStatusCode.OK);
        Assert.Equal(kind.Kind, list.Text("resources.0.kind"));
    }

    [Fact]
    public async Task Schemas_are_published_for_every_group()
    {
        var index = (JsonObject)(await server.GetAsync("/openapi/v3")).Expect(HttpStatusCode.OK).At("paths")!;
        // Other tests define groups and take them away meanwhile.
        foreach (var (_, entry) in index.Where(e => !e.Key.Contains("example.com", StringComparison.Ordinal)))
        {
            var document = (await server.GetAsync((string)entry!["serverRelativeURL"]!)).Expect(HttpStatusCode.OK);
            Assert.DoesNotContain("\"$type\"", document.Body, StringComparison.Ordinal);
            Assert.DoesNotContain("\"$number\"", document.Body, StringComparison.Ordinal);
            Assert.DoesNotContain("\"$word\"", document.Body, StringComparison.Ordinal);
            foreach (var reference in document.Body.Split("\"$ref\":\"#/components/schemas/").Skip(1))
                Assert.NotNull(document.Json["components"]!["schemas"]![reference[..reference.IndexOf('"', StringComparison.Ordinal)]]);
        }

        (await server.GetAsync("/openapi/v2", "application/json")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Tables_show_the_columns_of_a_definition()
    {
        var ns = await server.NamespaceAsync();
        var kind = await server.DefineAsync("""{"type":"object","properties":{"a":{"type":"integer"},"c":{"type":"array","items":{"type":"object","properties":{"t":{"type":"string"},"s":{"type":"string"}}}}}}""",
            extra: """ "additionalPrinterColumns":[{"name":"A","type":"integer","jsonPath":".spec.a"},{"name":"Ready","type":"string","jsonPath":".spec.c[?(@.t==\"Ready\")].s"},{"name":"Age","type":"date","jsonPath":".metadata.creationTimestamp"},{"name":"Wide","type":"string","priority":1,"jsonPath":".spec.c[*].t"}],""");
        await server.PostAsync(kind.Path(ns), kind.Json("x", """{"a":3,"c":[{"t":"Other","s":"No"},{"t":"Ready","s":"Yes"}]}"""));
        var table = await server.GetAsync(kind.Path(ns) + "", "application/json;as=Table;v=v1;g=meta.k8s.io,application/json");
        Assert.Equal("Table", table.Text("kind"));
        Assert.Equal(["Name", "A", "Ready", "Age", "Wide"], ((JsonArray)table.At("columnDefinitions")!).Select(c => (string)c!["name"]!));
        Assert.Equal("""["x",3,"Yes","0s","Other"]""", table.At("rows.0.cells")!.ToJsonString().Replace("\"1s\"", "\"0s\"", StringComparison.Ordinal));
        Assert.Equal("PartialObjectMetadata", table.Text("rows.0.object.kind"));
    }

    [Fact]
    public async Task Metadata_alone_can_be_asked_for()
    {
        var list = await server.GetAsync("/api/v1/namespaces", "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io");
        Assert.Equal("PartialObjectMetadataList", list.Text("kind"));
        Assert.Null(list.At("items.0.status"));
        (await server.GetAsync("/api/v1/namespaces", "application/vnd.kubernetes.protobuf,application/json")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Methods_and_paths_that_mean_nothing_are_refused()
    {
        (await server.SendAsync(HttpMethod.Put, "/api/v1/namespaces", "{}")).ExpectStatus(405, "MethodNotAllowed");
        foreach (var path in (string[])["/apis/none.example.com", "/apis/none.example.com/v1/things", "/nothing"])
        {
            var lost = await server.GetAsync(path);
            Assert.Equal((HttpStatusCode.NotFound, "text/plain; charset=utf-8", "404 page not found\n"), (lost.Code, lost.ContentType, lost.Body));
        }

        var resource = await server.GetAsync("/api/v1/namespaces/default/nodes/x");
        resource.ExpectStatus(404, "NotFound");
        Assert.Equal("the server could not find the requested resource", resource.Message);
        (await server.GetAsync("/apis/apps/v9/things")).ExpectStatus(404, "NotFound");
        (await server.GetAsync("/api/v1/namespaces/default/pods/x/exec")).ExpectStatus(404, "NotFound");
    }
}
