using CsCheck;

namespace Slipway.ApiServer.Tests;

/// <summary>Texts that a client might send: near to what is meant, and far from it.</summary>
internal static class FuzzText
{
    private static readonly Gen<string> s_word = OneOf("metadata", "name", "spec", "type", "properties", "items", "x", "", "object", "string", "integer", "array", "default",
        "x-kubernetes-validations", "x-kubernetes-preserve-unknown-fields", "x-kubernetes-int-or-string", "x-kubernetes-list-type", "x-kubernetes-list-map-keys", "rule", "required",
        "enum", "pattern", "format", "additionalProperties", "oneOf", "not", "maximum", "minLength", "nullable", "rules", "clientConfig", "url", "failurePolicy", "matchConditions",
        "expression", "validations", "variables", "matchConstraints", "resourceRules", "apiGroups", "operations", "$ref", "multipleOf");

    private static readonly Gen<string> s_leaf = OneOf("null", "true", "false", "0", "-1", "1.5", "1e999", "99999999999999999999", "\"\"", "\"object\"", "\"string\"", "\"array\"",
        "\"integer\"", "\"map\"", "\"self\"", "\"self.x == 1\"", "\"[\"", "\"(a+)+$\"", "\"date-time\"", "\"*\"", "\"https://127.0.0.1:1/\"", "\"Fail\"", "\"\\ud800\"", "[]", "{}");

    /// <summary>Gets JSON made of the words of schemas, webhooks and policies.</summary>
    public static Gen<string> Json { get; } = Gen.Recursive<string>((depth, inner) => depth > 4
        ? s_leaf
        : Gen.Frequency(
            (2, s_leaf),
            (1, inner.List[0, 3].Select(items => $"[{string.Join(",", items)}]")),
            (4, Gen.Select(s_word, inner).List[0, 4].Select(members => $"{{{string.Join(",", members.Select(m => $"\"{m.Item1}\":{m.Item2}"))}}}"))));

    /// <summary>Gets expressions of a grammar, most of which compile.</summary>
    public static Gen<string> Expression { get; } = Gen.Recursive<string>((depth, inner) => depth > 4
        ? OneOf("self.n", "self.s", "self.l", "1", "-9223372036854775808", "0u", "1.5", "'a'", "b'a'", "true", "null", "[]", "{}", "duration('1h')", "timestamp('2020-01-01T00:00:00Z')")
        : Gen.OneOf(
            Gen.Select(inner, OneOf("+", "-", "*", "/", "%", "==", "!=", "<", ">=", "&&", "||", "in"), inner).Select((a, op, b) => $"({a} {op} {b})"),
            Gen.Select(inner, inner, inner).Select((a, b, c) => $"({a} ? {b} : {c})"),
            Gen.Select(OneOf("all", "exists", "exists_one", "filter", "map"), inner, inner).Select((m, a, b) => $"{a}.{m}(e, {b})"),
            Gen.Select(OneOf("size", "int", "uint", "double", "string", "bytes", "type", "dyn", "duration", "timestamp", "quantity", "url", "ip"), inner).Select((f, a) => $"{f}({a})"),
            Gen.Select(inner, OneOf("matches", "contains", "startsWith", "split", "replace", "find", "sum", "indexOf"), inner).Select((a, f, b) => $"{a}.{f}({b})"),
            inner.List[0, 3].Select(i => $"[{string.Join(", ", i)}]"),
            Gen.Select(OneOf("-", "!"), inner).Select((op, a) => op + a),
            Gen.Select(inner, inner).Select((a, b) => $"{a}[{b}]")));

    /// <summary>Gets texts of which one piece was cut out, doubled or replaced.</summary>
    public static Gen<string> Mutated(Gen<string> text) => Gen.Select(text, Gen.Double.Unit, Gen.Int[0, 8], OneOf("", "(", ")", "\"", "'", "\\", "\u0000", "..", "{", "]", "\ud83d\ude00", "//", "1e9"))
        .Select((t, at, length, piece) =>
        {
            var start = (int)(at * t.Length);
            return t[..start] + piece + t[Math.Min(t.Length, start + length)..];
        });

    public static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
