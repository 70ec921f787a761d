using System.Net;
using Slipway.Conformance.Tests.Harness;

namespace Slipway.Conformance.Tests.Definitions;

/// <summary>The rules of Gateway API's own definitions, over its example with altered values.</summary>
public sealed class GatewayRuleTests(TestServer server)
{
    private const string Group = "/apis/gateway.networking.k8s.io/v1";

    [Theory]
    [InlineData("", "", null)]
    [InlineData("port: 80", "port: 80\n    tls: {mode: Terminate, certificateRefs: [{name: c}]}", "tls must not be specified for protocols ['HTTP', 'TCP', 'UDP']")]
    [InlineData("port: 80", "port: 80\n  - {name: http, protocol: HTTP, port: 81}", "Listener name must be unique within the Gateway")]
    [InlineData("port: 80", "port: 80\n  - {name: two, protocol: HTTP, port: 80}", "Combination of port, protocol and hostname must be unique for each listener")]
    [InlineData("protocol: HTTP\n", "protocol: TCP\n    hostname: a.example.com\n", "hostname must not be specified for protocols ['TCP', 'UDP']")]
    public Task A_gateway_obeys_the_rules_of_its_kind(string from, string to, string? refusal) => CheckAsync("Gateway", "gateways", from, to, refusal);

    [Theory]
    [InlineData("", "", null)]
    [InlineData("type: PathPrefix\n        value: /bar", "type: PathPrefix\n        value: bar", "value must be an absolute path and start with '/' when type one of ['Exact', 'PathPrefix']")]
    [InlineData("type: PathPrefix\n        value: /bar", "type: Exact\n        value: /a//b", "must not contain '//' when type one of ['Exact', 'PathPrefix']")]
    [InlineData("- name: my-service1\n      port: 8080", "- name: my-service1", "Must have port for Service reference")]
    [InlineData("  - matches:\n    - path:\n        type: PathPrefix\n        value: /bar\n", "  - filters: [{type: URLRewrite}]\n", "filter.urlRewrite must be specified for URLRewrite filter.type")]
    [InlineData("  - matches:\n    - path:\n        type: PathPrefix\n        value: /bar\n", "  - timeouts: {request: 1s, backendRequest: 2s}\n", "backendRequest timeout cannot be longer than request timeout")]
    public Task A_route_obeys_the_rules_of_its_kind(string from, string to, string? refusal) => CheckAsync("HTTPRoute", "httproutes", from, to, refusal);

    private async Task CheckAsync(string kind, string plural, string from, string to, string? refusal)
    {
        var definition = await File.ReadAllTextAsync(Shared.Path("crds", "gateway-api", $"gateway.networking.k8s.io_{plural}.yaml"), TestContext.Current.CancellationToken);
        await server.InstallAsync(definition, $"{Group}/{plural}", "application/yaml");
        var example = await File.ReadAllTextAsync(Shared.Path("examples", "gateway-api", "basic-http.yaml"), TestContext.Current.CancellationToken);
        var document = example.Split("\n---\n").Single(d => d.Contains($"\nkind: {kind}\n", StringComparison.Ordinal) || d.StartsWith($"kind: {kind}\n", StringComparison.Ordinal));
        if (from.Length > 0)
        {
            Assert.Contains(from, document, StringComparison.Ordinal);
            document = document.Replace(from, to, StringComparison.Ordinal);
        }

        var answer = await server.PostAsync($"{Group}/namespaces/{await server.NamespaceAsync()}/{plural}", document, "application/yaml");
        if (refusal is null) answer.Expect(HttpStatusCode.Created);
        else answer.ExpectStatus(422, "Invalid");
        if (refusal is not null) Assert.Contains(refusal, answer.Message, StringComparison.Ordinal);
    }
}
