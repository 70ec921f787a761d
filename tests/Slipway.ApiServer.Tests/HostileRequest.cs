using System.Text;
using System.Text.Json;

namespace Slipway.ApiServer.Tests;

/// <summary>A request that is small, or at most as large as the limit, and asks for far more than its size.</summary>
internal sealed record HostileRequest(string What, HttpMethod Method, string Path, string Type, string Body)
{
    private const string Maps = "/api/v1/namespaces/default/configmaps";
    private const string Definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private const string Limit = "one body within the limit of 3 MiB";

    public static IEnumerable<HostileRequest> All()
    {
        const int Deep = 100_000;
        foreach (var type in (string[])["application/merge-patch+json", "application/strategic-merge-patch+json", "application/json-patch+json", "application/apply-patch+yaml"])
            yield return new($"nesting in {type}", HttpMethod.Patch, $"{Maps}/m?fieldManager=x", type, $$"""{"data":{{Nested("{\"a\":", "}", Deep)}} }""");
        yield return new("nesting in a body", HttpMethod.Post, Maps, "application/json", Nested("[", "]", Deep));
        yield return new("nesting in YAML", HttpMethod.Post, Maps, "application/yaml", Nested("[", "]", Deep));
        yield return new("nesting in a schema", HttpMethod.Post, Definitions, "application/json", Definition(Nested("""{"type":"object","properties":{"a":""", "}}", 20_000, """{"type":"string"}""")));
        yield return new("moves that nest", HttpMethod.Patch, $"{Maps}/m", "application/json-patch+json", Moves(3_000));
        yield return new("copies of copies", HttpMethod.Patch, $"{Maps}/m", "application/json-patch+json",
            $"[{string.Join(",", Enumerable.Range(0, 60).Select(i => $$"""{"op":"copy","from":"/data","path":"/data/x{{i}}"}"""))}]");
        yield return new("aliases of aliases", HttpMethod.Post, Maps, "application/yaml",
            "a0: &a0 [x]\n" + string.Concat(Enumerable.Range(1, 40).Select(i => $"a{i}: &a{i} [*a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}]\n")));
        yield return new("aliases that nest", HttpMethod.Post, Maps, "application/yaml", "a0: &a0 [x]\n" + string.Concat(Enumerable.Range(1, 1000).Select(i => $"a{i}: &a{i} [*a{i - 1}]\n")));
        yield return new("a number of a million digits", HttpMethod.Post, Maps, "application/json", $$"""{"metadata":{"generation":{{new string('9', 1_000_000)}} } }""");
        yield return new(Limit + ", all empty lists", HttpMethod.Post, Maps, "application/json", $"[{string.Join(",", Enumerable.Repeat("[]", 1_000_000))}]");
        yield return new(Limit + ", all keys", HttpMethod.Post, Maps, "application/json", $$"""{"data":{{{string.Join(",", Enumerable.Range(0, 250_000).Select(i => $"\"{i}\":\"\""))}}} }""");
        yield return new("a body above the limit", HttpMethod.Post, Maps, "application/json", $$"""{"data":{"x":"{{new string('x', 4 << 20)}}"} }""");
        yield return new("an object above the limit", HttpMethod.Post, Maps, "application/json", $$"""{"metadata":{"name":"l"},"binaryData":{"x":"{{new string('A', 2_000_000)}}"} }""");
        foreach (var rule in Rules()) yield return new($"the rule {rule[..Math.Min(rule.Length, 40)]}", HttpMethod.Post, Definitions, "application/json", Definition($$"""
            {"type":"object","properties":{"s":{"type":"string"},"l":{"type":"array","items":{"type":"string"} } },"x-kubernetes-validations":[{"rule":{{JsonSerializer.Serialize(rule, JsonSerializerOptions.Default)}} }]}
            """));
        yield return new("a selector of many terms", HttpMethod.Get, $"{Maps}?labelSelector={string.Join(",", Enumerable.Repeat("a!%3Db", 1500))}", "", "");
    }

    /// <summary>Sends it; the connection may be closed before all of a refused body was sent.</summary>
    public async Task<(int Code, string Body)> SendAsync(HttpClient client)
    {
        using var request = new HttpRequestMessage(Method, Path);
        if (Type.Length > 0) request.Content = new StringContent(Body, Encoding.UTF8, Type);
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static IEnumerable<string> Rules()
    {
        yield return "self.l.all(a, self.l.all(b, self.l.all(c, self.l.all(d, a == b && c == d))))";
        yield return Nested("(", ")", 5_000, "true");
        yield return Nested("[", "]", 5_000, "") + ".size() == 0";
        yield return string.Concat(Enumerable.Repeat("1 + ", 20_000)) + "1 == 1";
        yield return string.Concat(Enumerable.Repeat("[0,0,0,0,0,0,0,0,0,0].map(x, ", 20)) + "0" + new string(')', 20) + ".size() > 0";
    }

    private static string Moves(int times)
    {
        var text = new StringBuilder("""[{"op":"add","path":"/data/a","value":{} }""");
        for (var i = 0; i < times; i++)
            text.Append(""",{"op":"add","path":"/data/t","value":{} },{"op":"move","from":"/data/a","path":"/data/t/a"},{"op":"move","from":"/data/t","path":"/data/a"}""");
        return text.Append(']').ToString();
    }

    private static string Nested(string open, string close, int depth, string inner = "1") =>
        string.Concat(Enumerable.Repeat(open, depth)) + inner + string.Concat(Enumerable.Repeat(close, depth));

    private static string Definition(string spec) => $$"""
        {"metadata":{"name":"things.hostile.example.com"},"spec":{"group":"hostile.example.com","scope":"Namespaced","names":{"plural":"things","kind":"Thing"},
         "versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{{spec}} } } } }]} }
        """;
}
