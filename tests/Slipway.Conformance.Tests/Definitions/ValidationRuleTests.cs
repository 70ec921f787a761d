using System.Net;
using Slipway.Conformance.Tests.Harness;

namespace Slipway.Conformance.Tests.Definitions;

/// <summary>x-kubernetes-validations, with the answers of a real API server.</summary>
public sealed class ValidationRuleTests(TestServer server)
{
    private const string Fields = """
        "s":{"type":"string"},"i":{"type":"integer"},"n":{"type":"number"},"ios":{"x-kubernetes-int-or-string":true},"by":{"type":"string","format":"byte"},
        "d":{"type":"string","format":"date"},"dt":{"type":"string","format":"date-time"},"du":{"type":"string","format":"duration"},
        "set":{"type":"array","items":{"type":"string"},"x-kubernetes-list-type":"set"},"m":{"type":"object","additionalProperties":{"type":"string"}},
        "ml":{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["k"],"items":{"type":"object","required":["k"],"properties":{"k":{"type":"string"},"v":{"type":"integer"}}}},
        "nul":{"type":"string","nullable":true},"pu":{"type":"object","x-kubernetes-preserve-unknown-fields":true,"properties":{"known":{"type":"string"}}},
        "emb":{"type":"object","x-kubernetes-embedded-resource":true,"x-kubernetes-preserve-unknown-fields":true},"a-b":{"type":"string"},"namespace":{"type":"string"}
        """;

    private const string Value = """
        {"s":"hello","i":3,"n":1,"ios":"10%","by":"aGk=","d":"2020-01-02","dt":"2020-01-02T03:04:05Z","du":"1h30m","set":["x","y"],"m":{"p":"q"},
         "ml":[{"k":"a","v":1},{"k":"b","v":2}],"nul":null,"pu":{"known":"k","un":{"x":1}},
         "emb":{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"}},"a-b":"dash","namespace":"ns"}
        """;

