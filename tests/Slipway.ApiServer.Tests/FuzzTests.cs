using System.Net;
using System.Text.Json.Nodes;
using CsCheck;
using Slipway.Conformance.Tests.Harness;

namespace Slipway.ApiServer.Tests;

/// <summary>Whatever a client sends, the answer is an object or a Status, never a fault of the server.</summary>
public sealed class FuzzTests(TestServer server)
{
    private static readonly Gen<string> s_name = OneOf("metadata", "spec", "status", "data", "name", "labels", "finalizers", "ownerReferences",
        "managedFields", "annotations", "x", "", "$patch", "~1", "kind", "apiVersion", "resourceVersion", "deletionTimestamp", "a/b", "containers", "template");

    private static readonly Gen<string> s_leaf = Gen.OneOf(
        Gen.Const("null"), Gen.Const("true"), Gen.Long.Select(l => l.ToString()), OneOf("1e999", "-0", "1.5", "99999999999999999999"),
        OneOf("\"\"", "\"x\"", "\"\\u0000\"", "\"delete\"", "\"1\"", "\"\\ud800\"", "\"v1\""));

    private static readonly Gen<string> s_json = Gen.Recursive<string>((depth, inner) => depth > 3
        ? s_leaf
        : Gen.Frequency(
            (2, s_leaf),
            (1, inner.List[0, 3].Select(items => $"[{string.Join(",", items)}]")),
            (3, Gen.Select(s_name, inner).List[0, 4].Select(members => $"{{{string.Join(",", members.Select(m => $"\"{m.Item1}\":{m.Item2}"))}}}"))));

    [Theory]
    [InlineData("application/merge-patch+json")]
    [InlineData("application/strategic-merge-patch+json")]
    [InlineData("application/apply-patch+yaml")]
    [InlineData("application/json")]
    public async Task Any_body_gets_an_answer(string type)
    {
        var path = await ObjectAsync();
        await s_json.SampleAsync(async body =>
        {
            var answer = type == "application/json"
                ? await server.SendAsync(HttpMethod.Put, path, body, type)
                : await server.SendAsync(HttpMethod.Patch, path + "?fieldManager=fuzz", body, type);
            Check(answer, body);
        }, iter: 300, threads: 2);
    }

    [Fact]
    public async Task Any_json_patch_gets_an_answer()
    {
        var path = await ObjectAsync();
        var pointer = Gen.OneOf(Gen.Const(""), s_name.List[1, 4].Select(n => "/" + string.Join("/", n)));
        var operation = Gen.Select(OneOf("add", "remove", "replace", "move", "copy", "test"), pointer, pointer, s_json)
            .Select((op, at, from, value) => $$"""{"op":"{{op}}","path":"{{at}}","from":"{{from}}","value":{{value}} }""");
        await operation.List[1, 3].Select(o => $"[{string.Join(",", o)}]").SampleAsync(async body =>
            Check(await server.JsonPatchAsync(path, body), body), iter: 300, threads: 2);
    }

    [Fact]
    public async Task Any_yaml_gets_an_answer()
    {
        var piece = FuzzText.OneOf("a: ", "- ", "  ", "\n", "\n  ", "\n- ", "? ", ": ", "&x ", "*x", "<<: *x", "!!binary ", "!!int ", "!x ", "|\n", ">-\n", "'", "\"", "{", "}", "[", "]", ",", "#",
            "---\n", "...\n", "%YAML 1.1\n", "\t", "~", "0x1F", "0o7", "1e400", "-.inf", ".nan", "yes", "2020-01-01", "\\u0000", "\u0000", "\ud83d\ude00", "metadata:\n  name: y\n", "data:\n", "kind: ConfigMap\n");
        await Gen.OneOf(piece.List[1, 30].Select(string.Concat), FuzzText.Mutated(Gen.Const("apiVersion: v1\nkind: ConfigMap\nmetadata: &m\n  name: y\n  labels: {a: \"b\"}\ndata:\n  x: |\n    one\n  y: 'two'\n")))
            .SampleAsync(async body =>
            {
                Check(await server.PostAsync("/api/v1/namespaces/default/configmaps?dryRun=All", body, "application/yaml"), body);
                Check(await server.ApplyAsync("/api/v1/namespaces/default/configmaps/y?dryRun=All", "fuzz", body), body);
            }, iter: 400, threads: 2);
    }

    [Fact]
    public async Task Any_selector_gets_an_answer() =>
        await Gen.String[Gen.Char["abc=!<>, ()in/.\u00e9"], 0, 20].SampleAsync(async selector =>
        {
            var text = Uri.EscapeDataString(selector);
            Check(await server.GetAsync($"/api/v1/configmaps?limit=1&labelSelector={text}"), selector);
            Check(await server.GetAsync($"/api/v1/configmaps?limit=1&fieldSelector={text}"), selector);
            Check(await server.GetAsync($"/api/v1/configmaps?limit=1&continue={text}"), selector);
        }, iter: 150, threads: 2);

    [Fact]
    public async Task Any_bytes_as_protobuf_get_an_answer() =>
        await Gen.Byte.Array[0, 60].SampleAsync(async bytes =>
        {
            using var content = new ByteArrayContent([0x6B, 0x38, 0x73, 0, 0x0A, 0x0F, 0x0A, 2, (byte)'v', (byte)'1', 0x12, 9, .. "ConfigMap"u8, 0x12, (byte)bytes.Length, .. bytes]);
            content.Headers.ContentType = new("application/vnd.kubernetes.protobuf");
            using var response = await server.Client.PostAsync("/api/v1/namespaces/default/configmaps", content, TestContext.Current.CancellationToken);
            Assert.InRange((int)response.StatusCode, 200, 499);
        }, iter: 200, threads: 2);

    [Theory]
    [InlineData("[", "]", "application/json")]
    [InlineData("{\"a\":", "}", "application/json")]
    [InlineData("[", "]", "application/yaml")]
    [InlineData("- ", "", "application/yaml")]
    public async Task Depth_is_bounded(string open, string close, string type)
    {
        const int Depth = 20_000;
        var body = string.Concat(Enumerable.Repeat(open, Depth)) + "1" + string.Concat(Enumerable.Repeat(close, Depth));
        (await server.PostAsync("/api/v1/namespaces/default/configmaps", body, type)).ExpectStatus(400, "BadRequest");
    }

    [Fact]
    public async Task A_small_yaml_never_becomes_a_large_object()
    {
        var lines = Enumerable.Range(1, 30).Select(i => $"a{i}: &a{i} [*a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}]");
        var body = "a0: &a0 [x]\n" + string.Join('\n', lines) + "\n";
        (await server.PostAsync("/api/v1/namespaces/default/configmaps", body, "application/yaml")).ExpectStatus(400, "BadRequest");
    }

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    internal static void Check(Answer answer, string sent)
    {
        // Of an applied configuration of another shape kube-apiserver says so with 500; it is an answer all the same.
        var shape = answer.Body.Contains("failed to create typed patch object", StringComparison.Ordinal);
        Assert.True((int)answer.Code < 500 || shape, $"{answer.Code} for {sent}: {answer.Body}");
        var json = JsonNode.Parse(answer.Body)!;
        Assert.NotNull(json["kind"]);
        if (answer.Code >= HttpStatusCode.BadRequest) Assert.Equal("Status", (string?)json["kind"]);
    }

    private async Task<string> ObjectAsync()
    {
        var path = $"/apis/apps/v1/namespaces/{await server.NamespaceAsync()}/deployments";
        await server.PostAsync(path, """
            {"metadata":{"name":"d"},"spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}
            """);
        return path + "/d";
    }
}
