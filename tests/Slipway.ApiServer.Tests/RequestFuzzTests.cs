using System.Net;
using System.Text;
using CsCheck;
using Slipway.Conformance.Tests.Harness;

namespace Slipway.ApiServer.Tests;

/// <summary>Whatever stands in a request's line and headers, and however large its body is.</summary>
/// <remarks>One request at a time: what is no HTTP closes its connection, and the others on it with it.</remarks>
public sealed class RequestFuzzTests(TestServer server)
{
    private const string Maps = "/api/v1/namespaces/default/configmaps";

    [Fact]
    public async Task Any_token_gets_an_answer() =>
        await Gen.OneOf(
            Gen.String[Gen.Char[' ', '~'], 0, 60],
            // The client itself sends nothing beyond ASCII.
            FuzzText.Mutated(Gen.Const("Bearer eyJhbGciOiJFUzI1NiIsImtpZCI6IngifQ.eyJzdWIiOiJ4IiwiZXhwIjoxfQ.AAAA"))
                .Select(t => string.Concat(t.Select(c => (char)(c % 128)))),
            FuzzText.Json.Select(j => $"Bearer {Base64(j)}.{Base64(j)}.AAAA")).SampleAsync(async header =>
            {
                var code = await SendAsync(server.Stranger, HttpMethod.Get, "/api/v1/namespaces", ("Authorization", header));
                Assert.InRange(code, 401, 403);
            }, iter: 400, threads: 1);

    [Fact]
    public async Task Any_impersonation_gets_an_answer() =>
        await Gen.Select(FuzzText.OneOf("Impersonate-User", "Impersonate-Group", "Impersonate-Uid", "Impersonate-Extra-x", "Impersonate-Extra-%zz", "Impersonate-Extra-"), Gen.String[Gen.Char[' ', '~'], 0, 30])
            .List[1, 4].SampleAsync(async headers => Assert.InRange(await SendAsync(server.Client, HttpMethod.Get, "/api/v1/namespaces?limit=1", [.. headers]), 200, 499), iter: 400, threads: 1);

    [Fact]
    public async Task Any_address_gets_an_answer()
    {
        var part = Gen.OneOf(FuzzText.OneOf("api", "apis", "v1", "apps", "namespaces", "default", "configmaps", "pods", "x", "status", "scale", "log", "token", "openapi", "v3", "version", "", "..", "%2f", "%00", "%ff", "a%20b"),
            Gen.String[Gen.Char[' ', '~'], 0, 6].Select(Uri.EscapeDataString));
        var query = Gen.Select(FuzzText.OneOf("limit", "continue", "resourceVersion", "resourceVersionMatch", "timeoutSeconds", "labelSelector", "fieldSelector", "dryRun", "pretty", "fieldManager", "x", ""),
            FuzzText.OneOf("1", "-1", "99999999999999999999", "All", "true", "%00", "%ff", "%", "NotOlderThan", "Exact", ""));
        await Gen.Select(FuzzText.OneOf("GET", "PUT", "POST", "PATCH", "HEAD", "OPTIONS", "X"), part.List[0, 7], query.List[0, 3]).SampleAsync(async (method, parts, queries) =>
        {
            var address = "/" + string.Join("/", parts) + "?" + string.Join("&", queries.Select(q => $"{q.Item1}={q.Item2}"));
            if (!Uri.TryCreate(server.Client.BaseAddress, address, out _) || address.StartsWith("//", StringComparison.Ordinal)) return;
            var code = await SendAsync(server.Client, new HttpMethod(method), address);
            Assert.True(code < 500, $"{code} for {method} {address}");
        }, iter: 600, threads: 1);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/yaml")]
    public async Task A_body_above_the_limit_is_refused(string type)
    {
        var body = $$"""{"metadata":{"name":"big"},"data":{"x":"{{new string('x', 4 << 20)}}"} }""";
        (await server.PostAsync(Maps, body, type)).ExpectStatus(413, "RequestEntityTooLarge");
    }

    [Fact]
    public async Task Many_keys_and_huge_numbers_are_taken_or_refused()
    {
        var keys = string.Join(",", Enumerable.Range(0, 150_000).Select(i => $"\"k{i}\":\"\""));
        foreach (var body in (string[])[$$"""{"metadata":{"name":"many"},"data":{{{keys}}} }""", $$"""{"metadata":{"name":"n","generation":{{new string('9', 100_000)}} } }""", $$"""{"metadata":{"name":"n","generation":1e{{new string('9', 1000)}} } }"""])
            FuzzTests.Check(await server.PostAsync(Maps + "?dryRun=All", body), body[..60]);
    }

    private static string Base64(string text) => System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private static async Task<int> SendAsync(HttpClient client, HttpMethod method, string address, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, address) { Version = HttpVersion.Version20 };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
            return (int)response.StatusCode;
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.HttpProtocolError
            && (address.Contains("%00", StringComparison.Ordinal) || headers.Any(h => h.Value.Any(char.IsControl))))
        {
            // No HTTP at all (RFC 9113, section 8.2.1): Kestrel ends the stream before anybody could answer.
            return 401;
        }
    }
}