    [Theory]
    [InlineData("self.i == 3 && self.n == 1.0 && self.s.startsWith('h')")]
    [InlineData("type(self.ios) == string && self.ios == '10%'")]
    [InlineData("self.by == b'hi' && self.d == timestamp('2020-01-02T00:00:00Z') && self.dt.getFullYear() == 2020 && self.du == duration('90m')")]
    [InlineData("self.set == ['y', 'x'] && self.set + ['z', 'x'] == ['x', 'y', 'z']")]
    [InlineData("self.ml.exists(e, e.k == 'b' && e.v == 2) && self.ml.map(e, e.k) == ['a', 'b']")]
    [InlineData("'p' in self.m && self.m['p'] == 'q' && self.m.all(k, self.m[k].size() == 1)")]
    [InlineData("!has(self.nul) && self.pu.known == 'k' && self.pu == self.pu")]
    [InlineData("self.emb.metadata.name == 'p' && self.emb.kind == 'Pod'")]
    [InlineData("self.a__dash__b == 'dash' && self.__namespace__ == 'ns' && self.namespace == 'ns'")]
    [InlineData("self.?nul.hasValue() == false && self.m[?'zz'].orValue('no') == 'no'")]
    public async Task A_rule_sees_what_the_schema_declares(string rule)
    {
        var kind = await DefineAsync(rule);
        (await server.PostAsync(kind.Path(await server.NamespaceAsync()), kind.Json("x", Value))).Expect(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("self.s != 'hello'", "spec: Invalid value: failed rule: self.s != 'hello'")]
    [InlineData("self.m['zz'] == 'q'", "spec: Invalid value: \"object\": no such key: zz evaluating rule: self.m['zz'] == 'q'")]
    [InlineData("self.i / 0 == 1", "spec: Invalid value: \"object\": division by zero evaluating rule: self.i / 0 == 1")]
    [InlineData("self.ml[5].v == 1", "spec: Invalid value: \"object\": index out of bounds: 5 evaluating rule: self.ml[5].v == 1")]
    [InlineData("self.ios < 5", "spec: Invalid value: \"object\": 'no such overload': call arguments did not match a supported operator, function or macro signature for rule: self.ios < 5")]
    [InlineData("int(self.s) == 3", "spec: Invalid value: \"object\": type conversion error from 'string' to 'int' evaluating rule: int(self.s) == 3")]
    public async Task A_broken_rule_is_an_invalid_value(string rule, string expected)
    {
        var kind = await DefineAsync(rule);
        var answer = await server.PostAsync(kind.Path(await server.NamespaceAsync()), kind.Json("x", Value));
        answer.ExpectStatus(422, "Invalid");
        Assert.Equal($"{kind.Kind}.{kind.Group} \"x\" is invalid: {expected}", answer.Message);
        Assert.Equal("FieldValueInvalid", answer.Text("details.causes.0.reason"));
        Assert.Equal("spec", answer.Text("details.causes.0.field"));
    }

    [Theory]
    [InlineData("""{"rule":"false","message":" told "}""", "spec: Invalid value: told")]
    [InlineData("""{"rule":"false","messageExpression":"'s is ' + self.s"}""", "spec: Invalid value: s is hello")]
    [InlineData("""{"rule":"false","messageExpression":"self.m['zz']","message":"fallback"}""", "spec: Invalid value: fallback")]
    [InlineData("""{"rule":"false","messageExpression":"'  '"}""", "spec: Invalid value: failed rule: false")]
    [InlineData("""{"rule":"false","reason":"FieldValueForbidden"}""", "spec: Forbidden: failed rule: false")]
    [InlineData("""{"rule":"false","reason":"FieldValueRequired"}""", "spec: Required value: failed rule: false")]
    [InlineData("""{"rule":"false","reason":"FieldValueDuplicate"}""", "spec: Duplicate value")]
    [InlineData("""{"rule":"false","fieldPath":".s"}""", "spec.s: Invalid value: failed rule: false")]
    [InlineData("""{"rule":"false","fieldPath":".m['x.y']"}""", "spec.m[x.y]: Invalid value: failed rule: false")]
    public async Task Message_reason_and_place_are_the_rules(string rule, string expected)
    {
        var kind = await DefineAsync(rule);
        var answer = await server.PostAsync(kind.Path(await server.NamespaceAsync()), kind.Json("x", Value));
        answer.ExpectStatus(422, "Invalid");
        Assert.Equal($"{kind.Kind}.{kind.Group} \"x\" is invalid: {expected}", answer.Message);
    }

    [Fact]
    public async Task Rules_hold_at_every_level_and_name_their_place()
    {
        const string Rule = """ "x-kubernetes-validations":[{"rule":"self != 'bad'","reason":"FieldValueDuplicate"}] """;
        var kind = await server.DefineAsync($$$"""
            {"type":"object","x-kubernetes-validations":[{"rule":"self.l.size() < 2"}],"properties":{
             "l":{"type":"array","maxItems":9,"items":{"type":"string","maxLength":9,{{{Rule}}}}},"m":{"type":"object","maxProperties":9,"additionalProperties":{"type":"string","maxLength":9,{{{Rule}}}} } } }
            """);
        var answer = await server.PostAsync(kind.Path(await server.NamespaceAsync()), kind.Json("x", """{"l":["ok","bad"],"m":{"a.b":"bad"}}"""));
        // A real server walks over the properties of an object in no order.
        string Said(params string[] faults) => $"{kind.Kind}.{kind.Group} \"x\" is invalid: [spec: Invalid value: failed rule: self.l.size() < 2, {string.Join(", ", faults)}]";
        const string InList = "spec.l[1]: Duplicate value: \"bad\"", InMap = "spec.m[a.b]: Duplicate value: \"bad\"";
        Assert.Contains(answer.Message, (string[])[Said(InList, InMap), Said(InMap, InList)]);
        Assert.Equal("FieldValueDuplicate", answer.Text("details.causes.1.reason"));
    }

    [Fact]
    public async Task Transition_rules_compare_with_the_stored_object_where_there_is_one()
    {
        var ns = await server.NamespaceAsync();
        var kind = await server.DefineAsync("""
            {"type":"object","properties":{
             "a":{"type":"string","x-kubernetes-validations":[{"rule":"self == oldSelf","message":"immutable"},{"rule":"oldSelf.hasValue() || self == 'first'","optionalOldSelf":true,"message":"begins with first"}]},
             "ml":{"type":"array","maxItems":9,"x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["k"],"items":{"type":"object","required":["k"],"properties":{"k":{"type":"string"},
              "v":{"type":"integer","x-kubernetes-validations":[{"rule":"self >= oldSelf","message":"only grows"}]}}}}}}
            """);
        var path = kind.Path(ns, "x");
        Assert.Contains("spec.a: Invalid value: \"x\": begins with first", (await server.PostAsync(kind.Path(ns), kind.Json("x", """{"a":"x"}"""))).Message, StringComparison.Ordinal);
        (await server.PostAsync(kind.Path(ns), kind.Json("x", """{"a":"first","ml":[{"k":"p","v":1},{"k":"q","v":5}]}"""))).Expect(HttpStatusCode.Created);
        Assert.EndsWith(": spec.a: Invalid value: \"other\": immutable", (await server.MergeAsync(path, """{"spec":{"a":"other"}}""")).Message, StringComparison.Ordinal);
        (await server.MergeAsync(path, """{"spec":{"ml":[{"k":"q","v":6},{"k":"new","v":0},{"k":"p","v":1}]}}""")).Expect(HttpStatusCode.OK);
        Assert.EndsWith(": spec.ml[0].v: Invalid value: 0: only grows",
            (await server.ApplyAsync(path + "?force=true", "me", kind.Json("x", """{"ml":[{"k":"q","v":0},{"k":"p","v":9}]}"""))).Message, StringComparison.Ordinal);
        (await server.MergeAsync(path, """{"spec":{"a":null}}""")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_write_to_the_status_obeys_the_rules_of_the_whole_object()
    {
        var ns = await server.NamespaceAsync();
        var kind = await server.DefineAsync("""{"type":"object","properties":{"n":{"type":"integer"}}}""",
            """{"type":"object","x-kubernetes-validations":[{"rule":"self.done <= 3","fieldPath":".done"}],"properties":{"done":{"type":"integer"}}}""");
        await server.PostAsync(kind.Path(ns), kind.Json("x", """{"n":1}"""));
        (await server.MergeAsync(kind.Path(ns, "x") + "/status", """{"status":{"done":3}}""")).Expect(HttpStatusCode.OK);
        Assert.EndsWith(": status.done: Invalid value: failed rule: self.done <= 3",
            (await server.MergeAsync(kind.Path(ns, "x") + "/status", """{"status":{"done":4}}""")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rules_wait_until_the_schema_is_kept_to()
    {
        var kind = await server.DefineAsync("""{"type":"object","required":["a"],"properties":{"a":{"type":"string"}},"x-kubernetes-validations":[{"rule":"self.a == 'x'"}]}""");
        var answer = await server.PostAsync(kind.Path(await server.NamespaceAsync()), kind.Json("x", "{}"));
        Assert.Equal($"{kind.Kind}.{kind.Group} \"x\" is invalid: [spec.a: Required value, <nil>: Invalid value: null: some validation rules were not checked because the object was " +
            "invalid; correct the existing errors to complete validation]", answer.Message);
    }

    [Fact]
    public async Task Rules_of_the_whole_object_see_its_name()
    {
        var ns = await server.NamespaceAsync();
        var kind = await server.DefineAsync("""{"type":"object"}""", root: """ "x-kubernetes-validations":[{"rule":"self.metadata.name.startsWith('good')"}], """);
        (await server.PostAsync(kind.Path(ns), kind.Json("good-1", "{}"))).Expect(HttpStatusCode.Created);
        Assert.Equal($"{kind.Kind}.{kind.Group} \"bad\" is invalid: <nil>: Invalid value: failed rule: self.metadata.name.startsWith('good')",
            (await server.PostAsync(kind.Path(ns), kind.Json("bad", "{}"))).Message);
    }

    private Task<CustomKind> DefineAsync(string rule) => server.DefineAsync(
        $$$"""{"type":"object","properties":{ {{{Fields}}} },"x-kubernetes-validations":[{{{(rule.StartsWith('{') ? rule : $$"""{"rule":{{System.Text.Json.JsonSerializer.Serialize(rule)}}}""")}}}]}""");
}
