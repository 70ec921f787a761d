using Slipway.Conformance.Tests.Harness;

namespace Slipway.Conformance.Tests.Definitions;

/// <summary>Definitions that are refused, in the words of a real API server.</summary>
public sealed class RuleDefinitionTests(TestServer server)
{
    private const string Spec = "spec.validation.openAPIV3Schema.properties[spec]";
    private const string Rule0 = Spec + ".x-kubernetes-validations[0]";
    private const string Advice = " (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)";
    private const string Contributed = ": Forbidden: contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema";
    private const string Total = "spec.validation.openAPIV3Schema: Forbidden: x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema exceeds budget by factor of ";

    [Theory]
    [InlineData("""{"rule":" "}""", Rule0 + ".rule: Required value: rule is not specified")]
    [InlineData("""{"rule":"self.a =="}""", Rule0 + ".rule: Invalid value: {\"Rule\":\"self.a ==\",\"Message\":\"\",\"MessageExpression\":\"\",\"Reason\":null,\"FieldPath\":\"\",\"OptionalOldSelf\":null}: compilation failed: ERROR: <input>:1:10: ")]
    [InlineData("""{"rule":"self.b > 1"}""", Rule0 + ".rule: Invalid value: {\"Rule\":\"self.b \\u003e 1\",\"Message\":\"\",\"MessageExpression\":\"\",\"Reason\":null,\"FieldPath\":\"\",\"OptionalOldSelf\":null}: compilation failed: ERROR: <input>:1:5: undefined field 'b'\n | self.b > 1\n | ....^")]
    [InlineData("""{"rule":"self.a == 1"}""", "compilation failed: ERROR: <input>:1:8: found no matching overload for '_==_' applied to '(string, int)'\n | self.a == 1\n | .......^")]
    [InlineData("""{"rule":"self.a"}""", "\"OptionalOldSelf\":null}: cel expression must evaluate to a bool")]
    [InlineData("""{"rule":"true","messageExpression":"1"}""", "messageExpression must evaluate to a string")]
    [InlineData("""{"rule":"true","messageExpression":"self.zz"}""", "messageExpression compilation failed: ERROR: <input>:1:5: undefined field 'zz'\n | self.zz\n | ....^")]
    [InlineData("""{"rule":"true","messageExpression":" "}""", Rule0 + ".messageExpression: Required value: messageExpression must be non-empty if specified")]
    [InlineData("""{"rule":"true","message":"  "}""", Rule0 + ".message: Invalid value: \"  \": must be non-empty if specified")]
    [InlineData("""{"rule":"true","message":"a\nb"}""", Rule0 + ".message: Invalid value: \"a\\nb\": must not contain line breaks")]
    [InlineData("""{"rule":"true ||\nfalse"}""", Rule0 + ".message: Required value: message must be specified if rule contains line breaks")]
    [InlineData("""{"rule":"true","reason":"Other"}""", Rule0 + ".reason: Unsupported value: \"Other\": supported values: \"FieldValueDuplicate\", \"FieldValueForbidden\", \"FieldValueInvalid\", \"FieldValueRequired\"")]
    [InlineData("""{"rule":"true","fieldPath":".zz"}""", Rule0 + ".fieldPath: Invalid value: \".zz\": must be a valid path")]
    [InlineData("""{"rule":"true","fieldPath":".l[0]"}""", Rule0 + ".fieldPath: Invalid value: \".l[0]\": must be a valid path")]
    [InlineData("""{"rule":"true","optionalOldSelf":true}""", Rule0 + ".optionalOldSelf: Invalid value: true: may not be set if oldSelf is not used in rule")]
    [InlineData("""{"rule":"duration('x') == duration('1s')"}""", "ERROR: <input>:1:10: invalid duration argument")]
    [InlineData("""{"rule":"cel.bind(x, 1, x == 1)"}""", "undeclared reference to 'bind' (in container '')")]
    public async Task A_rule_that_cannot_work_is_refused(string rule, string expected) => Assert.Contains(expected,
        await RefusedAsync($$$$"""{"type":"object","properties":{"a":{"type":"string"},"l":{"type":"array","items":{"type":"string"}}},"x-kubernetes-validations":[{{{{rule}}}}] }"""), StringComparison.Ordinal);

