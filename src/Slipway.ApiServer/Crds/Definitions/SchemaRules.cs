using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Schemas;
using Slipway.ApiServer.Schemas.Rules;

namespace Slipway.ApiServer.Crds.Definitions;

/// <summary>
/// What an OpenAPI schema of a definition must keep to, and its rules. Rules are only looked at where the schema has no other fault at
/// their place or below.
/// </summary>
/// <param name="schemaErrors">Takes faults of the schema.</param>
/// <param name="ruleErrors">Takes faults of rules, which are listed after those.</param>
/// <param name="costs">Adds the rules' costs up; <see langword="null"/> when rules are not to be looked at.</param>
internal sealed class SchemaRules(List<FieldError> schemaErrors, List<FieldError> ruleErrors, RuleCosts? costs)
{
    private readonly RuleTypes _types = new();

    public void Validate(JsonMap schema, Schema? compiled, string path) => Check(schema, compiled, path, new SchemaScope(costs is not null, IsRoot: true, 1, null, null, false));

    private void Check(JsonMap schema, Schema? compiled, string path, SchemaScope scope)
    {
        var before = schemaErrors.Count;
        PlainRules.Validate(schema, path, scope, schemaErrors);
        // The costs of what is inside count how often it can be there.
        var inside = scope.Inside(schema);
        if (schema.Map("additionalProperties") is { } values)
            Check(values, compiled?.AdditionalProperties, path + ".additionalProperties",
                scope.InMeta ? inside with { NoDefaults = "inside additionalProperties applying to object metadata" } : inside);
        var isResource = scope.IsRoot || schema.At("x-kubernetes-embedded-resource") is true;
        foreach (var (name, member) in schema.Map("properties") ?? [])
        {
            if (member is not JsonMap property) continue;
            var own = inside;
            if (isResource && name is "metadata" or "kind" or "apiVersion")
                own = own with { InMeta = true, NoDefaults = scope.IsRoot ? "in top-level " + name : own.NoDefaults };
            var inner = scope.IsRoot && name == "metadata" && compiled?.DeclaredMetadata is { } metadata ? metadata : compiled?.Properties.GetValueOrDefault(name);
            Check(property, inner, $"{path}.properties[{name}]", own);
        }

        Nested(schema, path, scope);
        if (schema.Map("items") is { } items)
            Check(items, compiled?.Items, path + ".items", schema.Text("x-kubernetes-list-type") == "map" ? inside : inside with { Uncorrelated = inside.Uncorrelated ?? path });
        ListRules.Validate(schema, path, schemaErrors);
        RuleDefinitions.Shape(schema, path, schemaErrors);
        if (!scope.WithRules || compiled?.Rules is not { Count: > 0 } || schemaErrors.Count > before) return;
        RuleDefinitions.Validate(compiled, _types.Of(compiled), path, scope, costs!, ruleErrors);
    }

    private void Nested(JsonMap schema, string path, SchemaScope scope)
    {
        var own = scope with { WithRules = false, IsRoot = false };
        if (schema.Map("not") is { } not) Check(not, null, path + ".not", own);
        foreach (var name in (string[])["allOf", "oneOf", "anyOf"])
        {
            var branches = schema.List(name);
            for (var i = 0; i < (branches?.Count ?? 0); i++)
                if (branches![i] is JsonMap branch) Check(branch, null, $"{path}.{name}[{i}]", own);
        }
    }
}

/// <summary>What the places above a schema say of it.</summary>
/// <param name="WithRules">Whether rules are looked at.</param>
/// <param name="IsRoot">Whether it is the whole object's.</param>
/// <param name="Cardinality">How often a value of it can be in an object; <see langword="null"/> when nothing bounds that.</param>
/// <param name="Uncorrelated">The highest list above whose items have no counterpart in the stored object.</param>
/// <param name="NoDefaults">Why defaults are not allowed; <see langword="null"/> when they are.</param>
/// <param name="InMeta">Whether it is within a resource's own members.</param>
internal sealed record SchemaScope(bool WithRules, bool IsRoot, ulong? Cardinality, string? Uncorrelated, string? NoDefaults, bool InMeta)
{
    public SchemaScope Inside(JsonMap schema) => this with { IsRoot = false, Cardinality = RuleCosts.Times(Cardinality, Most(schema)) };

    private static ulong? Most(JsonMap schema) => schema.Text("type") switch
    {
        "object" when schema.ContainsKey("additionalProperties") => Bound(schema.At("maxProperties")),
        "array" => Bound(schema.At("maxItems")),
        _ => 1,
    };

    private static ulong? Bound(object? limit) => limit is long number ? (ulong)Math.Max(0, number) : null;
}
