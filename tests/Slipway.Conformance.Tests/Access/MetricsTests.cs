using System.Net;
using System.Text.RegularExpressions;
using Slipway.Conformance.Tests.Harness;

namespace Slipway.Conformance.Tests.Access;

/// <summary>What a Prometheus that knows kube-apiserver reads.</summary>
public sealed partial class MetricsTests(TestServer server)
{
    [Fact]
    public async Task Requests_are_counted_and_timed_by_what_they_ask_for()
    {
        var ns = await server.NamespaceAsync();
        var before = await CountAsync();
        await server.PostAsync($"/api/v1/namespaces/{ns}/configmaps", """{"metadata":{"name":"a"}}""");
        var text = await TextAsync();
        Assert.True(Count(text) >= before + 1);
        Assert.Contains("# TYPE apiserver_request_total counter", text, StringComparison.Ordinal);
        Assert.Contains("# TYPE apiserver_request_duration_seconds histogram", text, StringComparison.Ordinal);
        Assert.Matches("""apiserver_request_duration_seconds_bucket\{[^}]*resource="configmaps"[^}]*verb="POST"|apiserver_request_duration_seconds_bucket\{[^}]*verb="POST"[^}]*resource="configmaps""", text);
        Assert.Matches("""apiserver_current_inflight_requests\{request_kind="readOnly"\} \d""", text);
        Assert.Matches("""apiserver_resource_objects\{group="",resource="configmaps"\} \d""", text);
        Assert.Contains("process_resident_memory_bytes", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_clients_make_up_has_no_series()
    {
        await server.GetAsync("/api/v1/namespaces/default/madeups/x");
        await server.GetAsync("/apis/made.up/v1/things");
        await server.GetAsync("/api/v1/namespaces/default/pods/x/madeup");
        Assert.DoesNotContain("madeup", await TextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Strangers_and_others_without_the_right_see_no_metrics()
    {
        using var answer = await server.Stranger.GetAsync("/metrics", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        (await server.As("sam").GetAsync("/metrics")).ExpectStatus(403, "Forbidden");
        (await server.As("pam", "system:monitoring").GetAsync("/metrics")).Expect(HttpStatusCode.OK);
    }

    private async Task<double> CountAsync() => Count(await TextAsync());

    private async Task<string> TextAsync() => (await server.GetAsync("/metrics")).Expect(HttpStatusCode.OK).Body;

    // Labels come in any order; kube-apiserver has more of them.
    private static double Count(string text) => Series().Matches(text)
        .Where(m => new[] { "verb=\"POST\"", "resource=\"configmaps\"", "group=\"\"", "version=\"v1\"", "subresource=\"\"", "code=\"201\"" }.All(m.Groups["labels"].Value.Contains))
        .Sum(m => double.Parse(m.Groups["value"].Value, System.Globalization.CultureInfo.InvariantCulture));

    [GeneratedRegex(@"^apiserver_request_total\{(?<labels>[^}]*)\} (?<value>\S+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Series();
}