    [Fact]
    public async Task OldSelf_needs_a_place_that_correlates() => Assert.EndsWith(
        $": {Spec}.properties[l].items.properties[x].x-kubernetes-validations[0].rule: Invalid value: \"self == oldSelf\": oldSelf cannot be used on the uncorrelatable portion of the schema within {Spec}.properties[l]",
        await RefusedAsync("""{"type":"object","properties":{"l":{"type":"array","maxItems":5,"items":{"type":"object","properties":{"x":{"type":"string","maxLength":5,"x-kubernetes-validations":[{"rule":"self == oldSelf"}]}}}}}}"""),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("", "more than 100x", "more than 100x")]
    [InlineData("""maxItems":2000,""", "18.4x", "1.8x")]
    public async Task A_rule_that_can_cost_too_much_is_refused(string bound, string rule, string total)
    {
        var list = $"{Spec}.properties[l].x-kubernetes-validations[0].rule";
        var answer = await RefusedAsync($$$"""
            {"type":"object","properties":{"l":{"type":"array",{{{(bound.Length > 0 ? "\"" + bound : "")}}}"items":{"type":"string","maxLength":100},"x-kubernetes-validations":[{"rule":"self.all(x, self.exists(y, x == y))"}]} } }
            """);
        Assert.EndsWith($": [{list}: Forbidden: estimated rule cost exceeds budget by factor of {rule}{Advice}, {list}{Contributed}, {Total}{total}{Advice}]", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_rules_can_cost_too_much_together()
    {
        var lists = string.Join(',', Enumerable.Range(0, 45).Select(i =>
            $$"""
            "l{{i}}":{"type":"array","maxItems":350,"items":{"type":"string","maxLength":100},"x-kubernetes-validations":[{"rule":"self.all(x, self.exists(y, x == y))"}]}
            """));
        var answer = await RefusedAsync($$"""{"type":"object","properties":{ {{lists}} } }""");
        Assert.EndsWith($"{Total}2.5x{Advice}]", answer, StringComparison.Ordinal);
        Assert.Equal(5, answer.Split(Contributed).Length);
    }

    [Theory]
    [InlineData("""{"type":"array","items":{"type":"object","properties":{"a":{"type":"string"}}},"x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["a"]}""",
        Spec + ".items.properties[a].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property")]
    [InlineData("""{"type":"array","items":{"type":"string","nullable":true},"x-kubernetes-list-type":"set"}""", Spec + ".items.nullable: Forbidden: cannot be nullable when x-kubernetes-list-type is set")]
    [InlineData("""{"type":"object","x-kubernetes-map-type":"foo"}""", Spec + ".x-kubernetes-map-type: Unsupported value: \"foo\": supported values: \"atomic\", \"granular\"")]
    [InlineData("""{"type":"object","x-kubernetes-embedded-resource":true}""", Spec + ".properties: Required value: must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"}},"anyOf":[{"properties":{"a":{"description":"x"}}}]}""", Spec + ".anyOf[0].properties[a].description: Forbidden: must be empty to be structural")]
    [InlineData("""{"type":"string","pattern":"("}""", Spec + ".pattern: Invalid value: \"(\": must be a valid regular expression, but isn't: error parsing regexp: missing closing ): `(`")]
    [InlineData("""{"type":"object","default":{"b":1},"properties":{"a":{"type":"string"}}}""", Spec + ".default: Invalid value: {\"b\":1}: must not have unknown fields")]
    [InlineData("""{"type":"string","default":"x","x-kubernetes-validations":[{"rule":"self == 'y'"}]}""", Spec + ".default: Invalid value: \"x\": failed rule: self == 'y'")]
    public async Task A_schema_that_upstream_refuses_is_refused(string spec, string expected) =>
        Assert.EndsWith($"is invalid: {expected}", await RefusedAsync(spec), StringComparison.Ordinal);

    private async Task<string> RefusedAsync(string spec)
    {
        var answer = await server.PostAsync("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", $$$"""
            {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"refused.rules.example.com"},
             "spec":{"group":"rules.example.com","scope":"Namespaced","names":{"plural":"refused","kind":"Refused"},
              "versions":[{"name":"v1","served":true,"storage":true,"subresources":{"status":{}},"schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{{{spec}}} }} } }]}}
            """);
        answer.ExpectStatus(422, "Invalid");
        return answer.Message!;
    }
}
