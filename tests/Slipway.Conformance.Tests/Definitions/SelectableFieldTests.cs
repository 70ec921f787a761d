using System.Net;
using Slipway.Conformance.Tests.Harness;

namespace Slipway.Conformance.Tests.Definitions;

/// <summary>Lists, watches and deletions by fields that a definition names (KEP-4358).</summary>
public sealed class SelectableFieldTests(TestServer server)
{
    private const string Schema = """{"type":"object","properties":{"color":{"type":"string"},"size":{"type":"integer"},"on":{"type":"boolean"},"o":{"type":"object"}}}""";

    private const string Fields = """ "selectableFields":[{"jsonPath":".spec.color"},{"jsonPath":".spec.size"},{"jsonPath":".spec.on"}], """;

    [Fact]
    public async Task Objects_are_selected_by_the_fields_of_their_definition()
    {
        var ns = await server.NamespaceAsync();
        var kind = await server.DefineAsync(Schema, extra: Fields);
        foreach (var (name, spec) in new[] { ("a", """{"color":"red","size":1,"on":true}"""), ("b", """{"color":"blue","size":2}"""), ("c", "{}") })
            (await server.PostAsync(kind.Path(ns), kind.Json(name, spec))).Expect(HttpStatusCode.Created);
        Assert.Equal("a", await ListAsync(kind, ns, "spec.color=red"));
        Assert.Equal("b c", await ListAsync(kind, ns, "spec.color!=red"));
        Assert.Equal("c", await ListAsync(kind, ns, "spec.color="));
        Assert.Equal("b", await ListAsync(kind, ns, "spec.size==2,metadata.name=b"));
        Assert.Equal("a", await ListAsync(kind, ns, "spec.on=true"));
        var refused = await server.GetAsync(kind.Path(ns) + "?fieldSelector=spec.other%3Dx");
        refused.ExpectStatus(400, "BadRequest");
        Assert.Contains("field label not supported: spec.other", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_watch_sees_objects_come_and_go_with_their_fields()
    {
        var ns = await server.NamespaceAsync();
        var kind = await server.DefineAsync(Schema, extra: Fields);
        await using var watch = await Watching.OpenAsync(server, kind.Path(ns) + "?watch=true&fieldSelector=spec.color%3Dred");
        await server.PostAsync(kind.Path(ns), kind.Json("other", """{"color":"blue"}"""));
        await server.PostAsync(kind.Path(ns), kind.Json("x", """{"color":"red"}"""));
        Assert.Equal("ADDED x", await watch.NextNameAsync());
        await server.MergeAsync(kind.Path(ns, "x"), """{"spec":{"color":"blue"}}""");
        Assert.Equal("DELETED x", await watch.NextNameAsync());
        await server.MergeAsync(kind.Path(ns, "other"), """{"spec":{"color":"red"}}""");
        Assert.Equal("ADDED other", await watch.NextNameAsync());
    }

    [Fact]
    public async Task Only_what_is_selected_is_deleted()
    {
        var ns = await server.NamespaceAsync();
        var kind = await server.DefineAsync(Schema, extra: Fields);
        await server.PostAsync(kind.Path(ns), kind.Json("gone", """{"size":1}"""));
        await server.PostAsync(kind.Path(ns), kind.Json("stays", """{"size":2}"""));
        (await server.DeleteAsync(kind.Path(ns) + "?fieldSelector=spec.size%3D1")).Expect(HttpStatusCode.OK);
        Assert.Equal("stays", await ListAsync(kind, ns, ""));
    }

    [Theory]
    [InlineData("""{"jsonPath":".spec.o"}""", "[0].jsonPath: Invalid value: \".spec.o\": must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.")]
    [InlineData("""{"jsonPath":".spec.zz"}""", "[0].jsonPath: Invalid value: \".spec.zz\": is an invalid path: does not refer to a valid field")]
    [InlineData("""{"jsonPath":".spec['color']"}""", "[0].jsonPath: Invalid value: \".spec['color']\": is an invalid path: array notation is not allowed")]
    [InlineData("""{"jsonPath":".spec.color"},{"jsonPath":".spec.color"}""", "[1].jsonPath: Duplicate value: \".spec.color\"")]
    public async Task Fields_must_be_scalars_of_the_schema(string fields, string expected)
    {
        var answer = await server.PostAsync("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", $$$"""
            {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"refused.fields.example.com"},
             "spec":{"group":"fields.example.com","scope":"Namespaced","names":{"plural":"refused","kind":"Refused"},"versions":[{"name":"v1","served":true,"storage":true,
              "selectableFields":[{{{fields}}}],"schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{{{Schema}}} }} } }]}}
            """);
        answer.ExpectStatus(422, "Invalid");
        Assert.EndsWith("is invalid: spec.selectableFields" + expected, answer.Message, StringComparison.Ordinal);
    }

    private async Task<string> ListAsync(CustomKind kind, string ns, string selector)
    {
        var list = (await server.GetAsync($"{kind.Path(ns)}?fieldSelector={Uri.EscapeDataString(selector)}")).Expect(HttpStatusCode.OK);
        return string.Join(' ', ((System.Text.Json.Nodes.JsonArray)list.At("items")!).Select(i => i!["metadata"]!["name"]!.ToString()).Order(StringComparer.Ordinal));
    }
}
