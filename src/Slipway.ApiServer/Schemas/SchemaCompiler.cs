using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Schemas;

/// <summary>Compiles the JSON of an <c>openAPIV3Schema</c>.</summary>
internal static class SchemaCompiler
{
    public static Schema Compile(JsonMap json)
    {
        var properties = new Dictionary<string, Schema>(StringComparer.Ordinal);
        foreach (var (name, member) in json.Map("properties") ?? [])
            if (member is JsonMap map) properties[name] = Compile(map);
        var additional = json.At("additionalProperties") switch
        {
            JsonMap map => Compile(map),
            true => Schema.Anything,
            _ => null,
        };
        var items = json.Map("items") is { } item ? Compile(item) : null;
        var rules = json.List("x-kubernetes-validations");
        return new Schema
        {
            Type = json.Text("type") ?? "",
            Format = json.Text("format") ?? "",
            Description = json.Text("description") ?? "",
            IntOrString = json.At("x-kubernetes-int-or-string") is true,
            PreserveUnknown = json.At("x-kubernetes-preserve-unknown-fields") is true,
            Nullable = json.At("nullable") is true,
            EmbeddedResource = json.At("x-kubernetes-embedded-resource") is true,
            Properties = properties,
            AdditionalProperties = additional,
            Items = items,
            HasDefault = json.ContainsKey("default"),
            Default = json.At("default"),
            ListKind = json.Text("x-kubernetes-list-type") switch
            {
                "map" => ListKind.Map,
                "set" => ListKind.Set,
                _ => ListKind.Atomic,
            },
            MapKeys = [.. json.List("x-kubernetes-list-map-keys")?.Strings() ?? []],
            AtomicMap = json.Text("x-kubernetes-map-type") == "atomic",
            PatchMergeKey = json.Text("x-kubernetes-patch-merge-key"),
            Required = [.. json.List("required")?.Strings() ?? []],
            Checks = Checks(json),
            Rules = rules,
            HasRulesBelow = rules is not null || (items?.HasRulesBelow ?? false) || (additional?.HasRulesBelow ?? false) ||
                properties.Values.Any(p => p.HasRulesBelow),
        };
    }

    private static SchemaChecks? Checks(JsonMap json)
    {
        var checks = new SchemaChecks
        {
            Enum = json.List("enum"),
            PatternText = json.Text("pattern"),
            Minimum = Number(json.At("minimum")),
            Maximum = Number(json.At("maximum")),
            ExclusiveMinimum = json.At("exclusiveMinimum") is true,
            ExclusiveMaximum = json.At("exclusiveMaximum") is true,
            MultipleOf = Number(json.At("multipleOf")),
            MinLength = json.At("minLength") as long?,
            MaxLength = json.At("maxLength") as long?,
            MinItems = json.At("minItems") as long?,
            MaxItems = json.At("maxItems") as long?,
            UniqueItems = json.At("uniqueItems") is true,
            MinProperties = json.At("minProperties") as long?,
            MaxProperties = json.At("maxProperties") as long?,
            AllOf = Many(json.List("allOf")),
            AnyOf = Many(json.List("anyOf")),
            OneOf = Many(json.List("oneOf")),
            Not = json.Map("not") is { } not ? Compile(not) : null,
        };
        return checks == s_none ? null : checks;
    }

    private static readonly SchemaChecks s_none = new() { AllOf = Many(null), AnyOf = Many(null), OneOf = Many(null) };

    private static Schema[] Many(JsonList? list) => list is null ? [] : [.. list.Maps().Select(Compile)];

    public static double? Number(object? value) => value switch
    {
        long whole => whole,
        double number => number,
        _ => null,
    };
}
