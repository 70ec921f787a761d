using System.Net;
using System.Text.Json;
using CsCheck;
using Slipway.Conformance.Tests.Harness;

namespace Slipway.ApiServer.Tests;

/// <summary>Whatever stands where a schema, a rule, a webhook or a policy should: it is taken or refused, and so are objects under it.</summary>
public sealed class DefinitionFuzzTests(TestServer server)
{
    private const string Registration = "/apis/admissionregistration.k8s.io/v1/";
    private const string Definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

    [Fact]
    public async Task Any_json_may_stand_for_a_schema() =>
        await Gen.Select(FuzzText.Json, FuzzText.Json).SampleAsync(async (schema, spec) => await DefineAsync(
            $$"""{"type":"object","properties":{"spec":{{schema}} } }""", spec), iter: 200, threads: 2);

    [Fact]
    public async Task Any_json_may_stand_for_a_whole_schema() =>
        await Gen.Select(FuzzText.Json, FuzzText.Json).SampleAsync(async (schema, spec) => await DefineAsync(schema, spec), iter: 100, threads: 2);

    [Fact]
    public Task Any_expression_may_stand_for_a_rule() => RulesAsync(FuzzText.Expression);

    [Fact]
    public Task Any_text_may_stand_for_a_rule() => RulesAsync(FuzzText.Mutated(FuzzText.Expression));

    [Theory]
    [InlineData("validatingwebhookconfigurations", "webhooks")]
    [InlineData("mutatingwebhookconfigurations", "webhooks")]
    [InlineData("validatingadmissionpolicies", "spec")]
    [InlineData("validatingadmissionpolicybindings", "spec")]
    public async Task Any_json_may_stand_for_an_admission_configuration(string plural, string member) =>
        await FuzzText.Json.SampleAsync(async json =>
        {
            // A dry run: what is taken must concern no other test.
            var body = $$"""{"metadata":{"name":"fuzz"},"{{member}}":{{json}} }""";
            FuzzTests.Check(await server.PostAsync($"{Registration}{plural}?dryRun=All", body), body);
        }, iter: 200, threads: 2);

    [Fact]
    public async Task Any_expression_may_stand_for_a_policy() =>
        await Gen.OneOf(FuzzText.Expression, FuzzText.Mutated(FuzzText.Expression)).SampleAsync(async expression =>
        {
            var body = $$"""{"metadata":{"name":"fuzz"},"spec":{"matchConstraints":{"resourceRules":[{"apiGroups":[""],"apiVersions":["v1"],"resources":["pods"],"operations":["*"]}]},"validations":[{"expression":{{Text(expression.Replace("self", "object", StringComparison.Ordinal))}} }]} }""";
            FuzzTests.Check(await server.PostAsync(Registration + "validatingadmissionpolicies?dryRun=All", body), body);
        }, iter: 200, threads: 2);

    private async Task RulesAsync(Gen<string> rules) => await rules.SampleAsync(async rule => await DefineAsync(
        $$"""
        {"type":"object","properties":{"spec":{"type":"object","properties":{"n":{"type":"integer"},"s":{"type":"string","maxLength":9},"l":{"type":"array","maxItems":9,"items":{"type":"string","maxLength":9} } },
         "x-kubernetes-validations":[{"rule":{{Text(rule)}} }]} } }
        """, """{"n":3,"s":"abc","l":["a","b"]}"""), iter: 150, threads: 2);

    private async Task DefineAsync(string schema, string spec)
    {
        var id = "f" + Guid.NewGuid().ToString("N")[..10];
        var body = $$"""
            {"metadata":{"name":"things.{{id}}.example.com"},"spec":{"group":"{{id}}.example.com","scope":"Namespaced","names":{"plural":"things","kind":"Thing"},
             "versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{{schema}} } }]} }
            """;
        var made = await server.PostAsync(Definitions, body);
        FuzzTests.Check(made, body);
        if (made.Code != HttpStatusCode.Created) return;
        var thing = $$"""{"apiVersion":"{{id}}.example.com/v1","kind":"Thing","metadata":{"name":"x"},"spec":{{spec}} }""";
        var things = $"/apis/{id}.example.com/v1/namespaces/default/things";
        FuzzTests.Check(await server.PostAsync(things, thing), $"{thing} under {schema}");
        FuzzTests.Check(await server.ApplyAsync(things + "/y", "fuzz", thing.Replace("\"x\"", "\"y\"", StringComparison.Ordinal)), $"{thing} applied under {schema}");
        FuzzTests.Check(await server.GetAsync(things), schema);
        (await server.DeleteAsync($"{Definitions}/things.{id}.example.com")).Expect(HttpStatusCode.OK);
    }

    // A lone surrogate cannot be sent as text; its replacement can.
    private static string Text(string text) => JsonSerializer.Serialize(text, JsonSerializerOptions.Default);
}
