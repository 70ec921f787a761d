using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Crds.Definitions;

/// <summary>What OpenAPI knows and definitions may not use.</summary>
internal static class PlainRules
{
    private static readonly string[] s_types = ["array", "boolean", "integer", "number", "object", "string"];

    private static readonly string[] s_unsupported = ["id", "additionalItems", "patternProperties", "definitions", "dependencies", "$ref"];

    public static void Validate(JsonMap schema, string path, SchemaScope scope, List<FieldError> errors)
    {
        var type = schema.Text("type") ?? "";
        if (type.Length > 0 && !s_types.Contains(type, StringComparer.Ordinal)) errors.Add(FieldError.NotSupported(path + ".type", type, s_types));
        if (scope.NoDefaults is not null && schema.At("default") is not null) errors.Add(FieldError.Forbidden(path + ".default", "must not be set " + scope.NoDefaults));
        foreach (var name in s_unsupported)
            if (schema.TryGetValue(name, out var given) && given is not (null or "" or JsonMap { Count: 0 })) errors.Add(FieldError.Forbidden($"{path}.{name}", $"{name} is not supported"));
        if (type == "null") errors.Add(FieldError.Forbidden(path + ".type", "type cannot be set to null, use nullable as an alternative"));
        if (schema.At("items") is JsonList) errors.Add(FieldError.Forbidden(path + ".items", "items must be a schema object and not an array"));
        if (scope.InMeta && schema.At("x-kubernetes-embedded-resource") is true)
            errors.Add(FieldError.Forbidden(path + ".x-kubernetes-embedded-resource", "must not be used inside of resource meta"));
        if (schema.At("uniqueItems") is true)
            errors.Add(FieldError.Forbidden(path + ".uniqueItems", "uniqueItems cannot be set to true since the runtime complexity becomes quadratic"));
        if (schema.Map("properties") is { Count: > 0 } && schema.At("additionalProperties") is false or JsonMap)
            errors.Add(FieldError.Forbidden(path + ".additionalProperties", "additionalProperties and properties are mutual exclusive"));
    }
}

/// <summary>The rules of x-kubernetes-list-type and its relatives.</summary>
internal static class ListRules
{
    public static void Validate(JsonMap schema, string path, List<FieldError> errors)
    {
        if (schema.At("x-kubernetes-preserve-unknown-fields") is false)
            errors.Add(FieldError.Invalid(path + ".x-kubernetes-preserve-unknown-fields", false, "must be true or undefined"));
        var map = schema.Text("x-kubernetes-map-type");
        if (map is not null) TypeMustBe("object", "x-kubernetes-map-type", schema, path, errors);
        if (map is not (null or "atomic" or "granular")) errors.Add(FieldError.NotSupported(path + ".x-kubernetes-map-type", map, ["atomic", "granular"]));
        var list = schema.Text("x-kubernetes-list-type");
        if (list is not null && schema.Text("type") != "array") TypeMustBe("array", "x-kubernetes-list-type", schema, path, errors);
        else if (list == "set" && schema.Map("items") is { } items) SetItems(items, path + ".items", errors);
        if (list is not (null or "atomic" or "set" or "map")) errors.Add(FieldError.NotSupported(path + ".x-kubernetes-list-type", list, ["atomic", "set", "map"]));
        Keys(schema, list, schema.List("x-kubernetes-list-map-keys"), path, errors);
        Nullable(schema, list, path, errors);
    }

    private static void TypeMustBe(string type, string because, JsonMap schema, string path, List<FieldError> errors)
    {
        var given = schema.Text("type") ?? "";
        if (given == type) return;
        var why = $"must be {type} if {because} is specified";
        errors.Add(given.Length == 0 ? FieldError.Required(path + ".type", why) : FieldError.Invalid(path + ".type", given, why));
    }

    private static void SetItems(JsonMap items, string path, List<FieldError> errors)
    {
        const string Why = "must be atomic as item of a list with x-kubernetes-list-type=set";
        if (items.Text("type") == "array" && items.Text("x-kubernetes-list-type") is { } list and not "atomic")
            errors.Add(FieldError.Invalid(path + ".x-kubernetes-list-type", list, Why));
        if (items.Text("type") == "object" && items.Text("x-kubernetes-map-type") != "atomic")
            errors.Add(FieldError.Invalid(path + ".x-kubernetes-map-type", items.Text("x-kubernetes-list-type"), Why));
    }

    private static void Keys(JsonMap schema, string? list, JsonList? keys, string path, List<FieldError> errors)
    {
        var where = path + ".x-kubernetes-list-map-keys";
        if (keys is { Count: > 0 } && list != "map")
        {
            const string Why = "must be map if x-kubernetes-list-map-keys is non-empty";
            errors.Add(list is null ? FieldError.Required(path + ".x-kubernetes-list-type", Why) : FieldError.Invalid(path + ".x-kubernetes-list-type", list, Why));
        }

        if (list != "map") return;
        if (keys is not { Count: > 0 }) errors.Add(FieldError.Required(where, "must not be empty if x-kubernetes-list-type is map"));
        if (schema.Map("items") is not { } items)
        {
            errors.Add(FieldError.Required(path + ".items", "must have a schema if x-kubernetes-list-type is map"));
            return;
        }

        if (items.Text("type") != "object")
        {
            errors.Add(FieldError.Invalid(path + ".items.type", items.Text("type") ?? "", "must be object if parent array's x-kubernetes-list-type is map"));
            return;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var key in keys?.Strings() ?? [])
        {
            if (items.Map("properties")?.Map(key) is not { } property) errors.Add(FieldError.Invalid(where, keys, "entries must all be names of item properties"));
            else if (property.Text("type") is "array" or "object")
                errors.Add(FieldError.Invalid($"{path}.items.properties[{key}].type", items.Text("type"), "must be a scalar type if parent array's x-kubernetes-list-type is map"));
            if (!seen.Add(key)) errors.Add(FieldError.Invalid(where, keys, "must not contain duplicate entries"));
        }
    }

    /// <summary>What tells items apart is never null and always there.</summary>
    private static void Nullable(JsonMap schema, string? list, string path, List<FieldError> errors)
    {
        if (list is not ("set" or "map") || schema.Map("items") is not { } items) return;
        if (items.At("nullable") is true) errors.Add(FieldError.Forbidden(path + ".items.nullable", "cannot be nullable when x-kubernetes-list-type is " + list));
        if (list == "set") return;
        foreach (var key in schema.List("x-kubernetes-list-map-keys")?.Strings() ?? [])
        {
            if (items.Map("properties")?.Map(key) is not { } property) continue;
            var where = $"{path}.items.properties[{key}]";
            if (property.At("default") is null && items.List("required")?.Contains(key) != true)
                errors.Add(FieldError.Required(where + ".default", "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property"));
            if (property.At("nullable") is true)
                errors.Add(FieldError.Forbidden(where + ".nullable", "this property is in x-kubernetes-list-map-keys, so it cannot be nullable"));
        }
    }
}
